/**
 * When the next person of one workflow wakes up. An index per workflow would be rewritten by every activation, so the head of the due
 * index is looked through, and where that is not enough the people of a small workflow. For a large one whose people all wake up later
 * the answer is a bound: nobody before `after`.
 */
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'
import { isLive } from '../statuses.ts'

/** Of the due index, and of the people of one workflow: each about a millisecond. */
const LOOKED_AT = 2_000

/** `at` is exact; null with `after` null: nobody. */
export type NextDue = { at: Instant | null; after: Instant | null }

export async function nextDueOf(db: Db, workflowId: number, people: number): Promise<NextDue> {
  if (people === 0) return { at: null, after: null }
  if (people <= LOOKED_AT) return { at: await earliestInside(db, workflowId), after: null }
  const soon = await db.sql
    .selectFrom('enrollment')
    .select(['due_at', 'workflow_id'])
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(LOOKED_AT)
    .execute()
  const first = soon.find((row) => row.workflow_id === workflowId)
  if (first !== undefined) return { at: first.due_at, after: null }
  return { at: null, after: soon.length < LOOKED_AT ? null : (soon.at(-1)?.due_at ?? null) }
}

async function earliestInside(db: Db, workflowId: number): Promise<Instant | null> {
  const row = await db.sql
    .selectFrom('enrollment')
    .select((eb) => eb.fn.min('due_at').as('at'))
    .where('workflow_id', '=', workflowId)
    // As written in the partial index `enrollment_inside`, so that it is used.
    .where(isLive())
    .executeTakeFirst()
  return row?.at ?? null
}
