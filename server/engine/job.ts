/** Long work as a row: what it is told, how far it has come, what one chunk of it answers. */
import type { Condition } from '../../shared/condition/schema.ts'
import type { CatchUp } from '../../shared/engine/catch-up.ts'
import { fromColumn, type JobId, type WorkflowId } from '../../shared/ids.ts'
import type { Moment } from './context.ts'

export type JobParams =
  | { kind: 'add-people'; audience: Condition | null; contactIds: readonly number[] | null }
  | { kind: 'empty-workflow'; reason: string }
  | { kind: 'pause-workflow' }
  | { kind: 'resume-workflow'; pauseId: number; catchUp: CatchUp }

export type Job = {
  id: JobId
  workflowId: WorkflowId
  cursor: number
  counts: Record<string, number>
  params: JobParams
}
/** `cursor` null: nothing is left. */
export type Chunk = { cursor: number | null; done: number }

export async function insertJob(
  { tx, now }: Moment,
  workflowId: WorkflowId,
  params: JobParams,
  total: number | null,
): Promise<JobId> {
  const row = await tx.sql
    .insertInto('job')
    .values({
      kind: params.kind,
      workflow_id: workflowId,
      status: 'running',
      params: JSON.stringify(params),
      cursor: 0,
      total,
      done: 0,
      counts: '{}',
      problem: null,
      created_at: now,
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.hints.jobs = true
  return fromColumn<JobId>(row.id)
}
