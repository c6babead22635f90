/** The pauses a contact stood still in: of the workflows they were inside, while they were. */
import type { Kysely } from 'kysely'
import { type ContactId, partOf } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import type { Database } from '../schema.ts'

export type StoodStill = {
  pauseId: number
  at: Instant
  kind: 'enrollment.paused' | 'enrollment.resumed'
  /** A code with a sentence in the catalogue `why`, once resumed. */
  reason: string | null
  enrollmentId: number
  workflow_id: number
  version: number
}

/** Newest first, those at or before `until`, at most `take` of each kind. */
export async function findPauses(
  sql: Kysely<Database>,
  { contact, until, take }: { contact: ContactId; until: Instant; take: number },
): Promise<StoodStill[]> {
  const inside = (at: 'p.paused_at' | 'p.resumed_at') =>
    sql
      .selectFrom('enrollment as e')
      .innerJoin('workflow_pause as p', 'p.workflow_id', 'e.workflow_id')
      .select(['p.id', 'p.paused_at', 'p.resumed_at', 'p.catch_up', 'e.id as enrollment', 'e.workflow_id', 'e.version'])
      .where('e.part', '=', partOf(contact))
      .where('e.contact_id', '=', contact)
      .whereRef('p.paused_at', '>=', 'e.entered_at')
      .where((eb) => eb.or([eb('e.ended_at', 'is', null), eb(at, '<=', eb.ref('e.ended_at'))]))
      .where(at, '<=', until)
      .orderBy(at, 'desc')
      .limit(take)
      .execute()
  const [paused, resumed] = [await inside('p.paused_at'), await inside('p.resumed_at')]
  const common = (row: (typeof paused)[number]) => ({
    pauseId: row.id,
    enrollmentId: row.enrollment,
    workflow_id: row.workflow_id,
    version: row.version,
  })
  return [
    ...paused.map((row) => ({ ...common(row), at: row.paused_at, kind: 'enrollment.paused' as const, reason: null })),
    ...resumed.flatMap((row) =>
      row.resumed_at === null
        ? []
        : [
            {
              ...common(row),
              at: row.resumed_at,
              kind: 'enrollment.resumed' as const,
              reason: `resumed-${row.catch_up ?? 'shift'}`,
            },
          ],
    ),
  ]
}
