/** Take back mail that has not left: queued, deferred, and claimed rows whose dot mark was not written (their lane will let go). */
import type { ContactId, MessageId, Part, WorkflowId } from '../../shared/ids.ts'
import { fromColumn } from '../../shared/ids.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { isReady } from '../db/statuses.ts'
import type { Moment } from './context.ts'
import { endOf, FIRST_COPY } from './doubt.ts'

export type Withdrawn =
  | { kind: 'enrollment'; enrollment: Pick<LiveEnrollment, 'id' | 'part' | 'contactId'> }
  /** `marketingOnly` leaves transactional mail and tests alone. */
  | { kind: 'contact'; part: Part; contactId: ContactId; marketingOnly: boolean }

export async function withdrawMessages(moment: Moment, which: Withdrawn, reason: string): Promise<number> {
  const { tx, counters, now } = moment
  const contact = which.kind === 'enrollment' ? which.enrollment : { part: which.part, contactId: which.contactId }
  let query = tx.sql
    .selectFrom('message')
    .select(['id', 'status', 'workflow_id', 'version', 'step_no', 'arrived_hour', 'enrollment_id', 'doubts'])
    .where('part', '=', contact.part)
    .where('contact_id', '=', contact.contactId)
    .where((where) => where.or([isReady(), where.and([where('status', '=', 'sending'), where('dot_at', 'is', null)])]))
  if (which.kind === 'enrollment') query = query.where('enrollment_id', '=', which.enrollment.id)
  else if (which.marketingOnly) query = query.where('lane', 'in', [1, 2])
  const rows = await query.execute()
  if (rows.length === 0) return 0
  for (const row of rows) {
    if (row.enrollment_id === null || row.step_no === null) continue
    const step = { workflowId: fromColumn<WorkflowId>(row.workflow_id), version: row.version, stepNo: row.step_no }
    counters.add(step, row.arrived_hour, `message:${row.status}`, -1)
    counters.add(step, row.arrived_hour, `message:${endOf(row, 'skipped')}`)
  }
  const idsWhere = (isDoubted: boolean) =>
    rows.filter(({ doubts }) => doubts > 0 === isDoubted).map((row) => fromColumn<MessageId>(row.id))
  await tx.sql
    .updateTable('message')
    .set({ status: 'skipped', reason, lease: null, finished_at: now })
    .where('id', 'in', idsWhere(false))
    .execute()
  await tx.sql
    .updateTable('message')
    .set((eb) => ({
      status: 'uncertain',
      reason: FIRST_COPY,
      detail: reason,
      lease: null,
      dot_at: eb.ref('doubted_at'),
    }))
    .where('id', 'in', idsWhere(true))
    .execute()
  return rows.length
}
