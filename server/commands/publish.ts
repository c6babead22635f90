/** Make the draft a version that never changes and let new people in by it. Enrolls nobody and moves nobody (DESIGN.md 5.7). */
import { createHash } from 'node:crypto'
import { conflict, staleDraft } from '../../shared/errors.ts'
import { forgetCaches, type Moment } from '../engine/context.ts'
import type { CommandInput, CommandOutput } from './contract.ts'
import { findWorkflow } from './workflows.ts'

export async function publish(moment: Moment, input: CommandInput<'publish'>): Promise<CommandOutput<'publish'>> {
  const { tx, now } = moment
  const workflow = await findWorkflow(moment, input.id)
  if (workflow.status === 'archived') throw conflict('The workflow is archived: restore it before publishing.')
  if (workflow.draft_revision !== input.revision) throw staleDraft(input.revision, workflow.draft_revision)
  const newest = await tx.sql
    .selectFrom('workflow_version')
    .select(({ fn }) => fn.max('version').as('version'))
    .where('workflow_id', '=', input.id)
    .executeTakeFirst()
  const version = (newest?.version ?? 0) + 1
  const plan = JSON.stringify(input.plan)
  const hash = createHash('sha256').update(plan).update(JSON.stringify(input.emails)).digest('hex')
  await tx.sql
    .insertInto('workflow_version')
    .values({
      workflow_id: input.id,
      version,
      document: workflow.draft,
      plan,
      hash,
      published_at: now,
      published_by: input.userId,
    })
    .execute()
  for (const email of input.emails) {
    await tx.sql
      .insertInto('version_email')
      .values({
        workflow_id: input.id,
        version,
        email_key: email.key,
        locale: email.locale,
        subject: email.subject,
        preheader: email.preheader,
        html: email.html,
        text: email.text,
        links: JSON.stringify(email.links),
      })
      .execute()
  }
  await tx.sql
    .updateTable('workflow')
    .set({ status: workflow.status === 'draft' ? 'live' : workflow.status, live_version: version })
    .where('id', '=', input.id)
    .execute()
  forgetCaches(moment.engine)
  tx.hints.workflows = true
  tx.hints.stats.add(input.id)
  return { version }
}
