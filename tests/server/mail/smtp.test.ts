import { SMTPServer } from 'smtp-server'
import { afterEach, describe, expect, test } from 'vitest'
import { createLane, type Lane } from '../../../server/mail/smtp.ts'
import type { LaneSettings } from '../../../server/mail/smtp-settings.ts'
import { type Sink, type SinkScript, startSink } from '../../support/smtp-sink.ts'

const open: { sink: Sink; lane: Lane }[] = []
afterEach(async () => {
  for (const { sink, lane } of open.splice(0)) {
    lane.close()
    await sink.close()
  }
})

async function laneTo(script: SinkScript = {}, over: Partial<LaneSettings> = {}) {
  const sink = await startSink(script)
  const lane = createLane({
    host: '127.0.0.1',
    port: sink.port,
    security: 'none',
    username: '',
    password: null,
    clientName: 'sender.test',
    ...over,
  })
  open.push({ sink, lane })
  return { sink, lane }
}

const envelope = { from: 'ana@shop.example', to: 'mai@example.com', needsSmtpUtf8: false }
const raw = Buffer.from('Subject: hello\r\n\r\n.\r\n..two dots\r\nbody\r\n')
const yes = () => Promise.resolve(true)
const quick = {
  timeouts: { greetingMs: 150, mailMs: 150, rcptMs: 150, dataMs: 150, blockMs: 150, dotMs: 150 },
}

async function send(lane: Lane, beforeDot: () => Promise<boolean> = yes, to = envelope.to) {
  const opened = await lane.open()
  if (!opened.ok) return opened.answer
  return lane.send({ ...envelope, to }, raw, beforeDot)
}

describe('a lane', () => {
  test('sends many messages over one connection, dots and all', async () => {
    const { sink, lane } = await laneTo()
    for (let i = 0; i < 20; i += 1) {
      expect(await send(lane)).toMatchObject({ kind: 'reply', stage: 'dot', code: 250, enhanced: '2.0.0' })
    }
    expect(sink.connections()).toBe(1)
    expect(sink.accepted).toHaveLength(20)
    expect(sink.accepted[0]?.raw.equals(raw)).toBe(true)
  })

  test('lets the dot leave only after the mark', async () => {
    const { sink, lane } = await laneTo()
    let acceptedAtMark = -1
    await send(lane, async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      acceptedAtMark = sink.accepted.length
      return true
    })
    expect(acceptedAtMark).toBe(0)
    expect(sink.accepted).toHaveLength(1)
  })

  const fence: [string, () => Promise<boolean>][] = [
    ['says no', () => Promise.resolve(false)],
    ['fails later', () => new Promise((_, reject) => setTimeout(() => reject(new Error('disk full')), 20))],
    [
      'throws',
      () => {
        throw new Error('thrown')
      },
    ],
    ['never answers', () => new Promise(() => undefined)],
  ]
  test.each(fence)('never completes a message whose mark %s, and goes on with the next', async (_name, mark) => {
    const { sink, lane } = await laneTo({}, quick)
    const delivery = await send(lane, mark)
    expect(['aborted', 'lost']).toContain(delivery.kind)
    expect(delivery).not.toHaveProperty('isMarked', true)
    expect(await send(lane)).toMatchObject({ kind: 'reply', code: 250 })
    expect(sink.accepted).toHaveLength(1)
    expect(sink.unfinished()).toBe(1)
  })

  test('reports a large message without a mark as unfinished too', async () => {
    const { sink, lane } = await laneTo()
    await lane.open()
    const large = Buffer.alloc(3_000_000, 'x'.repeat(70).concat('\r\n'))
    expect(await lane.send(envelope, large, () => Promise.resolve(false))).toMatchObject({ kind: 'aborted' })
    expect(sink.accepted).toHaveLength(0)
  })

  test('knows a connection lost before the mark from one lost after it', async () => {
    const before = await laneTo({ onData: () => 'drop' })
    expect(await send(before.lane)).toMatchObject({ kind: 'lost', isMarked: false })
    const after = await laneTo({ dropAfterAccept: () => true })
    expect(await send(after.lane)).toMatchObject({ kind: 'lost', stage: 'dot', isMarked: true })
    expect(after.sink.accepted).toHaveLength(1)
    expect(await send((await laneTo({ onMail: () => 'drop' })).lane)).toMatchObject({ kind: 'lost', isMarked: false })
  })

  test('never completes a message whose connection broke while the mark was on its way', async () => {
    const { sink, lane } = await laneTo()
    const delivery = await send(lane, async () => {
      sink.cut()
      await new Promise((resolve) => setTimeout(resolve, 50))
      return true
    })
    expect(delivery).toMatchObject({ kind: 'lost', stage: 'data', isMarked: false })
    expect(sink.accepted).toHaveLength(0)
  })

  const refusals: [SinkScript, object][] = [
    [{ onMail: () => '451 4.3.0 later' }, { stage: 'mail', code: 451, enhanced: '4.3.0' }],
    [{ onRcpt: () => '550 5.1.1 No such user' }, { stage: 'rcpt', code: 550, enhanced: '5.1.1' }],
    [{ onData: () => '452 4.3.1 full' }, { stage: 'data', code: 452 }],
    [{ onDot: () => '554 5.7.1 spam' }, { stage: 'dot', code: 554 }],
    [{ onRcpt: () => '421 4.3.2 closing' }, { stage: 'rcpt', code: 421 }],
    [{ onDot: () => '421 closing' }, { stage: 'dot', code: 421 }],
    [{ greeting: () => '421 busy' }, { stage: 'greeting', code: 421 }],
    [{ greeting: () => '554 no' }, { stage: 'greeting', code: 554 }],
  ]
  test.each(refusals)('tells stage and code of a refusal %#', async (script, expected) => {
    for (const extensions of [['PIPELINING'], []]) {
      const { sink, lane } = await laneTo({ ...script, extensions })
      expect(await send(lane)).toMatchObject({ kind: 'reply', ...expected })
      expect(sink.accepted).toHaveLength(0)
    }
  })

  test('keeps the connection after a refused recipient', async () => {
    const { sink, lane } = await laneTo({ onRcpt: (to) => (to === 'bad@example.com' ? '550 5.1.1 no' : '250 ok') })
    expect(await send(lane, yes, 'bad@example.com')).toMatchObject({ stage: 'rcpt', code: 550 })
    expect(await send(lane)).toMatchObject({ code: 250 })
    expect(sink.connections()).toBe(1)
  })

  test('opens a new connection after a 421', async () => {
    const { sink, lane } = await laneTo({ onMail: (_from, count) => (count === 2 ? '421 enough' : '250 ok') })
    for (const code of [250, 250, 421]) expect(await send(lane)).toMatchObject({ code })
    expect(lane.isOpen()).toBe(false)
    expect(sink.connections()).toBe(1)
  })

  const stalls: [SinkScript, string][] = [
    [{ greeting: () => 'hang' }, 'connect'],
    [{ onMail: () => 'hang' }, 'mail'],
    [{ onRcpt: () => 'hang' }, 'rcpt'],
    [{ onData: () => 'hang' }, 'data'],
    [{ onDot: () => 'hang' }, 'dot'],
  ]
  test.each(stalls)('gives up on a server that stalls %#, at %s', async (script, stage) => {
    const { lane } = await laneTo({ ...script, extensions: [] }, quick)
    expect(await send(lane)).toMatchObject({ kind: 'lost', stage, isMarked: stage === 'dot' })
  })

  test('does not give up on a server that is slow in every phase', async () => {
    const { lane } = await laneTo({ delayMs: () => 100 }, quick)
    expect(await send(lane)).toMatchObject({ code: 250 })
  })

  test('signs in, and says what a refused password was answered', async () => {
    const auth = { user: 'ana', pass: 'right' }
    const right = await laneTo({ auth }, { username: 'ana', password: 'right' })
    expect(await send(right.lane)).toMatchObject({ code: 250 })
    const wrong = await laneTo({ auth }, { username: 'ana', password: 'wrong' })
    expect(await send(wrong.lane)).toMatchObject({ kind: 'reply', stage: 'auth', code: 535 })
  })

  test('uses SMTPUTF8 where it is offered and refuses the recipient where it is not', async () => {
    const utf8 = { from: 'ana@shop.example', to: 'nguyễn@example.com', needsSmtpUtf8: true }
    const without = await laneTo({ extensions: [] })
    await without.lane.open()
    expect(await without.lane.send(utf8, raw, yes)).toMatchObject({ kind: 'unsupported' })
    const offered = await laneTo({ extensions: ['SMTPUTF8'] })
    await offered.lane.open()
    expect(await offered.lane.send(utf8, raw, yes)).toMatchObject({ code: 250 })
    expect(offered.sink.accepted[0]).toMatchObject({ to: 'nguyễn@example.com' })
    expect(offered.sink.accepted[0]?.mailCommand).toContain(' SMTPUTF8')
  })

  test('demands TLS where the account does, and takes it where it is offered', async () => {
    const { lane, sink } = await laneTo({}, { security: 'starttls' })
    expect(await send(lane)).toMatchObject({ kind: 'lost', isTls: true, isMarked: false })
    expect(sink.accepted).toHaveLength(0)

    const secured: boolean[] = []
    // Its certificate is signed by nobody.
    const server = new SMTPServer({
      authOptional: true,
      logger: false,
      onData(stream, session, answer) {
        secured.push(session.secure)
        stream.resume().on('end', () => answer(null))
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const settings = { host: '127.0.0.1', port, username: '', password: null }
    const strict = createLane({ ...settings, security: 'starttls' })
    expect(await strict.open()).toMatchObject({ ok: false, answer: { kind: 'lost', isTls: true } })
    const relaxed = createLane({ ...settings, security: 'opportunistic' })
    expect(await send(relaxed)).toMatchObject({ code: 250 })
    expect(secured).toEqual([true])
    relaxed.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })

  test('says that nobody listens', async () => {
    const { sink, lane } = await laneTo()
    await sink.close()
    expect(await send(lane)).toMatchObject({ kind: 'lost', stage: 'connect' })
  })
})
