/**
 * Mail of a paused workflow is held: put aside in the outbox, behind everything that may leave, until the workflow goes on or is put away.
 * The claim holds what it comes upon, once, so that nothing is looked at again and again; a resume gives the row its time back.
 */
import { sql } from 'kysely'
import { fromColumn, type MessageId, type WorkflowId } from '../../shared/ids.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Moment } from './context.ts'

/** Year 9999: no message is meant for later. */
export const HELD_UNTIL: Instant = 253_370_764_800_000

export async function holdMessages({ tx }: Moment, ids: readonly MessageId[]): Promise<void> {
  if (ids.length === 0) return
  await tx.sql
    .updateTable('message')
    .set((eb) => ({ held_from: eb.ref('not_before'), not_before: HELD_UNTIL }))
    .where('id', 'in', ids)
    .where('not_before', '<', HELD_UNTIL)
    .execute()
}

/** Up to `limit` held messages of a workflow go back to where they stood. Answers how many; fewer than `limit`: all. */
export async function releaseHeld({ tx }: Moment, workflowId: WorkflowId, limit: number): Promise<number> {
  const rows = await tx.sql
    .selectFrom('message')
    .select('id')
    .where('workflow_id', '=', workflowId)
    .where('held_from', 'is not', null)
    .orderBy('id')
    .limit(limit)
    .execute()
  if (rows.length === 0) return 0
  await tx.sql
    .updateTable('message')
    .set((eb) => ({
      // One that has ended meanwhile keeps what it says.
      not_before: sql<number>`CASE WHEN status IN ('queued', 'deferred') THEN ${eb.ref('held_from')} ELSE ${eb.ref('not_before')} END`,
      held_from: null,
    }))
    .where(
      'id',
      'in',
      rows.map(({ id }) => fromColumn<MessageId>(id)),
    )
    .execute()
  tx.hints.messages = true
  return rows.length
}
