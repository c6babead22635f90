/** Let people in by hand, one or many, and make one leave. */
import type { EventFacts } from '../../shared/condition/facts.ts'
import { conflict, notFound } from '../../shared/errors.ts'
import { type ContactId, type EnrollmentId, fromColumn, type Part, type WorkflowId } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import { enter } from '../engine/enroll.ts'
import { insertJob } from '../engine/job.ts'
import type { LiveWorkflow } from '../engine/plans.ts'
import { exitAll } from '../engine/react.ts'
import { requireContact } from './contact-identity.ts'
import type { CommandInput, CommandOutput, EnrollOutcome, EntryRefusal } from './contract.ts'
import { findWorkflow } from './workflows.ts'

/** Name of the entry event that a manual entry makes of its properties. */
export const MANUAL_ENTRY = 'manual'

const REFUSALS: readonly string[] = [
  'not-live',
  'paused',
  'no-manual-trigger',
  'trigger-filter',
  'audience',
  'suppressed',
  'reentry',
  'concurrency',
  'no-key',
] satisfies EntryRefusal[]
const isRefusal = (reason: string): reason is EntryRefusal => REFUSALS.includes(reason)

export async function enroll(moment: Moment, input: CommandInput<'enroll'>): Promise<EnrollOutcome> {
  const contactId = await requireContact(moment, input.contact)
  await findWorkflow(moment, input.workflowId)
  const door = await manualDoor(moment, input.workflowId)
  if ('reason' in door) return { enrolled: false, reason: door.reason }
  const event: EventFacts = { id: null, name: MANUAL_ENTRY, occurredAt: moment.now, properties: input.properties }
  const entered = await enter(moment, { ...door, contactId, event, bulk: false })
  if (entered.enrolled) return entered
  if (!isRefusal(entered.reason)) throw new RangeError(`unknown entry refusal ${entered.reason}`)
  return { enrolled: false, reason: entered.reason }
}

type Door = Pick<Parameters<typeof enter>[1], 'workflow' | 'trigger'>

async function manualDoor(
  moment: Moment,
  id: WorkflowId,
): Promise<Door | { reason: 'not-live' | 'paused' | 'no-manual-trigger' }> {
  const live = await moment.engine.plans.live(moment.tx)
  if (live.paused.has(id)) return { reason: 'paused' }
  const workflow: LiveWorkflow | undefined = live.byId.get(id)
  if (workflow === undefined) return { reason: 'not-live' }
  const trigger = workflow.plan.triggers.find((candidate) => candidate.kind === 'manual')
  return trigger === undefined ? { reason: 'no-manual-trigger' } : { workflow, trigger }
}

const NO_DOOR = {
  'not-live': 'The workflow is not live: publish it before adding people.',
  paused: 'The workflow is paused: resume it before adding people.',
  'no-manual-trigger': 'The live version has no manual trigger: add one and publish before adding people.',
} as const

/** "Add people": a job that lets them in by the same rules. @throws 409 when the workflow cannot take them */
export async function startAddingPeople(
  moment: Moment,
  input: CommandInput<'start-adding-people'>,
): Promise<CommandOutput<'start-adding-people'>> {
  await findWorkflow(moment, input.workflowId)
  const door = await manualDoor(moment, input.workflowId)
  if ('reason' in door) {
    throw conflict(NO_DOOR[door.reason], { reason: door.reason })
  }
  const params = { kind: 'add-people', audience: input.audience, contactIds: input.contactIds } as const
  return { jobId: await insertJob(moment, input.workflowId, params, input.total) }
}

/** Who has entered stays in. Safe to repeat, and after the end. */
export async function cancelJob({ tx, now }: Moment, input: CommandInput<'cancel-job'>): Promise<null> {
  const job = await tx.sql.selectFrom('job').select('id').where('id', '=', input.id).executeTakeFirst()
  if (job === undefined) throw notFound('job', input.id)
  await tx.sql
    .updateTable('job')
    .set({ status: 'cancelled', finished_at: now })
    .where('id', '=', input.id)
    .where('status', '=', 'running')
    .where('kind', '=', 'add-people')
    .execute()
  return null
}

/** Answers `exited: false` when it had ended before. */
export async function exitEnrollment(
  moment: Moment,
  input: CommandInput<'exit-enrollment'>,
): Promise<CommandOutput<'exit-enrollment'>> {
  const row = await moment.tx.sql
    .selectFrom('enrollment')
    .select(['part', 'contact_id'])
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (row === undefined) throw notFound('enrollment', input.id)
  const live = await moment.tx.store.findLiveEnrollments(
    fromColumn<Part>(row.part),
    fromColumn<ContactId>(row.contact_id),
  )
  const mine = live.filter((enrollment) => enrollment.id === fromColumn<EnrollmentId>(input.id))
  return { exited: (await exitAll(moment, mine, input.reason)) > 0 }
}
