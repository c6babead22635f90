import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../shared/time/instant.ts'
import { twoMails, welcome, workflow } from '../support/documents.ts'
import { createWorld, MONDAY, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const paths = async () => {
  const rows = await world.db.sql
    .selectFrom('step_stat')
    .select(['metric', 'n'])
    .where('metric', 'like', 'path:%')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.metric, row.n]))
}

describe('an event against the deadline', () => {
  const DEADLINE = MONDAY + 5 * DAY_MS
  beforeEach(() => world.publish(welcome()))

  test('at the same instant the event wins', async () => {
    const ada = await world.subscriber('ada@example.com')
    await world.event(ada, 'Signed up')
    await world.passUntil(DEADLINE)
    await world.event(ada, 'Order placed', {}, DEADLINE)
    await world.pass(DAY_MS)
    expect(await paths()).toEqual({ 'path:yes': 1 })
  })

  test('after the deadline it loses, within the grace too', async () => {
    const ada = await world.subscriber('ada@example.com')
    await world.event(ada, 'Signed up')
    await world.passUntil(DEADLINE + SECOND_MS)
    await world.event(ada, 'Order placed', {}, DEADLINE + 1)
    await world.pass(DAY_MS)
    expect(await paths()).toEqual({ 'path:timeout': 1, 'path:otherwise': 1 })
  })

  test('whoever commits first takes the one branch, in two hundred races', async () => {
    const people = []
    for (let n = 0; n < 200; n++) people.push(await world.subscriber(`p${n}@example.com`))
    for (const id of people) await world.event(id, 'Signed up')
    await world.passUntil(DEADLINE + SECOND_MS)
    world.setNow(DEADLINE + 2 * SECOND_MS)
    await Promise.all([
      ...people.map((id) => world.event(id, 'Order placed', {}, DEADLINE)),
      ...people.map((id) => world.event(id, 'Order placed', {}, DEADLINE)),
      world.settle(),
    ])
    await world.pass(DAY_MS)
    const found = await paths()
    expect((found['path:yes'] ?? 0) + (found['path:timeout'] ?? 0)).toBe(200)
  })
})

describe('coming in', () => {
  const ada = { email: 'ada@example.com' }
  const enroll = (id: Awaited<ReturnType<World['publish']>>) =>
    world.commands('enroll', { workflowId: id, contact: ada, properties: {} })
  const outcomes = async (calls: ReturnType<typeof enroll>[]) =>
    (await Promise.all(calls)).map((outcome) => (outcome.enrolled ? 'in' : outcome.reason))

  test('a thousand parallel enrolls of one person give one enrollment', async () => {
    const id = await world.publish(twoMails())
    await world.subscriber(ada.email)
    const all = await outcomes(Array.from({ length: 1_000 }, () => enroll(id)))
    expect(all.filter((one) => one === 'in')).toHaveLength(1)
    expect(new Set(all.filter((one) => one !== 'in'))).toEqual(new Set(['reentry']))
  })

  test('always, one at a time: refused while inside, welcome afterwards', async () => {
    const id = await world.publish(twoMails({ reentry: 'always' }))
    await world.subscriber(ada.email)
    expect(await outcomes([enroll(id), enroll(id)])).toEqual(['in', 'concurrency'])
    await world.pass(31 * DAY_MS)
    expect(await outcomes([enroll(id)])).toEqual(['in'])
    expect(await world.db.sql.selectFrom('enrollment').select('entry_no').execute()).toHaveLength(2)
  })

  test('one per cart', async () => {
    const id = await world.publish(twoMails({ reentry: 'always', concurrency: { perKey: 'cartId' } }))
    const person = await world.subscriber(ada.email)
    for (const cartId of ['a', 'a', 'b']) await world.event(person, 'Signed up', { cartId })
    await world.event(person, 'Signed up')
    const rows = await world.db.sql.selectFrom('enrollment').select('slot').where('workflow_id', '=', id).execute()
    expect(rows.map((row) => row.slot)).toEqual(['a', 'b'])
  })

  test('adding people: chunk by chunk through the same rules, and it ends', async () => {
    const id = await world.publish(twoMails({ audience: { attribute: 'plan', is: 'equals', value: 'pro' } }))
    for (let n = 0; n < 25; n++) await world.subscriber(`p${n}@example.com`, { plan: n % 5 === 0 ? 'pro' : 'free' })
    const { jobId } = await world.commands('start-adding-people', {
      workflowId: id,
      audience: null,
      contactIds: null,
      total: 25,
    })
    await world.settle()
    const job = await world.db.sql.selectFrom('job').selectAll().where('id', '=', jobId).executeTakeFirstOrThrow()
    expect(job).toMatchObject({ status: 'completed', done: 25, finished_at: world.now() })
    expect(JSON.parse(job.counts)).toEqual({ enrolled: 5, audience: 20 })
    const lanes = await world.db.sql.selectFrom('message').select('lane').distinct().execute()
    expect(lanes).toEqual([{ lane: 2 }])
  })

  test('an event of another name enrolls nobody', async () => {
    await world.publish(twoMails())
    await world.event(await world.subscriber(ada.email), 'Something else')
    expect(await world.db.sql.selectFrom('enrollment').select('id').execute()).toEqual([])
  })
})

describe('a new version', () => {
  test('people inside stay on theirs, new people get the new one', async () => {
    const id = await world.publish(twoMails())
    const old = await world.subscriber('old@example.com')
    await world.event(old, 'Signed up')
    await world.pass(DAY_MS)
    const onlyHello = workflow({
      steps: [{ id: 'first', kind: 'send-email', email: 'hello', next: null }],
      emails: ['hello'],
    })
    expect(await world.republish(id, onlyHello)).toBe(2)
    const fresh = await world.subscriber('new@example.com')
    await world.event(fresh, 'Signed up')
    await world.pass(60 * DAY_MS)
    expect(world.sent.map(({ contactId, email }) => [contactId, email])).toEqual([
      [old, 'hello'],
      [fresh, 'hello'],
      [old, 'offer'],
    ])
  })

  test('archiving lets nobody in, makes everybody leave, and nothing more is sent', async () => {
    const id = await world.publish(twoMails())
    await world.event(await world.subscriber('ada@example.com'), 'Signed up')
    await world.commands('archive-workflow', { id })
    await world.event(await world.subscriber('bob@example.com'), 'Signed up')
    await world.pass(60 * DAY_MS)
    expect(world.sent).toEqual([])
    const rows = await world.db.sql.selectFrom('enrollment').select(['status', 'end_reason']).execute()
    expect(rows).toEqual([{ status: 'exited', end_reason: 'archived' }])
  })
})

describe('what was already queued', () => {
  const queued = async () => {
    await world.publish(twoMails({ exitWhen: { event: 'Left' } }))
    const ada = await world.subscriber('ada@example.com')
    await world.event(ada, 'Signed up')
    await world.commands('set-account-status', { id: await world.accountId(), status: 'paused', reason: 'auth' })
    await world.settle()
    return ada
  }
  const resume = async () =>
    world.commands('set-account-status', { id: await world.accountId(), status: 'active', reason: null })
  const fates = () => world.db.sql.selectFrom('message').select(['status', 'reason']).execute()

  test('is skipped after an unsubscribe', async () => {
    const ada = await queued()
    await world.commands('unsubscribe', {
      contactId: ada,
      messageId: null,
      topic: 'marketing',
      source: 'page',
      reason: null,
    })
    await resume()
    await world.settle()
    expect(await fates()).toEqual([{ status: 'skipped', reason: 'unsubscribed' }])
  })

  test('is skipped after an exit rule', async () => {
    const ada = await queued()
    await world.event(ada, 'Left')
    await resume()
    await world.settle()
    expect(await fates()).toEqual([{ status: 'skipped', reason: 'exited' }])
  })

  test('is skipped when it is too late', async () => {
    await queued()
    await world.pass(2 * DAY_MS + HOUR_MS)
    await resume()
    await world.settle()
    expect(await fates()).toEqual([{ status: 'skipped', reason: 'expired' }])
  })
})
