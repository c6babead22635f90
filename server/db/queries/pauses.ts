/** Whether a workflow stands still, since when, and how far pausing or resuming it has come. */
import type { PauseJob } from '../../../shared/api/workflows.ts'
import { toApiId } from '../../../shared/ids.ts'
import type { Db } from '../open.ts'
import { isoOrNull } from './page.ts'

export type PauseState = { pausedAt: string | null; job: PauseJob | null }

export async function pauseState(db: Db, workflowId: number): Promise<PauseState> {
  const workflow = await db.sql
    .selectFrom('workflow')
    .select('paused_at')
    .where('id', '=', workflowId)
    .executeTakeFirst()
  const job = await db.sql
    .selectFrom('job')
    .select(['id', 'kind', 'done', 'total'])
    .where('workflow_id', '=', workflowId)
    .where('status', '=', 'running')
    .where('kind', 'in', ['pause-workflow', 'resume-workflow'])
    // The last one asked for is what is awaited; those before it are done first.
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return {
    pausedAt: isoOrNull(workflow?.paused_at ?? null),
    job: job === undefined ? null : { ...job, id: toApiId(job.id) },
  }
}
