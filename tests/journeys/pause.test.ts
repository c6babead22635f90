/** Scenario S5: pausing freezes timers, resuming catches up by policy, an outage is judged by lateness. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { activateSlice } from '../../server/engine/scheduler.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time/instant.ts'
import { workflow } from '../support/documents.ts'
import { createWorld, MONDAY, type Sent, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const EMAILS = ['one', 'two', 'three', 'four']
/** Four weekly mails. */
const weekly = (settings = {}, wait: Record<string, unknown> = { for: 'P7D' }) =>
  workflow({
    settings,
    emails: EMAILS,
    steps: EMAILS.flatMap((email, index) => [
      { id: email, kind: 'send-email', email, next: index === 3 ? null : `w${index}` },
      ...(index === 3 ? [] : [{ id: `w${index}`, kind: 'wait', ...wait, next: EMAILS[index + 1] ?? null }]),
    ]),
  })

/** People who signed up spread over the week before `MONDAY + 7 days`. */
async function people(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await world.passUntil(MONDAY + Math.floor((n * 7 * DAY_MS) / count))
    await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
    await world.settle()
  }
}

const enrollments = () =>
  world.db.sql
    .selectFrom('enrollment')
    .select(['status', 'due_at', 'remaining_ms', 'step_no', 'seq'])
    .orderBy('id')
    .execute()
const messages = () =>
  world.db.sql.selectFrom('message').select(['email_key', 'status', 'reason']).orderBy('id').execute()
const status = async () => (await world.db.sql.selectFrom('workflow').select('status').executeTakeFirstOrThrow()).status
const days = (at: number) => (at - MONDAY) / DAY_MS
const sentFrom = (at: number): Sent[] => world.sent.filter((sent) => sent.at >= at)

/** The most mails any person got within any 24 hours from `at` on. */
function mostInADay(at: number): number {
  const mails = sentFrom(at)
  return Math.max(
    0,
    ...mails.map(
      (first) => mails.filter(({ to, at }) => to === first.to && at >= first.at && at < first.at + DAY_MS).length,
    ),
  )
}

describe('four weekly mails, paused for 15 days', () => {
  test('by default nothing overdue leaves, and everybody goes on where they stood, one mail a week', async () => {
    const id = await world.publish(weekly())
    await people(40)
    await world.passUntil(MONDAY + 10 * DAY_MS)
    const before = world.sent.length
    await world.commands('pause-workflow', { id })
    await world.pass(15 * DAY_MS)
    expect(world.sent).toHaveLength(before)
    expect((await enrollments()).every((row) => row.status === 'paused' && row.due_at === null)).toBe(true)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    const resumedAt = world.now()
    await world.pass(60 * DAY_MS)
    expect(mostInADay(resumedAt)).toBe(1)
    // All four mails for all, 7 days apart but for the pause.
    for (let n = 0; n < 40; n++) {
      const mine = world.sent.filter(({ to }) => to === `p${n}@example.com`)
      expect(mine.map(({ email }) => email)).toEqual(EMAILS)
      const gaps = mine.slice(1).map(({ at }, index) => Math.round((at - (mine[index]?.at ?? 0)) / DAY_MS))
      expect([...gaps].sort((a, b) => a - b)).toEqual([7, 7, 22])
    }
  })

  test('a day of the week and an hour stay what they are', async () => {
    const id = await world.publish(weekly({}, { until: { time: '09:00', days: ['mon'] } }))
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    await world.pass(3 * DAY_MS + HOUR_MS)
    await world.commands('pause-workflow', { id })
    await world.pass(15 * DAY_MS + 2 * HOUR_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.pass(60 * DAY_MS)
    expect(world.sent.map(({ at }) => days(at))).toEqual([0, 28, 35, 42])
  })

  test('a date that passed meanwhile is late by its own measure', async () => {
    const id = await world.publish(
      workflow({
        emails: ['one', 'two'],
        steps: [
          { id: 'w', kind: 'wait', until: { at: '2026-03-06T09:00:00' }, next: 'one' },
          { id: 'one', kind: 'send-email', email: 'one', next: 'week' },
          { id: 'week', kind: 'wait', for: 'P7D', next: 'two' },
          { id: 'two', kind: 'send-email', email: 'two', next: null },
        ],
      }),
    )
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    await world.pass(DAY_MS)
    await world.commands('pause-workflow', { id })
    await world.pass(15 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.pass(10 * DAY_MS)
    expect(await messages()).toMatchObject([
      { email_key: 'one', status: 'skipped', reason: 'late' },
      { email_key: 'two', status: 'sent' },
    ])
  })

  test('“send” sends what was missed, once, and goes on from there', async () => {
    const id = await world.publish(weekly())
    await people(10)
    await world.passUntil(MONDAY + 7 * DAY_MS)
    await world.commands('pause-workflow', { id })
    await world.pass(15 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'send' })
    const resumedAt = world.now()
    await world.settle()
    expect(sentFrom(resumedAt)).toHaveLength(10)
    await world.pass(60 * DAY_MS)
    expect(mostInADay(resumedAt)).toBe(1)
    expect(world.sent.filter(({ to }) => to === 'p3@example.com').map(({ email }) => email)).toEqual(EMAILS)
  })

  test('“skip” leaves out what was missed, says so, and the people go on', async () => {
    const id = await world.publish(weekly({ maxLateness: 'P30D' }))
    await people(10)
    await world.passUntil(MONDAY + 7 * DAY_MS)
    await world.commands('pause-workflow', { id })
    await world.pass(15 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'skip' })
    const resumedAt = world.now()
    await world.pass(HOUR_MS)
    expect(sentFrom(resumedAt)).toEqual([])
    expect((await messages()).filter(({ reason }) => reason === 'missed-in-pause')).toHaveLength(10)
    await world.pass(60 * DAY_MS)
    expect(world.sent.filter(({ to }) => to === 'p3@example.com').map(({ email }) => email)).toEqual([
      'one',
      'three',
      'four',
    ])
    expect(mostInADay(resumedAt)).toBe(1)
  })
})

describe('mail that was queued when the pause came', () => {
  async function queuedThenPaused(settings = {}) {
    const id = await world.publish(weekly(settings))
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    world.answer = () => 'defer'
    await world.settle()
    world.answer = () => 'accept'
    await world.commands('pause-workflow', { id })
    return id
  }

  test('is held, and looked at once, however often a sender asks', async () => {
    await queuedThenPaused()
    await world.pass(DAY_MS)
    expect(world.sent).toEqual([])
    const accountId = await world.accountId()
    const claim = await world.commands('claim-messages', { accountId, limit: 10, lease: 'again' })
    expect(claim).toEqual({ messages: [], nextAt: null })
  })

  test.each([
    ['shift', 1, 'sent'],
    ['shift', 15, 'skipped'],
    ['send', 15, 'sent'],
    ['skip', 1, 'skipped'],
  ] as const)('resumed by %s after %i days it is %s', async (catchUp, pausedDays, expected) => {
    const id = await queuedThenPaused()
    await world.pass(pausedDays * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp })
    await world.settle()
    expect((await messages())[0]).toMatchObject({ email_key: 'one', status: expected })
  })

  test('claimed before the pause and not marked yet, it goes back and is held', async () => {
    const id = await world.publish(weekly())
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    await activateSlice(world.db, world.engine, 10)
    const accountId = await world.accountId()
    const { messages: claimed } = await world.commands('claim-messages', { accountId, limit: 1, lease: 'l' })
    await world.commands('pause-workflow', { id })
    const [message] = claimed
    expect(message).toBeDefined()
    if (message === undefined) return
    expect(await world.commands('recheck-message', { id: message.id, lease: 'l' })).toEqual({ ok: false })
    await world.pass(DAY_MS)
    expect(world.sent).toEqual([])
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.settle()
    expect(world.sent.map(({ email }) => email)).toEqual(['one'])
  })

  test('and a date that passed meanwhile do not come together', async () => {
    const id = await world.publish(
      workflow({
        emails: ['one', 'two'],
        settings: { maxLateness: 'P5D' },
        steps: [
          { id: 'one', kind: 'send-email', email: 'one', next: 'w' },
          { id: 'w', kind: 'wait', until: { at: '2026-03-03T09:00:00' }, next: 'two' },
          { id: 'two', kind: 'send-email', email: 'two', next: null },
        ],
      }),
    )
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    await activateSlice(world.db, world.engine, 10)
    await world.commands('pause-workflow', { id })
    await world.pass(3 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.pass(10 * DAY_MS)
    expect(world.sent.map(({ email, at }) => [email, days(at)])).toEqual([
      ['one', 3],
      ['two', 4],
    ])
  })

  test('does not stay behind when the workflow is put away', async () => {
    const id = await queuedThenPaused()
    await world.pass(DAY_MS)
    await world.commands('archive-workflow', { id })
    await world.pass(DAY_MS)
    expect((await messages()).map(({ status }) => status)).toEqual(['skipped'])
    expect((await enrollments()).map(({ status }) => status)).toEqual(['exited'])
  })
})

describe('while a workflow is paused', () => {
  test('events are kept, let nobody in and complete no wait; what happened counts after the pause', async () => {
    const id = await world.publish(
      workflow({
        emails: ['hello'],
        steps: [
          {
            id: 'until',
            kind: 'wait-until',
            paths: [
              { id: 'yes', label: 'Ordered', when: { event: 'Order placed', within: 'since-entry' }, next: null },
            ],
            timeout: { after: 'P3D', next: 'mail' },
          },
          { id: 'mail', kind: 'send-email', email: 'hello', next: null },
        ],
      }),
    )
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    await world.event(ada, 'Signed up')
    await world.settle()
    await world.commands('pause-workflow', { id })
    await world.event(ada, 'Order placed')
    await world.event(bob, 'Signed up')
    await world.settle()
    expect(await enrollments()).toMatchObject([{ status: 'paused', step_no: 1 }])
    expect(await world.commands('enroll', { workflowId: id, contact: { id: bob }, properties: {} })).toEqual({
      enrolled: false,
      reason: 'paused',
    })
    await world.pass(10 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.pass(10 * DAY_MS)
    expect(world.sent).toEqual([])
    expect(await enrollments()).toMatchObject([{ status: 'completed' }])
  })

  test('exit rules still act, before and after people have been frozen', async () => {
    const id = await world.publish(weekly({ exitWhen: { event: 'Left' } }))
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    for (const who of [ada, bob]) await world.event(who, 'Signed up')
    await world.settle()
    await world.commands('pause-workflow', { id })
    await world.event(ada, 'Left')
    await world.pass(DAY_MS)
    await world.event(bob, 'Left')
    expect((await enrollments()).map((row) => row.status)).toEqual(['exited', 'exited'])
  })

  test('a new version is for those who come after it; who is inside keeps theirs', async () => {
    const id = await world.publish(weekly())
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    await world.event(ada, 'Signed up')
    await world.settle()
    await world.commands('pause-workflow', { id })
    await world.republish(id, weekly({}, { for: 'P1D' }))
    expect(await status()).toBe('paused')
    await world.pass(3 * DAY_MS)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.settle()
    await world.event(bob, 'Signed up')
    await world.pass(7 * DAY_MS)
    expect(world.sent.filter(({ to }) => to === 'ada@example.com').map(({ at }) => days(at))).toEqual([0, 10])
    expect(world.sent.filter(({ to }) => to === 'bob@example.com').map(({ at }) => days(at))).toEqual([3, 4, 5, 6])
  })

  test('“Add people” that was under way waits until it goes on', async () => {
    const id = await world.publish(weekly())
    await people(3)
    const more = []
    for (let n = 0; n < 5; n++) more.push(await world.subscriber(`more${n}@example.com`))
    await world.commands('start-adding-people', { workflowId: id, audience: null, contactIds: more, total: 5 })
    await world.commands('pause-workflow', { id })
    await world.pass(HOUR_MS)
    expect(await enrollments()).toHaveLength(3)
    await world.commands('resume-workflow', { id, catchUp: 'shift' })
    await world.settle()
    expect(await enrollments()).toHaveLength(8)
  })

  test('pausing twice is pausing once', async () => {
    const id = await world.publish(weekly())
    await people(3)
    await world.commands('pause-workflow', { id })
    await world.pass(DAY_MS)
    expect(await world.commands('pause-workflow', { id })).toEqual({ status: 'paused', jobId: null })
    const pauses = await world.db.sql.selectFrom('workflow_pause').selectAll().execute()
    expect(pauses).toHaveLength(1)
    await expect(world.commands('resume-workflow', { id: 99 as never, catchUp: 'shift' })).rejects.toMatchObject({
      status: 404,
    })
  })
})

describe('a server that was stopped for 15 days', () => {
  test('sends nothing older than the workflow allows, and one mail a week from then on', async () => {
    await world.publish(weekly())
    await people(20)
    await world.passUntil(MONDAY + 10 * DAY_MS)
    const startedAt = MONDAY + 25 * DAY_MS
    world.setNow(startedAt)
    await world.pass(HOUR_MS)
    expect(sentFrom(startedAt)).toEqual([])
    const late = (await messages()).filter(({ status }) => status === 'skipped')
    expect(late).toHaveLength(20)
    expect(new Set(late.map(({ reason }) => reason))).toEqual(new Set(['late']))
    await world.pass(60 * DAY_MS)
    expect(mostInADay(startedAt)).toBe(1)
  })

  test('sends what is inside the lateness allowed, once', async () => {
    await world.publish(weekly({ maxLateness: 'P20D' }))
    await people(5)
    world.setNow(MONDAY + 25 * DAY_MS)
    await world.pass(30 * MINUTE_MS)
    expect(sentFrom(MONDAY + 25 * DAY_MS)).toHaveLength(5)
    await world.pass(60 * DAY_MS)
    expect(mostInADay(MONDAY + 25 * DAY_MS)).toBe(1)
  })
})
