/** A server in trouble, stage by stage, over real sockets: what becomes of the mail, and of the account. */
import { afterEach, describe, expect, test } from 'vitest'
import { createLane } from '../../../server/mail/smtp.ts'
import { RFC_TIMEOUTS, type SmtpTimeouts } from '../../../server/mail/smtp-settings.ts'
import type { SendingAccount } from '../../../server/outbox/reads.ts'
import type { Sender, SenderOptions } from '../../../server/outbox/sender.ts'
import { GOOD, KEY } from '../../support/certificates.ts'
import { type Answer, type Sink, type SinkScript, startSink, until } from '../../support/smtp-sink.ts'
import { account, type FakeOutbox, fakeOutbox, senderFor } from './fake-outbox.ts'

const running: { sink: Sink; sender: Sender }[] = []
afterEach(async () => {
  for (const { sink, sender } of running.splice(0)) {
    await sender.stop()
    await sink.close()
  }
})

type Setup = {
  messages?: number
  settings?: Partial<SendingAccount>
  options?: Partial<SenderOptions>
}
async function start(script: SinkScript, { messages = 1, settings = {}, options = {} }: Setup = {}) {
  const sink = await startSink(script)
  const outbox = fakeOutbox(Date.now)
  outbox.accounts.push(account(sink.port, { maxConnections: 1, ...settings }))
  outbox.add(messages)
  const sender = senderFor(outbox, { timeouts: SHORT, ...options })
  running.push({ sink, sender })
  return { sink, outbox, sender }
}
const SHORT: SmtpTimeouts = { greetingMs: 120, mailMs: 120, rcptMs: 120, dataMs: 120, blockMs: 200, dotMs: 120 }
const settled = (outbox: FakeOutbox, status: string, count: number) =>
  until(
    () => outbox.count(status) === count,
    `${count} ${status}, got ${outbox.rows.map((row) => row.status).join(',')}`,
    8_000,
  )
type Noted = { trouble: { code: string; response: string; retryAt: number } | null }
const noted = (outbox: FakeOutbox): Noted['trouble'][] =>
  outbox.calls.filter(({ name }) => name === 'note-account').map(({ input }) => (input as Noted).trouble)
const troubles = (outbox: FakeOutbox): (string | null)[] => noted(outbox).map((trouble) => trouble?.code ?? null)
const slowed = (outbox: FakeOutbox): number => outbox.calls.filter(({ name }) => name === 'slow-account').length
const kinds = (outbox: FakeOutbox): string[] =>
  outbox.rows.flatMap((row) => row.outcomes.map(({ outcome }) => outcome.kind))

/** Bad for the first times, then well. */
function onceOver(times: number, bad: Answer, good: Answer): () => Answer {
  let said = 0
  return () => (++said > times ? good : bad)
}

test('the time limits are those of RFC 5321 unless others are given', () => {
  const minutes = Object.fromEntries(Object.entries(RFC_TIMEOUTS).map(([phase, ms]) => [phase, ms / 60_000]))
  expect(minutes).toEqual({ greetingMs: 5, mailMs: 5, rcptMs: 5, dataMs: 2, blockMs: 3, dotMs: 10 })
})

describe('a server that is silent', () => {
  const before: [string, SinkScript, Partial<SendingAccount>][] = [
    ['at the greeting', { greeting: onceOver(1, 'hang', '220 hi') }, {}],
    ['at EHLO', { onEhlo: onceOver(1, 'hang', '250 hi') }, {}],
    [
      'at STARTTLS',
      { tls: { key: KEY, cert: GOOD }, onStartTls: onceOver(1, 'hang', '220 go') },
      { security: 'opportunistic' },
    ],
    [
      'in the handshake',
      { tls: { key: KEY, cert: GOOD }, onStartTls: onceOver(1, 'vanish', '220 go') },
      { security: 'opportunistic' },
    ],
    [
      'at AUTH',
      { auth: { user: 'a', pass: 'b' }, onAuth: onceOver(1, 'hang', '235 ok') },
      { username: 'a', passwordSealed: 'b' },
    ],
  ]
  test.each(before)(
    '%s makes the account wait; the mail leaves when it speaks again, and no try counts',
    async (_stage, script, settings) => {
      const { sink, outbox } = await start(script, { settings })
      await settled(outbox, 'sent', 1)
      expect(sink.accepted).toHaveLength(1)
      expect(troubles(outbox)[0]).toBe('silent')
      expect(troubles(outbox).at(-1)).toBeNull()
      expect(outbox.rows[0]?.attempt).toBe(1)
    },
  )

  const during: [string, SinkScript][] = [
    ['at MAIL', { onMail: onceOver(1, 'hang', '250 ok') }],
    ['at RCPT', { onRcpt: onceOver(1, 'hang', '250 ok') }],
    ['at DATA', { onData: onceOver(1, 'hang', '354 go') }],
  ]
  test.each(during)('%s loses the connection, not the mail', async (_stage, script) => {
    for (const extensions of [['PIPELINING'], []]) {
      const { sink, outbox } = await start({ ...script, extensions })
      await settled(outbox, 'sent', 1)
      expect(sink.accepted).toHaveLength(1)
      expect(kinds(outbox).slice(-1)).toEqual(['sent'])
      expect(kinds(outbox)).not.toContain('failed')
    }
  })

  test('after the final dot leaves the mail uncertain, and it is not sent again', async () => {
    const { sink, outbox } = await start({ onDot: () => 'hang' })
    await settled(outbox, 'uncertain', 1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sink.commands.filter((line) => line === 'DATA')).toHaveLength(1)
  })

  test('and reads no more in the middle of a large mail never gets its dot: the mark is not even asked for', async () => {
    const sink = await startSink({ vanishInData: () => true })
    const timeouts = { ...SHORT, greetingMs: 2_000, blockMs: 500 }
    const settings = {
      host: '127.0.0.1',
      port: sink.port,
      security: 'none',
      username: '',
      password: null,
      timeouts,
    } as const
    const lane = createLane(settings)
    await lane.open()
    let marks = 0
    const large = Buffer.alloc(20_000_000, `${'x'.repeat(70)}\r\n`)
    const delivery = await lane.send(
      { from: 'a@shop.example', to: 'b@example.com', needsSmtpUtf8: false },
      large,
      () => {
        marks += 1
        return Promise.resolve(true)
      },
    )
    expect(delivery).toMatchObject({ kind: 'lost', stage: 'data', isMarked: false, trouble: 'silent' })
    expect(marks).toBe(0)
    expect(lane.isOpen()).toBe(false)
    await sink.close()
  })
})

describe('a server that breaks the line', () => {
  const before: [string, SinkScript][] = [
    ['at the greeting', { greeting: onceOver(1, 'drop', '220 hi') }],
    ['at EHLO', { onEhlo: onceOver(1, 'drop', '250 hi') }],
    ['at MAIL', { onMail: onceOver(1, 'drop', '250 ok') }],
    ['at RCPT', { onRcpt: onceOver(1, 'drop', '250 ok') }],
    ['at DATA', { onData: onceOver(1, 'drop', '354 go') }],
  ]
  test.each(before)('%s gets the mail again, once', async (_stage, script) => {
    const { sink, outbox } = await start(script)
    await settled(outbox, 'sent', 1)
    expect(sink.accepted).toHaveLength(1)
    expect(kinds(outbox)).not.toContain('failed')
    expect(outbox.rows[0]?.attempt).toBe(1)
  })

  test('after the dot, before its answer, leaves the mail uncertain', async () => {
    const { sink, outbox } = await start({ dropAfterAccept: () => true })
    await settled(outbox, 'uncertain', 1)
    expect(sink.accepted).toHaveLength(1)
  })

  test('again and again is out of reach: the account waits instead of hammering, and says so', async () => {
    const { sink, outbox } = await start({ onMail: () => 'drop' }, { messages: 10 })
    await until(() => troubles(outbox).includes('dropped'), 'a note of trouble')
    const connections = sink.connections()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(sink.connections()).toBe(connections)
    expect(outbox.count('queued')).toBe(10)
    expect(outbox.rows.every((row) => row.attempt === 0)).toBe(true)
  })
})

describe('a server that asks for patience', () => {
  test('greylists: 451 now, 250 by the retry list', async () => {
    const { sink, outbox } = await start(
      { onRcpt: onceOver(1, '451 4.7.1 Greylisted', '250 ok') },
      { options: { retryMs: [30] } },
    )
    await settled(outbox, 'sent', 1)
    expect(kinds(outbox)).toEqual(['deferred', 'sent'])
    expect(outbox.rows[0]?.attempt).toBe(2)
    expect(sink.accepted).toHaveLength(1)
  })

  const goodbyes: [string, SinkScript][] = [
    ['the greeting', { greeting: onceOver(1, '421 4.3.2 busy', '220 hi') }],
    ['EHLO', { onEhlo: onceOver(1, '421 4.3.2 busy', '250 hi') }],
    ['MAIL', { onMail: onceOver(1, '421 4.3.2 busy', '250 ok') }],
    ['RCPT', { onRcpt: onceOver(1, '421 4.3.2 busy', '250 ok') }],
    ['DATA', { onData: onceOver(1, '421 4.3.2 busy', '354 go') }],
    ['the final dot', { onDot: onceOver(1, '421 4.3.2 busy', '250 ok') }],
  ]
  test.each(goodbyes)(
    'says 421 at %s: the line is closed, the pace halved, the mail sent later',
    async (_stage, script) => {
      const { sink, outbox } = await start(script, { options: { retryMs: [30, 30] } })
      await settled(outbox, 'sent', 1)
      expect(sink.connections()).toBeGreaterThanOrEqual(2)
      expect(slowed(outbox)).toBe(1)
      expect(sink.accepted).toHaveLength(1)
    },
  )

  test.each([
    '451 4.7.0 Too many messages',
    '454 Throttling failure: Maximum sending rate exceeded',
    '454 4.7.0 later',
    '450 slow down',
  ])('says %s: the pace is halved once, and everything is sent', async (answer) => {
    const { outbox } = await start(
      { onMail: onceOver(2, answer, '250 ok') },
      { messages: 5, options: { retryMs: [30, 30] } },
    )
    await settled(outbox, 'sent', 5)
    expect(slowed(outbox)).toBe(1)
  })
})

describe('a server that turns the account away', () => {
  const auth = { user: 'ana', pass: 'right' }
  const settings = { username: 'ana', passwordSealed: 'wrong' }
  const refusals: [string, SinkScript, Partial<SendingAccount>, string][] = [
    ['535 at AUTH', { auth }, settings, 'auth-refused'],
    ['530 at MAIL', { onMail: () => '530 5.7.0 Authentication required' }, {}, 'auth-refused'],
    [
      '530 for want of encryption',
      { onMail: () => '530 5.7.0 Must issue a STARTTLS command first' },
      {},
      'encryption-needed',
    ],
    ['no AUTH at all', {}, settings, 'auth-unavailable'],
  ]
  test.each(refusals)('with %s is paused by name; nobody is bounced', async (_what, script, over, reason) => {
    const { sink, outbox } = await start(script, { messages: 5, settings: over })
    await until(() => outbox.accounts[0]?.isActive === false, 'a paused account')
    await settled(outbox, 'queued', 5)
    const pause = outbox.calls.find(({ name }) => name === 'set-account-status')
    expect(pause?.input).toMatchObject({ status: 'paused', reason, retryAt: expect.any(Number) })
    expect(sink.accepted).toHaveLength(0)
    expect(kinds(outbox).every((kind) => kind === 'requeue')).toBe(true)
    expect(outbox.rows.every((row) => row.attempt === 0)).toBe(true)
  })

  test('is tried again by itself, and goes on when the server took the password after all', async () => {
    let isRight = false
    const script = { auth, onAuth: () => (isRight ? '235 ok' : '535 5.7.8 no') }
    const skew = { ms: 0 }
    const { outbox } = await start(script, { messages: 3, settings, options: { now: () => Date.now() + skew.ms } })
    await until(() => outbox.accounts[0]?.isActive === false, 'a paused account')
    isRight = true
    skew.ms = 61_000
    await settled(outbox, 'sent', 3)
    expect(outbox.accounts[0]?.isActive).toBe(true)
  })

  test('waits longer and longer between its tries', async () => {
    const skew = { ms: 0 }
    const { outbox } = await start({ auth }, { settings, options: { now: () => Date.now() + skew.ms } })
    const retries = () =>
      outbox.calls.flatMap(({ name, input }) =>
        name === 'set-account-status' ? [(input as { retryAt: number }).retryAt] : [],
      )
    const waits: number[] = []
    for (let tries = 1; tries <= 8; tries++) {
      await until(() => retries().length >= tries, `try ${tries}`)
      const wait = (retries()[tries - 1] ?? 0) - (Date.now() + skew.ms)
      waits.push(Math.round(wait / 60_000))
      skew.ms += wait + 1
    }
    expect(waits).toEqual([1, 1, 2, 4, 8, 16, 32, 60])
  })

  test('is left alone when a person paused it', async () => {
    const paused = { isActive: false, isPausedByItself: false }
    const { sink } = await start({}, { settings: paused })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(sink.connections()).toBe(0)
  })
})

describe('a server that answers rubbish', () => {
  const rubbish: [string, SinkScript][] = [
    ['as a greeting', { greeting: onceOver(1, 'HTTP/1.1 400 Bad Request', '220 hi') }],
    ['to MAIL', { onMail: onceOver(1, 'what?', '250 ok') }],
    ['to RCPT', { onRcpt: onceOver(1, '99 huh', '250 ok') }],
    ['to DATA', { onData: onceOver(1, '', '354 go') }],
    ['without an end', { onMail: onceOver(1, `250-${'x'.repeat(80_000)}`, '250 ok') }],
  ]
  test.each(rubbish)('%s gets the mail again over a new line', async (_where, script) => {
    const { sink, outbox } = await start(script)
    await settled(outbox, 'sent', 1)
    expect(sink.accepted).toHaveLength(1)
    expect(kinds(outbox)).not.toContain('failed')
  })

  test('after the dot leaves the mail uncertain: nobody knows what it meant', async () => {
    const { outbox } = await start({ onDot: () => 'ok then' })
    await settled(outbox, 'uncertain', 1)
  })
})

test('one bad recipient fails alone, whatever stands before and after it', async () => {
  const onRcpt = (to: string) => (to.startsWith('person3@') ? '550 5.1.1 No such user' : '250 ok')
  for (const extensions of [['PIPELINING'], []]) {
    const { sink, outbox } = await start({ onRcpt, extensions }, { messages: 6 })
    await settled(outbox, 'sent', 5)
    expect(outbox.count('failed')).toBe(1)
    expect(sink.connections()).toBe(1)
    expect(troubles(outbox).filter((code) => code !== null)).toEqual([])
  }
})
