import { afterEach, describe, expect, test } from 'vitest'
import type { SendingAccount } from '../../../server/outbox/reads.ts'
import type { Sender, SenderOptions } from '../../../server/outbox/sender.ts'
import { type Sink, type SinkScript, startSink, until } from '../../support/smtp-sink.ts'
import { account, claimed, type FakeOutbox, fakeOutbox, fakeReads, senderFor } from './fake-outbox.ts'

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
  prepare?: (outbox: FakeOutbox) => void
}
async function start(script: SinkScript = {}, { messages = 1, settings = {}, options = {}, prepare }: Setup = {}) {
  const sink = await startSink(script)
  const outbox = fakeOutbox(Date.now)
  outbox.accounts.push(account(sink.port, settings))
  outbox.add(messages)
  prepare?.(outbox)
  const sender = senderFor(outbox, options)
  running.push({ sink, sender })
  return { sink, outbox, sender }
}
const REF = { workflowId: claimed(1).workflowId, version: 1, key: 'hello' }
const settled = (outbox: FakeOutbox, status: string, count: number) =>
  until(
    () => outbox.count(status) === count,
    `${count} ${status}, got ${outbox.rows.map((row) => row.status).join(',')}`,
  )
const only = (outbox: FakeOutbox) => outbox.rows[0]?.outcomes[0]

describe('the sender', () => {
  test('sends everything once, over as many connections as the account may have', async () => {
    const { sink, outbox } = await start({ delayMs: () => 1 }, { messages: 200 })
    await settled(outbox, 'sent', 200)
    expect(sink.accepted).toHaveLength(200)
    expect(new Set(sink.accepted.map((mail) => mail.to)).size).toBe(200)
    expect(sink.connections()).toBeLessThanOrEqual(3)
    expect(outbox.rows.every((row) => row.isMarked)).toBe(true)
  })

  test('never claims more than twice its connections, and drains marks of several lanes together', async () => {
    const { outbox } = await start({ delayMs: () => 2 }, { messages: 100, settings: { maxConnections: 5 } })
    await settled(outbox, 'sent', 100)
    const limits = outbox.calls.flatMap(({ name, input }) =>
      name === 'claim-messages' && typeof input === 'object' && input !== null && 'limit' in input
        ? [Number(input.limit)]
        : [],
    )
    expect(Math.max(...limits)).toBeLessThanOrEqual(10)
    expect(outbox.calls.filter(({ name }) => name === 'mark-dots').length).toBeLessThan(100)
  })

  test('sends what comes later as soon as it is woken', async () => {
    const { outbox, sender } = await start({}, { messages: 1, options: { pollMs: 5_000 } })
    await settled(outbox, 'sent', 1)
    outbox.add(1)
    sender.wake()
    await settled(outbox, 'sent', 2)
  })

  test('lets a message go whose contact unsubscribed between claim and dot', async () => {
    const { sink, outbox } = await start(
      {},
      {
        messages: 2,
        prepare: (fake) => {
          fake.override['mark-dots'] = (input) =>
            Promise.resolve({ verdicts: input.marks.map(({ id }) => ({ id, ok: id !== 1 })) })
        },
      },
    )
    await settled(outbox, 'sent', 1)
    expect(sink.accepted.map((mail) => mail.to)).toEqual(['person2@example.com'])
    expect(outbox.rows[0]?.outcomes).toEqual([])
    expect(sink.unfinished()).toBe(1)
  })

  test('puts a message back whose mark could not be written', async () => {
    let failures = 0
    const { sink, outbox } = await start(
      {},
      {
        prepare: (fake) => {
          fake.override['mark-dots'] = () => (++failures > 1 ? undefined : Promise.reject(new Error('disk full')))
        },
      },
    )
    await settled(outbox, 'sent', 1)
    expect(only(outbox)?.outcome.kind).toBe('requeue')
    expect(sink.accepted).toHaveLength(1)
  })

  test('checks an old claim again and lets go of what was skipped meanwhile', async () => {
    const { sink, outbox } = await start(
      { greeting: () => '220 slow', delayMs: () => 0 },
      {
        options: { now: () => Date.now() },
        prepare: (fake) => {
          fake.override['recheck-message'] = () => Promise.resolve({ ok: false })
          const claim = fake.commands
          fake.commands = async (name, input) => {
            const output = await claim(name, input)
            if (name === 'claim-messages') await new Promise((resolve) => setTimeout(resolve, 520))
            return output
          }
        },
      },
    )
    await until(() => outbox.calls.some(({ name }) => name === 'recheck-message'), 'a recheck')
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(sink.accepted).toHaveLength(0)
    expect(outbox.rows[0]?.outcomes).toEqual([])
  })

  test('requeues what was lost before the dot and holds what was lost after it', async () => {
    let drops = 0
    const before = await start({ onData: () => (++drops > 1 ? '354 go' : 'drop') })
    await settled(before.outbox, 'sent', 1)
    expect(before.outbox.rows[0]?.outcomes.map(({ outcome }) => outcome.kind)).toEqual(['requeue', 'sent'])
    expect(before.sink.accepted).toHaveLength(1)

    const after = await start({ dropAfterAccept: () => true })
    await settled(after.outbox, 'uncertain', 1)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect(after.sink.accepted).toHaveLength(1)
    expect(only(after.outbox)).toMatchObject({ attempt: { stage: 'dot', code: null }, outcome: { kind: 'uncertain' } })
  })

  test('sends again what was marked while its connection broke: no dot had left', async () => {
    let marks = 0
    const cut: { sink: Sink | null } = { sink: null }
    const { sink, outbox } = await start(
      {},
      {
        prepare: (fake) => {
          const commands = fake.commands
          fake.commands = async (name, input) => {
            const output = await commands(name, input)
            if (name === 'mark-dots' && ++marks === 1) {
              cut.sink?.cut()
              await new Promise((resolve) => setTimeout(resolve, 50))
            }
            return output
          }
        },
      },
    )
    cut.sink = sink
    await settled(outbox, 'sent', 1)
    expect(outbox.rows[0]?.outcomes.map(({ outcome }) => outcome)).toMatchObject([
      { kind: 'requeue', isUnsent: true },
      { kind: 'sent' },
    ])
    expect(sink.accepted).toHaveLength(1)
  })

  test('defers a 4xx by the retry list, and gives up at its end', async () => {
    const { outbox } = await start({ onRcpt: () => '451 4.3.0 later' }, { options: { retryMs: [1, 1] } })
    await settled(outbox, 'failed', 1)
    const row = outbox.rows[0]
    expect(row?.outcomes.map(({ outcome }) => outcome.kind)).toEqual(['deferred', 'deferred', 'failed'])
    expect(row?.outcomes.at(-1)).toMatchObject({ outcome: { reason: 'too-many-tries', hardBounce: false } })
    expect(row?.outcomes[0]).toMatchObject({ attempt: { stage: 'rcpt', code: 451, enhanced: '4.3.0' } })
  })

  test('waits as long as the list says', async () => {
    const { outbox } = await start({ onRcpt: () => '450 greylisted' })
    const before = Date.now()
    await settled(outbox, 'deferred', 1)
    expect((outbox.rows[0]?.notBefore ?? 0) - before).toBeGreaterThanOrEqual(60_000)
  })

  test('fails a 5xx at once, and one bad recipient stops nobody else', async () => {
    const { sink, outbox } = await start(
      { onRcpt: (to) => (to.startsWith('person2@') ? '550 5.1.1 No such user' : '250 ok') },
      { messages: 3 },
    )
    await settled(outbox, 'sent', 2)
    await settled(outbox, 'failed', 1)
    expect(outbox.rows[1]?.outcomes).toMatchObject([{ outcome: { reason: 'recipient-unknown', hardBounce: true } }])
    expect(sink.accepted).toHaveLength(2)
  })

  test('slows the account down after a 421 and sends the rest over new connections', async () => {
    let said = false
    const { sink, outbox } = await start(
      {
        onMail: (_from, count) => {
          if (count < 10 || said) return '250 ok'
          said = true
          return '421 4.7.0 too fast'
        },
      },
      { messages: 20, settings: { maxConnections: 1 } },
    )
    await settled(outbox, 'sent', 19)
    await settled(outbox, 'deferred', 1)
    expect(sink.connections()).toBe(2)
    expect(outbox.calls.filter(({ name }) => name === 'slow-account')).toHaveLength(1)
  })

  test('pauses the account when the password is refused, and bounces nobody', async () => {
    const { sink, outbox } = await start(
      { auth: { user: 'ana', pass: 'right' } },
      { messages: 5, settings: { username: 'ana', passwordSealed: 'wrong' } },
    )
    await until(() => outbox.accounts[0]?.isActive === false, 'a paused account')
    await settled(outbox, 'queued', 5)
    expect(sink.accepted).toHaveLength(0)
    const pause = outbox.calls.find(({ name }) => name === 'set-account-status')
    expect(pause?.input).toMatchObject({
      status: 'paused',
      reason: 'auth-refused',
      response: expect.stringContaining('535'),
    })
    expect(outbox.rows.flatMap((row) => row.outcomes.map(({ outcome }) => outcome.kind))).not.toContain('failed')

    const [paused] = outbox.accounts
    const { state } = account(0)
    const resumed = { isActive: true, isPausedByItself: false, passwordSealed: 'right', state }
    if (paused !== undefined) outbox.accounts[0] = { ...paused, ...resumed }
    await settled(outbox, 'sent', 5)
  })

  test('backs off from a dead server without harm to the mail', async () => {
    const { sink, outbox } = await start({ greeting: () => 'drop' }, { messages: 5 })
    await until(() => sink.connections() > 0, 'a connection')
    await settled(outbox, 'queued', 5)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(sink.connections()).toBeLessThanOrEqual(3)
    expect(outbox.rows.every((row) => row.attempt === 0)).toBe(true)
  })

  test('skips what cannot be rendered and goes on', async () => {
    const { sink, outbox } = await start(
      {},
      {
        messages: 4,
        settings: { maxConnections: 1 },
        prepare: (fake) => {
          const row = fake.rows[1]
          if (row !== undefined) row.message = { ...row.message, contact: { ...row.message.contact, attributes: {} } }
          const other = fake.rows[2]
          if (other !== undefined)
            other.message = { ...other.message, contact: { ...other.message.contact, email: 'a b@x' } }
        },
      },
    )
    await settled(outbox, 'sent', 2)
    await settled(outbox, 'skipped', 1)
    await settled(outbox, 'failed', 1)
    expect(outbox.rows[1]?.outcomes).toMatchObject([
      { outcome: { kind: 'skipped', reason: 'missing-variable', detail: 'contact.first_name' } },
    ])
    expect(sink.accepted).toHaveLength(2)
  })

  test('tries again later when what it needs cannot be read, and in the end says so', async () => {
    let failures = 0
    const broken = await start(
      {},
      {
        options: { retryMs: [1, 1] },
        prepare: (outbox) => {
          const reads = fakeReads(outbox.accounts)
          const email = () => (++failures > 1 ? reads.email(REF, null) : Promise.reject(new Error('disk I/O error')))
          outbox.reads = { ...reads, email }
        },
      },
    )
    await settled(broken.outbox, 'sent', 1)
    expect(broken.outbox.rows[0]?.outcomes).toMatchObject([
      { outcome: { kind: 'deferred', reason: 'internal-error' }, attempt: { response: 'Error: disk I/O error' } },
      { outcome: { kind: 'sent' } },
    ])
  })

  test('gives back what it has not sent when it stops', async () => {
    const { sink, outbox, sender } = await start({ onDot: () => 'hang' }, { messages: 20, options: { graceMs: 100 } })
    await until(() => sink.commands.filter((line) => line.startsWith('DATA')).length === 3, 'three on the wire')
    await sender.stop()
    expect(outbox.count('uncertain')).toBe(3)
    expect(outbox.count('queued')).toBe(17)
    expect(outbox.rows.every((row) => row.lease === null)).toBe(true)
  })

  test('writes results again until they are written', async () => {
    let failures = 0
    const { outbox } = await start(
      {},
      {
        prepare: (fake) => {
          fake.override['finish-messages'] = () => (++failures > 1 ? undefined : Promise.reject(new Error('disk full')))
        },
      },
    )
    await settled(outbox, 'sent', 1)
    expect(failures).toBe(2)
  })

  test('sends the same bytes again on a retry, but for the date', async () => {
    const seen: string[] = []
    const { outbox } = await start(
      {
        onDot: (_to, raw) => {
          seen.push(raw.toString('latin1'))
          return seen.length === 1 ? '451 later' : '250 ok'
        },
      },
      { options: { retryMs: [1_100] } },
    )
    await settled(outbox, 'sent', 1)
    const [first = '', second = ''] = seen
    expect(first).not.toBe(second)
    expect(first.replace(/^Date: .*$/m, '')).toBe(second.replace(/^Date: .*$/m, ''))
  })

  test('delivers to the embedded inbox when that is the account', async () => {
    const sink = await startSink()
    const outbox = fakeOutbox(Date.now)
    outbox.accounts.push(account(0, { kind: 'inbox', host: '' }))
    outbox.add(1)
    const sender = senderFor(outbox, { inbox: { host: '127.0.0.1', port: sink.port } })
    running.push({ sink, sender })
    await settled(outbox, 'sent', 1)
  })
})
