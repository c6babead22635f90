/**
 * What a start does with the leases of the process before it (ENGINE.md 3.2): claimed without the mark goes back to the queue - provably
 * nothing left; with the mark its fate is unknown: held and shown, or sent again with the same Message-ID, by policy.
 */
import { fromColumn, type WorkflowId } from '../../shared/ids.ts'
import type { Moment } from './context.ts'

export type Recovered = { requeued: number; uncertain: number; resent: number }
export type BootFacts = { kernelBootId: string; version: string }

/** Only the process that holds the lock may call it. Writes the boot row, its report. */
export async function recover(moment: Moment, boot: BootFacts): Promise<Recovered> {
  const { tx, now, engine } = moment
  const report: Recovered = { requeued: 0, uncertain: 0, resent: 0 }
  const open = await tx.sql
    .selectFrom('message')
    .select(['id', 'dot_at', 'enrollment_id', 'workflow_id', 'version', 'step_no', 'arrived_hour'])
    .where('status', '=', 'sending')
    .execute()
  for (const row of open) {
    const fate = row.dot_at === null ? 'requeued' : engine.uncertainSends === 'resend' ? 'resent' : 'uncertain'
    report[fate] += 1
    await tx.sql
      .updateTable('message')
      .set(({ eb }) => ({
        lease: null,
        ...(fate === 'uncertain'
          ? { status: 'uncertain', reason: 'process-ended' }
          : {
              status: 'queued',
              dot_at: null,
              not_before: now,
              ...(fate === 'resent'
                ? { doubts: eb('doubts', '+', 1), doubted_at: eb.fn.coalesce('doubted_at', 'dot_at') }
                : {}),
            }),
      }))
      .where('id', '=', row.id)
      .execute()
    if (row.enrollment_id === null || row.step_no === null) continue
    const step = { workflowId: fromColumn<WorkflowId>(row.workflow_id), version: row.version, stepNo: row.step_no }
    moment.counters.add(step, row.arrived_hour, 'message:sending', -1)
    moment.counters.add(step, row.arrived_hour, fate === 'uncertain' ? 'message:uncertain' : 'message:queued')
  }
  await tx.sql
    .insertInto('boot')
    .values({ started_at: now, kernel_boot_id: boot.kernelBootId, version: boot.version, ...report })
    .execute()
  tx.hints.messages = true
  return report
}
