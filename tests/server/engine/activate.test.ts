import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ActivationWrites, Store } from '../../../server/db/hot/store.ts'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { transact } from '../../../server/engine/transact.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { testDialect } from '../../support/database.ts'
import { twoMails, workflow } from '../../support/documents.ts'
import { failingUpdate } from '../../support/failing-update.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

async function enrolled(people: number): Promise<void> {
  await world.publish(twoMails())
  for (let n = 0; n < people; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
}
/** Whether this was a write of rows of these enrollments. */
type Sabotage = (writes: ActivationWrites) => void
function sabotaged(sabotage: Sabotage): World['db'] {
  const spoiled = (store: Store): Store => ({
    ...store,
    async writeActivations(writes) {
      const hit = await store.writeActivations(writes)
      sabotage(writes)
      return hit
    },
  })
  return { ...world.db, storeIn: (sql) => spoiled(world.db.storeIn(sql)) }
}
const statuses = async () => {
  const rows = await world.db.sql
    .selectFrom('enrollment')
    .select(['id', 'status', 'error', 'seq', 'step_no'])
    .orderBy('id')
    .execute()
  return rows
}

describe('one slice', () => {
  test('moves everybody who is due and queues their mail in one transaction', async () => {
    await enrolled(5)
    const slice = await activateSlice(world.db, world.engine, 100)
    expect(slice).toMatchObject({ activated: 5, failed: 0, claimed: 5, nextDueAt: MONDAY + 30 * DAY_MS })
    expect(slice.hints.messages).toBe(true)
    expect(await world.deliver()).toBe(5)
  })

  test('a crash between the writes leaves the old state, and the next run does it once', async () => {
    await enrolled(3)
    const crash = sabotaged(() => {
      throw Object.assign(new Error('power is gone'), { name: 'Crash' })
    })
    const died = transact(crash, async (tx) => {
      const rows = await tx.store.claimDueEnrollments(MONDAY, 10)
      await tx.store.writeActivations({
        enrollments: rows.map((row) => ({ ...row, expectedSeq: row.seq, endedAt: null, endReason: null, error: null })),
        log: [],
        messages: [],
      })
    })
    await expect(died).rejects.toThrow('power is gone')
    expect((await statuses()).map((row) => row.seq)).toEqual([0, 0, 0])
    await world.settle()
    expect(world.sent).toHaveLength(3)
  })

  test('one row that cannot be written is parked with its error; everybody else goes on', async () => {
    await enrolled(9)
    const poison = sabotaged((writes) => {
      if (writes.enrollments.some((row) => row.id === 4 && row.status !== 'failed'))
        throw new Error('cannot write this one')
    })
    const slice = await activateSlice(poison, world.engine, 100)
    expect(slice).toMatchObject({ activated: 9, failed: 1 })
    const rows = await statuses()
    expect(rows.filter((row) => row.status === 'failed')).toMatchObject([
      { id: 4, error: 'Error: cannot write this one' },
    ])
    expect(rows.filter((row) => row.status === 'active')).toHaveLength(8)
  })

  test('one whose change of the contact cannot be written is parked, and everything is counted once', async () => {
    const tagged = { id: 'tag', kind: 'update-contact', addTags: ['vip'], next: null }
    await world.publish(workflow({ steps: [tagged] }))
    for (let n = 0; n < 5; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
    const slice = await activateSlice(
      failingUpdate(world.db, (id) => id === 2),
      world.engine,
      100,
    )
    expect(slice).toMatchObject({ activated: 5, failed: 1 })
    expect(slice.hints.tally.get('activations')).toBe(5)
    const stats = await world.db.sql.selectFrom('step_stat').select(['metric', 'n']).where('step_no', '=', 1).execute()
    const sum = (metric: string) =>
      stats.filter((row) => row.metric.split(':')[0] === metric).reduce((all, { n }) => all + n, 0)
    expect([sum('entered'), sum('passed'), sum('exited')]).toEqual([5, 4, 1])
  })

  // PostgreSQL takes no broken JSON in the first place.
  test.skipIf(testDialect() === 'postgres')('one contact that cannot be read is parked too', async () => {
    await enrolled(3)
    await world.db.sql.updateTable('contact').set({ attributes: '{broken' }).where('id', '=', 2).execute()
    const slice = await activateSlice(world.db, world.engine, 100)
    expect(slice).toMatchObject({ activated: 3, failed: 1 })
    expect((await statuses()).map((row) => row.status)).toEqual(['active', 'failed', 'active'])
  })

  test('the fence: a row that moved since it was read is not written', async () => {
    await enrolled(1)
    const { value: hit } = await transact(world.db, async (tx) => {
      const [row] = await tx.store.claimDueEnrollments(MONDAY, 1)
      if (row === undefined) throw new Error('nobody is due')
      const write = { ...row, expectedSeq: row.seq + 1, endedAt: null, endReason: null, error: null }
      return tx.store.writeActivations({ enrollments: [write], log: [], messages: [] })
    })
    expect(hit).toBe(0)
  })

  test('a full disk stops the slice and blames nobody', async () => {
    await enrolled(2)
    const { SqliteError } = (await import('better-sqlite3')).default
    const full = sabotaged(() => {
      throw new SqliteError('database or disk is full', 'SQLITE_FULL')
    })
    await expect(activateSlice(full, world.engine, 10)).rejects.toThrow('full')
    expect((await statuses()).map((row) => row.status)).toEqual(['active', 'active'])
  })
})
