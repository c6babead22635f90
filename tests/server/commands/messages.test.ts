import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DotMark } from '../../../server/commands/contract.ts'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
const open = async (options = {}) => {
  world = await createWorld(options)
  return world
}
beforeEach(() => open())
afterEach(() => world.close())

/** So many people with one queued mail each. */
async function queued(people: number): Promise<void> {
  await world.publish(twoMails())
  for (let n = 0; n < people; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  await activateSlice(world.db, world.engine, 1_000)
}
const claim = async (limit: number, lease = 'lane') =>
  world.commands('claim-messages', { accountId: await world.accountId(), limit, lease })
const markOf = (
  message: { id: DotMark['id']; messageIdHeader: string; contact: { email: string } },
  lease = 'lane',
): DotMark => ({
  id: message.id,
  lease,
  recipient: message.contact.email,
  messageIdHeader: message.messageIdHeader,
  links: [{ no: 1, url: 'https://example.com/x' }],
})
const rows = () =>
  world.db.sql
    .selectFrom('message')
    .select(['status', 'reason', 'detail', 'dot_at', 'doubts', 'doubted_at', 'attempt'])
    .orderBy('id')
    .execute()

describe('the dot barrier', () => {
  test('marks a claimed message once, and only for its lease', async () => {
    await queued(1)
    const [message] = (await claim(10)).messages
    if (message === undefined) throw new Error('nothing claimed')
    expect(message.messageIdHeader).toBe('1.1.0.test@example.com')
    const ok = async (mark: DotMark) => (await world.commands('mark-dots', { marks: [mark] })).verdicts[0]?.ok
    expect(await ok(markOf(message, 'another'))).toBe(false)
    expect(await ok(markOf(message))).toBe(true)
    expect(await ok(markOf(message))).toBe(false)
  })

  test('refuses, and skips the mail of, a contact who unsubscribed after the claim', async () => {
    await queued(2)
    const { messages } = await claim(10)
    const [first, second] = messages
    if (first === undefined || second === undefined) throw new Error('not claimed')
    await world.commands('unsubscribe', {
      contactId: first.contact.id,
      messageId: first.id,
      topic: null,
      source: 'one-click',
      reason: null,
    })
    expect(await world.commands('recheck-message', { id: first.id, lease: 'lane' })).toEqual({ ok: false })
    const { verdicts } = await world.commands('mark-dots', { marks: [markOf(first), markOf(second)] })
    expect(verdicts.map(({ ok }) => ok)).toEqual([false, true])
    expect(await rows()).toMatchObject([{ status: 'skipped', reason: 'unsubscribed' }, { status: 'sending' }])
    // Whatever the lane reports afterwards about what is no longer its own changes nothing.
    await world.commands('finish-messages', {
      finished: [{ id: first.id, lease: 'lane', attempt: null, outcome: { kind: 'sent' } }],
    })
    expect((await rows())[0]?.status).toBe('skipped')
  })

  test('after a crash: unmarked goes back, marked is uncertain and a person decides', async () => {
    await queued(2)
    const { messages } = await claim(10)
    const [first] = messages
    if (first === undefined) throw new Error('nothing claimed')
    await world.commands('mark-dots', { marks: [markOf(first)] })
    expect(await world.recover()).toEqual({ requeued: 1, uncertain: 1, resent: 0 })
    expect(await rows()).toMatchObject([{ status: 'uncertain', reason: 'process-ended' }, { status: 'queued' }])
    await world.commands('resolve-message', { id: first.id, as: 'resend' })
    await expect(world.commands('resolve-message', { id: first.id, as: 'sent' })).rejects.toMatchObject({ status: 409 })
    await world.settle()
    expect(await rows()).toMatchObject([
      { status: 'sent', doubts: 1 },
      { status: 'sent', doubts: 0 },
    ])
    expect(world.sent[0]?.messageIdHeader).toBe(first.messageIdHeader)
  })

  test('under `resend` the same Message-ID goes out again, and the row says so', async () => {
    await world.close()
    await open({ uncertainSends: 'resend' })
    await queued(1)
    const headers: string[] = []
    world.answer = (message) => {
      headers.push(message.messageIdHeader)
      return headers.length === 1 ? 'silence' : 'accept'
    }
    await world.pass(DAY_MS)
    expect(headers).toEqual([headers[0], headers[0]])
    expect(await rows()).toMatchObject([{ status: 'sent', doubts: 1, attempt: 2 }])
  })

  test('under `resend` a second try that is refused leaves the fate of the first copy unknown, not failed', async () => {
    await world.close()
    await open({ uncertainSends: 'resend' })
    await queued(1)
    let tries = 0
    world.answer = () => (++tries === 1 ? 'silence' : 'bounce')
    await world.pass(DAY_MS)
    expect(await rows()).toMatchObject([{ status: 'uncertain', reason: 'first-copy-unknown', detail: 'bounced' }])
    expect((await rows())[0]?.dot_at).toBe((await rows())[0]?.doubted_at)
  })

  test('what may have arrived is not called skipped when its contact leaves before the second try', async () => {
    const [first] = await queued(1).then(async () => (await claim(1)).messages)
    if (first === undefined) throw new Error('nothing claimed')
    await world.commands('mark-dots', { marks: [markOf(first)] })
    await world.recover()
    await world.commands('resolve-message', { id: first.id, as: 'resend' })
    await world.commands('unsubscribe', {
      contactId: first.contact.id,
      messageId: null,
      topic: null,
      source: 'one-click',
      reason: null,
    })
    expect(await rows()).toMatchObject([{ status: 'uncertain', reason: 'first-copy-unknown', detail: 'unsubscribed' }])
  })
})

describe('what becomes of a message', () => {
  test('deferred, then sent: one attempt row each', async () => {
    await queued(1)
    let tries = 0
    world.answer = () => (++tries === 1 ? 'defer' : 'accept')
    await world.pass(DAY_MS)
    expect(await rows()).toMatchObject([{ status: 'sent', attempt: 2 }])
    const attempts = await world.db.sql.selectFrom('attempt').select(['n', 'code']).execute()
    expect(attempts).toEqual([
      { n: 1, code: 451 },
      { n: 2, code: 250 },
    ])
  })

  test('a hard bounce suppresses the address; the person goes on and each later mail says why it was not sent', async () => {
    await queued(1)
    world.answer = () => 'bounce'
    await world.pass(60 * DAY_MS)
    expect(await rows()).toMatchObject([
      { status: 'failed', reason: 'bounced' },
      { status: 'skipped', reason: 'suppressed' },
    ])
    const contact = await world.db.sql.selectFrom('contact').select('suppression').executeTakeFirstOrThrow()
    const enrollment = await world.db.sql
      .selectFrom('enrollment')
      .select(['status', 'end_reason'])
      .executeTakeFirstOrThrow()
    expect([contact, enrollment]).toEqual([{ suppression: 'hard' }, { status: 'completed', end_reason: 'completed' }])
  })

  test('a lane that stops gives back what it had not marked', async () => {
    await queued(3)
    const { messages } = await claim(3)
    const [first] = messages
    if (first === undefined) throw new Error('nothing claimed')
    await world.commands('mark-dots', { marks: [markOf(first)] })
    expect(await world.commands('release-messages', { lease: 'lane' })).toEqual({ released: 2 })
    expect((await rows()).map(({ status, attempt }) => [status, attempt])).toEqual([
      ['sending', 1],
      ['queued', 0],
      ['queued', 0],
    ])
  })

  test('opens and clicks count a message once, machines apart', async () => {
    await queued(1)
    await world.settle()
    const event = { messageId: 1 as never, linkNo: 0, url: null, userAgent: null }
    for (const machine of [true, false, false])
      await world.commands('record-message-event', { ...event, kind: 'clicked', machine })
    const counts = await world.db.sql
      .selectFrom('step_stat')
      .select(['metric', 'n'])
      .where('metric', 'like', 'clicked%')
      .orderBy('metric')
      .execute()
    expect(counts).toEqual([
      { metric: 'clicked', n: 1 },
      { metric: 'clickedMachine', n: 1 },
    ])
  })
})

describe('rates', () => {
  const limited = async (rates: { ratePerSecond: number | null; ratePerHour: number | null }) => {
    const id = await world.accountId()
    const settings = {
      kind: 'inbox',
      name: 'i',
      host: 'h',
      port: 1,
      security: 'none',
      username: '',
      maxConnections: 1,
    } as const
    await world.commands('save-account', { id, settings: { ...settings, ...rates } })
    world.setNow(world.now() + 1_000)
  }

  test('no more in any second than allowed, and it says when to come back', async () => {
    await queued(10)
    await limited({ ratePerSecond: 4, ratePerHour: null })
    const leaveAt: number[] = []
    while (leaveAt.length < 10) {
      const { messages, nextAt } = await claim(10)
      leaveAt.push(...messages.map((message) => message.leaveAt ?? 0))
      if (messages.length > 0) continue
      expect(nextAt).toBeGreaterThan(world.now())
      world.setNow(nextAt ?? 0)
    }
    const fullest = leaveAt.map((from) => leaveAt.filter((at) => at >= from && at < from + 1_000).length)
    expect(Math.max(...fullest)).toBe(4)
    expect(Math.max(...leaveAt) - Math.min(...leaveAt)).toBeLessThan(3_000)
  })

  test('a day without mail saves nothing up', async () => {
    await queued(10)
    await limited({ ratePerSecond: 4, ratePerHour: null })
    world.setNow(world.now() + DAY_MS)
    const first = await claim(10)
    expect(first.messages.length).toBeLessThanOrEqual(4)
    expect((await claim(10)).messages).toEqual([])
  })

  test('a paused account gives nothing; nothing queued says so', async () => {
    expect(await claim(10)).toEqual({ messages: [], nextAt: null })
    await queued(1)
    await world.commands('set-account-status', { id: await world.accountId(), status: 'paused', reason: 'auth' })
    expect(await claim(10)).toEqual({ messages: [], nextAt: null })
  })
})

describe('test sends', () => {
  test('go first, count nowhere, need no consent, but respect a hard suppression', async () => {
    const workflowId = await world.publish(twoMails())
    const email = { key: 'hello', locale: '', subject: 's', preheader: '', html: '', text: '', links: [] }
    const to = (address: string) => ({ to: address, email, properties: {} })
    await world.contact({ email: 'dead@example.com' })
    await world.db.sql.updateTable('contact').set({ suppression: 'hard' }).execute()
    await world.commands('queue-test-send', {
      workflowId,
      emailKey: 'hello',
      contactId: null,
      sends: [to('me@example.com'), to('Dead@example.com')],
    })
    await world.settle()
    expect(world.sent.map((sent) => sent.to)).toEqual(['me@example.com'])
    expect(await rows()).toMatchObject([{ status: 'sent' }, { status: 'skipped', reason: 'suppressed' }])
    expect(await world.db.sql.selectFrom('step_stat').selectAll().execute()).toEqual([])
  })
})
