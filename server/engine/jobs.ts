/**
 * Long work in chunks, each one transaction that also moves the job's cursor: cancellable between chunks, and after a crash it goes on
 * where the last committed chunk ended.
 */

import { assertNever } from '../../shared/assert-never.ts'
import { type ContactId, type EnrollmentId, fromColumn, type JobId, type WorkflowId } from '../../shared/ids.ts'
import { audienceQuery } from '../db/audience.ts'
import { isStorageFailure } from '../db/errors.ts'
import type { Db } from '../db/open.ts'
import { beginMoment, type Engine, forgetCaches, type Moment, settle } from './context.ts'
import { enter } from './enroll.ts'
import { loadFacts } from './facts.ts'
import { releaseHeld } from './hold.ts'
import type { Chunk, Job, JobParams } from './job.ts'
import { freezePeople, INSIDE, thawPeople } from './pause-jobs.ts'
import { exitAll } from './react.ts'
import { type Hints, type Tx, transact } from './transact.ts'

/** People per transaction at most (ENGINE.md 3.4). */
export const CHUNK = 1_000

export type JobSlice = { worked: boolean; hints: Hints | null }

/** Work on the oldest running job, one chunk. `worked` is false when there is none. */
export async function runJobChunk(db: Db, engine: Engine, limit: number = CHUNK): Promise<JobSlice> {
  let current: JobId | null = null
  try {
    const { value, hints } = await transact(db, async (tx) => {
      const job = await nextJob(tx)
      if (job === null) return false
      current = job.id
      const moment = await beginMoment(engine, tx)
      await writeProgress(moment, job, await work(moment, job, limit))
      await settle(moment)
      return true
    })
    return { worked: value, hints }
  } catch (error) {
    // What was cached inside the transaction never happened.
    forgetCaches(engine)
    if (current === null || isStorageFailure(error)) throw error
    return failJob(db, engine, current, error)
  }
}

/**
 * Pausing, resuming and emptying first, each workflow's in the order they were asked for: a resume must find everybody frozen. Adding
 * people to a paused workflow waits until it goes on.
 */
async function nextJob(tx: Tx): Promise<Job | null> {
  const row = await tx.sql
    .selectFrom('job as j')
    .innerJoin('workflow as w', 'w.id', 'j.workflow_id')
    .select(['j.id', 'j.workflow_id', 'j.cursor', 'j.counts', 'j.params'])
    .where('j.status', '=', 'running')
    .where((eb) => eb.or([eb('j.kind', '<>', 'add-people'), eb('w.status', '<>', 'paused')]))
    .orderBy((eb) => eb.case().when('j.kind', '=', 'add-people').then(1).else(0).end())
    .orderBy('j.id')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined || row.workflow_id === null) return null
  return {
    id: fromColumn<JobId>(row.id),
    workflowId: fromColumn<WorkflowId>(row.workflow_id),
    cursor: row.cursor,
    counts: JSON.parse(row.counts) as Record<string, number>,
    params: JSON.parse(row.params) as JobParams,
  }
}

function work(moment: Moment, job: Job, limit: number): Promise<Chunk> {
  const { params } = job
  switch (params.kind) {
    case 'add-people':
      return addPeople(moment, job, params, limit)
    case 'empty-workflow':
      return emptyWorkflow(moment, job, params.reason, limit)
    case 'pause-workflow':
      return freezePeople(moment, job, limit)
    case 'resume-workflow':
      return thawPeople(moment, job, params, limit)
    default:
      return assertNever(params)
  }
}

async function addPeople(
  moment: Moment,
  job: Job,
  params: Extract<JobParams, { kind: 'add-people' }>,
  limit: number,
): Promise<Chunk> {
  const { ids, cursor } = await nextContacts(moment, job, params, limit)
  const workflow = (await moment.engine.plans.live(moment.tx)).byId.get(job.workflowId)
  const trigger = workflow?.plan.triggers.find((candidate) => candidate.kind === 'manual')
  if (workflow === undefined || trigger === undefined) {
    count(job, workflow === undefined ? 'not-live' : 'no-manual-trigger', ids.length)
    return { cursor, done: ids.length }
  }
  const { dependencies } = workflow.plan
  const subjects = ids.map((contactId) => ({ contactId, enrollment: null, dependencies }))
  const facts = await loadFacts(moment.tx, subjects)
  for (const subject of subjects) {
    const { contactId } = subject
    if (facts.contact(contactId) === null) {
      count(job, 'unknown-contact', 1)
      continue
    }
    const entered = await enter(
      moment,
      { workflow, trigger, contactId, event: null, bulk: true },
      facts.of(subject, null),
    )
    count(job, entered.enrolled ? 'enrolled' : entered.reason, 1)
  }
  return { cursor, done: ids.length }
}

async function nextContacts(
  moment: Moment,
  job: Job,
  { audience, contactIds }: Extract<JobParams, { kind: 'add-people' }>,
  limit: number,
): Promise<{ ids: ContactId[]; cursor: number | null }> {
  if (contactIds !== null) {
    const ids = contactIds.slice(job.cursor, job.cursor + limit).map((id) => fromColumn<ContactId>(id))
    const end = job.cursor + ids.length
    return { ids, cursor: end >= contactIds.length ? null : end }
  }
  const rows = await audienceQuery(moment.tx, audience, moment.now)
    .where('contact.id', '>', job.cursor)
    .orderBy('contact.id')
    .limit(limit)
    .execute()
  const ids = rows.map((row) => fromColumn<ContactId>(row.id))
  return { ids, cursor: ids.length < limit ? null : (ids.at(-1) ?? null) }
}

async function emptyWorkflow(moment: Moment, job: Job, reason: string, limit: number): Promise<Chunk> {
  const rows = await moment.tx.sql
    .selectFrom('enrollment')
    .select(['id', 'part', 'contact_id'])
    .where('workflow_id', '=', job.workflowId)
    .where('id', '>', job.cursor)
    .where(INSIDE)
    .orderBy('id')
    .limit(limit)
    .execute()
  for (const row of rows) {
    const contactId = fromColumn<ContactId>(row.contact_id)
    const live = await moment.tx.store.findLiveEnrollments(fromColumn(row.part), contactId)
    const id = fromColumn<EnrollmentId>(row.id)
    await exitAll(
      moment,
      live.filter((enrollment) => enrollment.id === id),
      reason,
    )
  }
  count(job, 'exited', rows.length)
  if (rows.length === limit) return { cursor: rows.at(-1)?.id ?? null, done: rows.length }
  // Held mail of those who had ended before: it comes to a claim, which skips it and says why.
  const released = await releaseHeld(moment, job.workflowId, limit)
  return { cursor: released < limit ? null : (rows.at(-1)?.id ?? job.cursor), done: rows.length }
}

function count(job: Job, code: string, n: number): void {
  if (n > 0) job.counts[code] = (job.counts[code] ?? 0) + n
}

async function writeProgress(moment: Moment, job: Job, chunk: Chunk): Promise<void> {
  await moment.tx.sql
    .updateTable('job')
    .set(({ eb }) => ({
      cursor: chunk.cursor ?? job.cursor,
      done: eb('done', '+', chunk.done),
      counts: JSON.stringify(job.counts),
      ...(chunk.cursor === null ? { status: 'completed', finished_at: moment.now } : {}),
    }))
    .where('id', '=', job.id)
    .execute()
}

async function failJob(db: Db, engine: Engine, id: JobId, error: unknown): Promise<JobSlice> {
  const { hints } = await transact(db, (tx) =>
    tx.sql
      .updateTable('job')
      .set({ status: 'failed', problem: String(error).slice(0, 1_000), finished_at: engine.now() })
      .where('id', '=', id)
      .execute(),
  )
  return { worked: true, hints }
}
