/** Drafts, step numbers, archive. Publishing is in publish.ts. */
import { conflict, notFound, staleDraft } from '../../shared/errors.ts'
import { fromColumn, type WorkflowId } from '../../shared/ids.ts'
import { forgetCaches, type Moment } from '../engine/context.ts'
import { insertJob } from '../engine/job.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

export async function createWorkflow(
  { tx, now }: Moment,
  input: CommandInput<'create-workflow'>,
): Promise<CommandOutput<'create-workflow'>> {
  const row = await tx.sql
    .insertInto('workflow')
    .values({
      name: input.document.name,
      status: 'draft',
      draft: JSON.stringify(input.document),
      draft_revision: 1,
      draft_saved_at: now,
      draft_saved_by: input.userId,
      live_version: null,
      paused_at: null,
      archived_at: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: fromColumn<WorkflowId>(row.id), revision: 1 }
}

export async function findWorkflow({ tx }: Moment, id: WorkflowId) {
  const row = await tx.sql.selectFrom('workflow').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('workflow', id)
  return row
}

/** @throws staleDraft when someone saved in between */
export async function saveDraft(
  moment: Moment,
  input: CommandInput<'save-draft'>,
): Promise<CommandOutput<'save-draft'>> {
  const row = await findWorkflow(moment, input.id)
  if (row.draft_revision !== input.expectedRevision) throw staleDraft(input.expectedRevision, row.draft_revision)
  const revision = row.draft_revision + 1
  await moment.tx.sql
    .updateTable('workflow')
    .set({
      name: input.document.name,
      draft: JSON.stringify(input.document),
      draft_revision: revision,
      draft_saved_at: moment.now,
      draft_saved_by: input.userId,
    })
    .where('id', '=', input.id)
    .execute()
  return { revision, savedAt: moment.now }
}

/** The same step id always gets the same number; a number is never given to another. */
export async function allocateSteps(
  moment: Moment,
  input: CommandInput<'allocate-steps'>,
): Promise<CommandOutput<'allocate-steps'>> {
  await findWorkflow(moment, input.id)
  const rows = await moment.tx.sql
    .selectFrom('workflow_step')
    .select(['no', 'step_id'])
    .where('workflow_id', '=', input.id)
    .execute()
  const known = new Map(rows.map((row) => [row.step_id, row.no]))
  let last = Math.max(0, ...known.values())
  for (const stepId of new Set(input.stepIds)) {
    if (known.has(stepId)) continue
    last += 1
    known.set(stepId, last)
    await moment.tx.sql
      .insertInto('workflow_step')
      .values({ workflow_id: input.id, no: last, step_id: stepId })
      .execute()
  }
  return { numbers: Object.fromEntries(input.stepIds.map((stepId) => [stepId, known.get(stepId) ?? 0])) }
}

/** Nobody enters from this commit on; people inside leave, in chunks, and nothing more is sent to them. Safe to repeat. */
export async function archiveWorkflow(moment: Moment, input: CommandInput<'archive-workflow'>): Promise<null> {
  const { tx, now, engine } = moment
  const row = await findWorkflow(moment, input.id)
  if (row.status === 'archived') return null
  await tx.sql
    .updateTable('workflow')
    .set({ status: 'archived', archived_at: now, paused_at: null })
    .where('id', '=', input.id)
    .execute()
  await cancelPauseJobs(moment, input.id)
  // Without a version nobody can be inside.
  if (row.live_version !== null) {
    await insertJob(moment, input.id, { kind: 'empty-workflow', reason: 'archived' }, null)
  }
  forgetCaches(engine)
  tx.hints.stats.add(input.id)
  return null
}

/** People inside leave anyway; whether they are frozen or not yet makes no difference. */
async function cancelPauseJobs({ tx, now }: Moment, id: WorkflowId): Promise<void> {
  await tx.sql
    .updateTable('job')
    .set({ status: 'cancelled', finished_at: now })
    .where('workflow_id', '=', id)
    .where('status', '=', 'running')
    .where('kind', 'in', ['pause-workflow', 'resume-workflow'])
    .execute()
}

/**
 * As it was: live when it had a version, else a draft. Who left when it was archived does not come back.
 * @throws 409 while people are still leaving: that would throw newcomers out with them
 */
export async function restoreWorkflow(moment: Moment, input: CommandInput<'restore-workflow'>): Promise<null> {
  const row = await findWorkflow(moment, input.id)
  if (row.status !== 'archived') return null
  if (await isEmptying(moment, input.id)) {
    throw conflict('People are still leaving this workflow since it was archived. Restore it once they have left.')
  }
  await moment.tx.sql
    .updateTable('workflow')
    .set({ status: row.live_version === null ? 'draft' : 'live', archived_at: null })
    .where('id', '=', input.id)
    .execute()
  forgetCaches(moment.engine)
  return null
}

async function isEmptying({ tx }: Moment, id: WorkflowId): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('job')
    .select('id')
    .where('workflow_id', '=', id)
    .where('status', '=', 'running')
    .where('kind', '=', 'empty-workflow')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
