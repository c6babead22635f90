/** Who is behind the totals of a workflow: each passage once, by what became of it. The same rows the counters of step 0 were made of. */
import { sql } from 'kysely'
import type { StepPeople } from '../../shared/api/workflows.ts'
import { toApiId, type WorkflowId } from '../../shared/ids.ts'
import type { Db } from '../db/open.ts'
import { nameOf } from '../db/queries/contacts.ts'
import { iso, isoOrNull } from '../db/queries/page.ts'
import { LIVE } from '../db/statuses.ts'
import { pageInWindows, WINDOW } from './windows.ts'

export type WorkflowPeopleFilter = { state: string; reason: string | null; cursor: string | undefined; limit: number }

const STATUSES: Readonly<Record<string, readonly string[]>> = {
  waiting: LIVE,
  finished: ['completed'],
  passed: ['completed'],
  exited: ['exited', 'failed'],
}

/** `reason` is a key of `totals.left`; null: whatever the reason. */
export async function readWorkflowPeople(db: Db, id: WorkflowId, filter: WorkflowPeopleFilter): Promise<StepPeople> {
  const page = await pageInWindows(filter, {
    floorBelow: (below) => enrollmentFloor(db, id, below),
    rows: (floor, below, limit) => enrollmentsBetween(db, id, filter, { floor, below, limit }),
  })
  const items = page.rows.map((row) => ({
    contactId: toApiId(row.contact_id),
    email: row.email,
    name: row.attributes === null ? null : nameOf(row.attributes),
    enrollmentId: toApiId(row.id),
    at: iso(row.ended_at ?? row.entered_at),
    until: row.ended_at === null ? isoOrNull(row.due_at) : null,
    detail: row.status === 'failed' ? 'failed' : row.end_reason,
  }))
  return { items, nextCursor: page.nextCursor }
}

export async function enrollmentFloor(db: Db, id: WorkflowId, below: number): Promise<number | null> {
  const row = await db.sql
    .selectFrom((eb) =>
      eb
        .selectFrom('enrollment')
        .select('id')
        .where('workflow_id', '=', id)
        .where('id', '<', below)
        .orderBy('id', 'desc')
        .limit(WINDOW)
        .as('window'),
    )
    .select((eb) => [eb.fn.min('window.id').as('floor'), eb.fn.countAll<number>().as('n')])
    .executeTakeFirstOrThrow()
  return Number(row.n) < WINDOW ? null : Number(row.floor)
}

type Span = { floor: number; below: number; limit: number }

function enrollmentsBetween(
  db: Db,
  id: WorkflowId,
  { state, reason }: WorkflowPeopleFilter,
  { floor, below, limit }: Span,
) {
  const statuses = STATUSES[state]
  return (
    db.sql
      .selectFrom('enrollment as e')
      .leftJoin('contact as c', (join) => join.onRef('c.part', '=', 'e.part').onRef('c.id', '=', 'e.contact_id'))
      .select([
        'e.id',
        'e.contact_id',
        'e.status',
        'e.entered_at',
        'e.ended_at',
        'e.due_at',
        'e.end_reason',
        'c.email',
        'c.attributes',
      ])
      .where('e.workflow_id', '=', id)
      .where('e.id', '>=', floor)
      .where('e.id', '<', below)
      .$if(statuses !== undefined, (q) => q.where('e.status', 'in', [...(statuses ?? [])]))
      // A passage that failed is counted as `failed`, whatever its row says of the cause.
      .$if(reason !== null, (q) =>
        q.where(sql`CASE e.status WHEN 'failed' THEN 'failed' ELSE e.end_reason END`, '=', reason),
      )
      .orderBy('e.id', 'desc')
      .limit(limit)
      .execute()
  )
}
