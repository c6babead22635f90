/** Much mail in the outbox: what is urgent leaves at once, and what would make it more slows down. */
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createCrowdWatch } from '../../../server/engine/crowd.ts'
import { activateSlice, startScheduler } from '../../../server/engine/scheduler.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.publish(twoMails())
  await world.event(await world.subscriber('first@example.com'), 'Signed up')
  await activateSlice(world.db, world.engine, 1_000)
})
afterEach(() => world.close())

/** As many bulk mails again as `n`, as if the one in the outbox had been added by "Add people". */
async function fill(n: number): Promise<void> {
  const columns = sql.raw(
    'part, contact_id, enrollment_id, k, workflow_id, version, step_no, email_key, account_id, arrived_hour, status, attempt, not_before, expires_at, created_at',
  )
  await sql`
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${sql.lit(n)})
    INSERT INTO message (seq, lane, ${columns})
    SELECT 1000 + n, 2, ${columns} FROM numbers, (SELECT * FROM message ORDER BY id LIMIT 1) AS one`.execute(
    world.db.sql,
  )
}
const claim = async (limit: number) =>
  world.commands('claim-messages', { accountId: await world.accountId(), limit, lease: `lane ${limit}` })

describe('with 100,000 bulk mails queued', () => {
  test('transactional mail that comes now is claimed first, then what people did, then the bulk', async () => {
    await fill(100_000)
    await world.publish({
      ...twoMails({ messageClass: 'transactional' }),
      name: 'Receipt',
      triggers: [{ id: 't', kind: 'event', event: 'Paid' }],
    })
    await world.event(await world.subscriber('payer@example.com'), 'Paid')
    await activateSlice(world.db, world.engine, 1_000)
    const { messages } = await claim(20)
    expect(messages).toHaveLength(20)
    expect(messages[0]).toMatchObject({ messageClass: 'transactional', contact: { email: 'payer@example.com' } })
    const claimed = await world.db.sql.selectFrom('message').select('lane').where('status', '=', 'sending').execute()
    expect(claimed.map(({ lane }) => lane).sort()).toEqual([0, 1, ...Array(18).fill(2)])
    // These have no activation behind them, which closing the world would complain of.
    await world.db.close()
    world = await createWorld()
  })
})

describe('a crowded outbox', () => {
  test('is one with as many messages waiting as allowed, looked at once a second', async () => {
    let now = 0
    const isCrowded = createCrowdWatch(world.db, () => now, 5)
    expect(await isCrowded()).toBe(false)
    for (let n = 0; n < 4; n += 1) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
    await activateSlice(world.db, world.engine, 1_000)
    now += 999
    expect(await isCrowded()).toBe(false)
    now += 1
    expect(await isCrowded()).toBe(true)
    await claim(1)
    now += 1_000
    expect(await isCrowded()).toBe(false)
  })

  test('lets people in slowly, and never stops them', async () => {
    for (let n = 0; n < 60; n += 1) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
    const sizes: number[] = []
    const dueNow = async () => {
      const row = await world.db.sql
        .selectFrom('enrollment')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('due_at', '<=', world.engine.now())
        .executeTakeFirstOrThrow()
      return row.n
    }
    let left = await dueNow()
    expect(left).toBe(60)
    const scheduler = startScheduler({
      db: world.db,
      engine: world.engine,
      drained: () => Promise.resolve(),
      lastSenderAt: () => Number.NEGATIVE_INFINITY,
      onCommit: () => undefined,
      between: () => undefined,
      mayActivate: () => true,
      isCrowded: async () => {
        const still = await dueNow()
        sizes.push(left - still)
        left = still
        return true
      },
      ticks: () => performance.now(),
    })
    while ((await dueNow()) > 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await scheduler.stop()
    expect(Math.max(...sizes)).toBe(10)
  })
})
