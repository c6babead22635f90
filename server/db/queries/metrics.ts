/** Numbers for /metrics: kept totals, and counts that end at a ceiling, so that no scrape ever reads a table from end to end. */
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'
import { isReady } from '../statuses.ts'

/** Where a count by index stops: 2 to 3 ms. */
export const COUNTED_TO = 10_000
const LANES = ['transactional', 'triggered', 'bulk', 'test'] as const

/** People who stand in workflows, by what the workflow is. */
export async function enrollmentsInside(db: Db): Promise<{ active: number; paused: number }> {
  const workflows = await db.sql.selectFrom('workflow').select(['id', 'status']).execute()
  const totals = await db.sql
    .selectFrom('total')
    .select(['name', 'n'])
    .where('name', '>=', 'inside.')
    .where('name', '<', 'inside/')
    .execute()
  const inside = new Map(totals.map(({ name, n }) => [name, Number(n)]))
  const counts = { active: 0, paused: 0 }
  for (const { id, status } of workflows)
    counts[status === 'paused' ? 'paused' : 'active'] += inside.get(`inside.${id}`) ?? 0
  return counts
}

/** People who are due now; at most COUNTED_TO. */
export async function countDue(db: Db, now: Instant): Promise<number> {
  const row = await db.sql
    .selectFrom((eb) =>
      eb.selectFrom('enrollment').select('due_at').where('due_at', '<=', now).limit(COUNTED_TO).as('due'),
    )
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Waiting messages by lane, at most COUNTED_TO for each account and lane. */
export async function waitingByLane(db: Db, accounts: readonly number[]): Promise<ReadonlyMap<string, number>> {
  const waiting = new Map<string, number>()
  for (const account of accounts)
    for (const [lane, name] of LANES.entries()) {
      const row = await db.sql
        .selectFrom((eb) =>
          eb
            .selectFrom('message')
            .select('not_before')
            .where('account_id', '=', account)
            .where('lane', '=', lane)
            // Literal, as in the index of ready messages.
            .where(isReady())
            .limit(COUNTED_TO)
            .as('ready'),
        )
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      waiting.set(name, (waiting.get(name) ?? 0) + Number(row.n))
    }
  return waiting
}
