/** The chunks of pausing and resuming: freeze everybody inside, give them their time back, let their mail go. */
import { type EnrollmentId, fromColumn, type WorkflowId } from '../../shared/ids.ts'
import { isLive } from '../db/statuses.ts'
import { activateCarefully } from './activate.ts'
import { forgetCaches, type Moment } from './context.ts'
import { freeze, frozenRow, thaw } from './freeze.ts'
import { releaseHeld } from './hold.ts'
import type { Chunk, Job, JobParams } from './job.ts'
import { type EndedPause, endPause } from './pauses.ts'

/** As written in the partial index `enrollment_inside`, so that it is used. */
export const INSIDE = isLive()

export async function freezePeople(moment: Moment, job: Job, limit: number): Promise<Chunk> {
  const rows = await moment.tx.sql
    .selectFrom('enrollment')
    .select('id')
    .where('workflow_id', '=', job.workflowId)
    .where('id', '>', job.cursor)
    .where(INSIDE)
    .where('status', '=', 'active')
    .orderBy('id')
    .limit(limit)
    .execute()
  await freeze(
    moment,
    rows.map(({ id }) => ({ id: fromColumn<EnrollmentId>(id), workflowId: job.workflowId })),
  )
  return { cursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null), done: rows.length }
}

/** First those who were frozen, then their mail. The first chunk is the moment at which the workflow goes on. */
export async function thawPeople(
  moment: Moment,
  job: Job,
  { pauseId, catchUp }: Extract<JobParams, { kind: 'resume-workflow' }>,
  limit: number,
): Promise<Chunk> {
  const pause = await goOn(moment, job.workflowId, pauseId, catchUp)
  const rows = await moment.tx.sql
    .selectFrom('enrollment')
    .select(['id', 'contact_id', 'workflow_id', 'version', 'step_no', 'is_waiting', 'remaining_ms'])
    .where('workflow_id', '=', job.workflowId)
    .where('id', '>', job.cursor)
    .where(INSIDE)
    .where('status', '=', 'paused')
    .where('pause_id', '=', pauseId)
    .orderBy('id')
    .limit(limit)
    .execute()
  const frozen = rows.map(frozenRow)
  const dues = await thaw(moment, frozen, pause)
  moment.tx.hints.due = true
  if (catchUp === 'skip') {
    const missed = frozen.filter((_, index) => (dues[index] ?? pause.resumedAt) <= pause.resumedAt)
    const found = await moment.tx.store.findEnrollments(missed.map(({ id }) => id))
    const live = found.flatMap((row) => (row.status === 'active' ? [{ ...row, status: row.status }] : []))
    if (live.length > 0) await activateCarefully(moment, live, { skipsMail: true })
  }
  if (rows.length === limit) return { cursor: rows.at(-1)?.id ?? null, done: rows.length }
  const released = await releaseHeld(moment, job.workflowId, limit)
  return { cursor: released < limit ? null : (rows.at(-1)?.id ?? job.cursor), done: rows.length }
}

/** The pause ends once: a resume asked for while people were still being frozen begins when that is done. */
async function goOn(
  moment: Moment,
  workflowId: WorkflowId,
  pauseId: number,
  catchUp: EndedPause['catchUp'],
): Promise<EndedPause> {
  const { tx, now, engine } = moment
  const row = await tx.sql
    .selectFrom('workflow_pause')
    .select(['paused_at', 'resumed_at'])
    .where('id', '=', pauseId)
    .executeTakeFirstOrThrow()
  const resumedAt = row.resumed_at ?? now
  if (row.resumed_at === null) {
    await endPause(tx, pauseId, now, catchUp)
    await tx.sql
      .updateTable('workflow')
      .set({ status: 'live', paused_at: null })
      .where('id', '=', workflowId)
      .where('status', '=', 'paused')
      .execute()
    forgetCaches(engine)
    tx.hints.workflows = true
    tx.hints.stats.add(workflowId)
  }
  return { id: pauseId, pausedAt: row.paused_at, resumedAt, catchUp }
}
