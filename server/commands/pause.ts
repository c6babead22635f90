/** Stop a workflow as it stands, and set it going again by a policy (DESIGN.md 6, Pause). */
import { CATCH_UPS } from '../../shared/engine/catch-up.ts'
import { conflict } from '../../shared/errors.ts'
import { fromColumn, type JobId, type WorkflowId } from '../../shared/ids.ts'
import { isLive } from '../db/statuses.ts'
import { forgetCaches, type Moment } from '../engine/context.ts'
import { insertJob } from '../engine/job.ts'
import { insertPause } from '../engine/pauses.ts'
import type { CommandInput, CommandOutput } from './contract.ts'
import { findWorkflow } from './workflows.ts'

/** @throws 409 for a draft or an archived workflow */
export async function pauseWorkflow(
  moment: Moment,
  { id }: CommandInput<'pause-workflow'>,
): Promise<CommandOutput<'pause-workflow'>> {
  const { tx, now } = moment
  const workflow = await findWorkflow(moment, id)
  if (workflow.status === 'paused') {
    await takeBackResume(moment, id)
    return { status: 'paused', jobId: await runningJob(moment, id, 'pause-workflow') }
  }
  if (workflow.status !== 'live') throw conflict(`The workflow is ${workflow.status}; only a live one can be paused.`)
  await tx.sql.updateTable('workflow').set({ status: 'paused', paused_at: now }).where('id', '=', id).execute()
  await insertPause(tx, id, now)
  return { status: 'paused', jobId: await begin(moment, id, { kind: 'pause-workflow' }) }
}

/**
 * The job that gives people their time back also ends the pause, in its first chunk, once all jobs before it are done: whoever is not
 * frozen yet would otherwise wake up as if no pause had been. @throws 409 for a draft or an archived workflow
 */
export async function resumeWorkflow(
  moment: Moment,
  { id, catchUp }: CommandInput<'resume-workflow'>,
): Promise<CommandOutput<'resume-workflow'>> {
  const workflow = await findWorkflow(moment, id)
  if (workflow.status === 'live') return { status: 'live', jobId: await resumeRest(moment, id) }
  if (workflow.status !== 'paused') {
    throw conflict(`The workflow is ${workflow.status}; only a paused one can be resumed.`)
  }
  // Asked for twice before it began: the last word counts.
  await takeBackResume(moment, id)
  const pause = await moment.tx.sql
    .selectFrom('workflow_pause')
    .select('id')
    .where('workflow_id', '=', id)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  return { status: 'paused', jobId: await begin(moment, id, { kind: 'resume-workflow', pauseId: pause.id, catchUp }) }
}

/** The job under way, or a new one for people whom a job that failed has left behind; null when there are none. */
async function resumeRest(moment: Moment, id: WorkflowId): Promise<JobId | null> {
  const running = await runningJob(moment, id, 'resume-workflow')
  if (running !== null) return running
  const left = await moment.tx.sql
    .selectFrom('enrollment as e')
    .innerJoin('workflow_pause as p', 'p.id', 'e.pause_id')
    .select(['p.id', 'p.catch_up'])
    .where('e.workflow_id', '=', id)
    // As written in the partial index `enrollment_inside`, so that it is used.
    .where(isLive('e.status'))
    .where('e.status', '=', 'paused')
    .where('p.resumed_at', 'is not', null)
    .orderBy('e.id')
    .limit(1)
    .executeTakeFirst()
  if (left === undefined) return null
  const catchUp = CATCH_UPS.find((known) => known === left.catch_up) ?? 'shift'
  return begin(moment, id, { kind: 'resume-workflow', pauseId: left.id, catchUp })
}

async function begin(moment: Moment, id: WorkflowId, params: Parameters<typeof insertJob>[2]): Promise<JobId> {
  forgetCaches(moment.engine)
  moment.tx.hints.workflows = true
  moment.tx.hints.stats.add(id)
  return insertJob(moment, id, params, await peopleInside(moment, id))
}

/** While a workflow is paused, a resume of this pause has not begun: it ends the pause when it does. */
async function takeBackResume({ tx, now }: Moment, id: WorkflowId): Promise<void> {
  const pause = await tx.sql
    .selectFrom('workflow_pause')
    .select((eb) => eb.fn.max('id').as('id'))
    .where('workflow_id', '=', id)
    .executeTakeFirst()
  const jobs = await tx.sql
    .selectFrom('job')
    .select(['id', 'params'])
    .where('workflow_id', '=', id)
    .where('status', '=', 'running')
    .where('kind', '=', 'resume-workflow')
    .execute()
  for (const job of jobs) {
    const { pauseId } = JSON.parse(job.params) as { pauseId?: number }
    if (pauseId !== pause?.id) continue
    await tx.sql.updateTable('job').set({ status: 'cancelled', finished_at: now }).where('id', '=', job.id).execute()
  }
}

async function runningJob({ tx }: Moment, id: WorkflowId, kind: string): Promise<JobId | null> {
  const row = await tx.sql
    .selectFrom('job')
    .select('id')
    .where('workflow_id', '=', id)
    .where('status', '=', 'running')
    .where('kind', '=', kind)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : fromColumn<JobId>(row.id)
}

/** From the counters: everybody who came in and has not ended. */
async function peopleInside({ tx }: Moment, id: WorkflowId): Promise<number> {
  const rows = await tx.sql
    .selectFrom('step_stat')
    .select((eb) => ['metric', eb.fn.sum<number>('n').as('n')])
    .where('workflow_id', '=', id)
    .where('step_no', '=', 0)
    .groupBy('metric')
    .execute()
  let inside = 0
  for (const { metric, n } of rows) {
    if (metric === 'entered') inside += Number(n)
    else if (metric === 'completed' || metric === 'failed' || metric.startsWith('exited:')) inside -= Number(n)
  }
  return Math.max(0, inside)
}
