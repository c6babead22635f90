/**
 * People of a paused workflow: their due time is turned into what remained of it when the pause began, so that they never head the due
 * index; and turned back by the policy of the resume (shared/engine/catch-up.ts). Neither is an activation: `seq` stays.
 */
import { dueAfter } from '../../shared/engine/catch-up.ts'
import { type ContactId, type EnrollmentId, fromColumn, type WorkflowId } from '../../shared/ids.ts'
import { DAY_MS, type Instant } from '../../shared/time/instant.ts'
import { zoneOf } from '../../shared/time/zone-of.ts'
import { addDuration } from '../../shared/time/zones.ts'
import type { PlanSettings, WaitRule } from '../../shared/workflow/plan.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { blameRow } from './batch.ts'
import type { Moment } from './context.ts'
import { type EndedPause, findEndedPause } from './pauses.ts'

type Row = Pick<LiveEnrollment, 'id' | 'workflowId'>

/** Freeze these as of the pause their workflow is in. Safe to repeat: who is frozen stays as they are. */
export async function freeze(moment: Moment, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const { paused } = await moment.engine.plans.live(moment.tx)
  for (const [workflowId, pause] of paused) {
    const ids = rows.filter((row) => row.workflowId === workflowId).map(({ id }) => id)
    if (ids.length === 0) continue
    await moment.tx.sql
      .updateTable('enrollment')
      .set((eb) => ({
        status: 'paused',
        remaining_ms: eb('due_at', '-', pause.pausedAt),
        due_at: null,
        pause_id: pause.id,
      }))
      .where('id', 'in', ids)
      .where('status', '=', 'active')
      .execute()
  }
}

export type FrozenRow = {
  id: EnrollmentId
  contactId: ContactId
  workflowId: WorkflowId
  version: number
  stepNo: LiveEnrollment['stepNo']
  isWaiting: number
  remainingMs: number
}

/** Give each its due time back. Answers when each is due, in the order given. */
export async function thaw(moment: Moment, rows: readonly FrozenRow[], pause: EndedPause): Promise<Instant[]> {
  const standing = await Promise.all(rows.map((row) => whereItStands(moment, row)))
  const needsZone = rows.filter((_, index) => standing[index]?.rule?.kind === 'time')
  const contacts = await moment.tx.store.findContacts([...new Set(needsZone.map(({ contactId }) => contactId))])
  const zones = new Map(contacts.map(({ id, timezone }) => [id, timezone]))
  const mailed = await whoGetsHeldMail(moment, rows, pause)
  const dues: Instant[] = []
  for (const [index, row] of rows.entries()) {
    const { rule, settings } = standing[index] ?? NOWHERE
    const { zone } = zoneOf({
      contact: zones.get(row.contactId) ?? null,
      workflow: settings?.timezone ?? null,
      workspace: moment.settings.timezone,
    })
    const at = dueAfter({ remainingMs: row.remainingMs, rule, zone }, pause)
    const isLate = settings !== null && addDuration(at, settings.maxLateness, zone) < pause.resumedAt
    // A date that passed meanwhile and a mail that was held would both come now: one of them waits a day.
    const dueAt = at < pause.resumedAt && !isLate && mailed.has(row.id) ? pause.resumedAt + DAY_MS : at
    dues.push(dueAt)
    await moment.tx.sql
      .updateTable('enrollment')
      .set({ status: 'active', due_at: dueAt, remaining_ms: null })
      .where('id', '=', row.id)
      .where('status', '=', 'paused')
      .execute()
  }
  return dues
}

/** Of those whose time has passed: who has mail waiting too. Only `shift` promises one mail a day after the pause. */
async function whoGetsHeldMail(
  { tx }: Moment,
  rows: readonly FrozenRow[],
  { pausedAt, resumedAt, catchUp }: EndedPause,
): Promise<ReadonlySet<number>> {
  const passed = rows.filter(({ remainingMs }) => remainingMs >= 0 && pausedAt + remainingMs < resumedAt)
  if (catchUp !== 'shift' || passed.length === 0) return new Set()
  const found = await tx.sql
    .selectFrom('message')
    .select('enrollment_id')
    .distinct()
    .where(
      'enrollment_id',
      'in',
      passed.map(({ id }) => id),
    )
    .where('status', 'in', ['queued', 'deferred'])
    .execute()
  return new Set(found.flatMap(({ enrollment_id }) => (enrollment_id === null ? [] : [enrollment_id])))
}

type Standing = { rule: WaitRule | null; settings: PlanSettings | null }
const NOWHERE: Standing = { rule: null, settings: null }

/** A plan that cannot be read keeps nobody frozen: the person wakes up and is parked then, with the error. */
async function whereItStands(moment: Moment, row: FrozenRow): Promise<Standing> {
  try {
    const { plan, stepOf } = await moment.engine.plans.version(moment.tx, row.workflowId, row.version)
    const step = stepOf(row.stepNo)
    return { rule: row.isWaiting === 1 && step?.kind === 'wait' ? step.rule : null, settings: plan.settings }
  } catch (error) {
    blameRow(error)
    return NOWHERE
  }
}

/**
 * Somebody concerned by a change before the job of the resume has come to them: thawed now. Answers the row as it is then; unchanged
 * when there is nothing to thaw by, or when the job has to skip the mail they missed.
 */
export async function thawOne(moment: Moment, row: LiveEnrollment): Promise<LiveEnrollment> {
  const found = await moment.tx.sql
    .selectFrom('enrollment')
    .select(['pause_id', 'remaining_ms'])
    .where('id', '=', row.id)
    .where('status', '=', 'paused')
    .executeTakeFirst()
  if (found === undefined || found.pause_id === null || found.remaining_ms === null) return row
  const pause = await findEndedPause(moment.tx, found.pause_id)
  if (pause === null) return row
  const isMissed = pause.pausedAt + found.remaining_ms <= pause.resumedAt
  if (pause.catchUp === 'skip' && isMissed) return row
  const [dueAt] = await thaw(moment, [{ ...row, remainingMs: found.remaining_ms }], pause)
  return dueAt === undefined ? row : { ...row, status: 'active', dueAt }
}

export const frozenRow = (row: {
  id: number
  contact_id: number
  workflow_id: number
  version: number
  step_no: number
  is_waiting: number
  remaining_ms: number | null
}): FrozenRow => ({
  id: fromColumn<EnrollmentId>(row.id),
  contactId: fromColumn<ContactId>(row.contact_id),
  workflowId: fromColumn<WorkflowId>(row.workflow_id),
  version: row.version,
  stepNo: fromColumn<LiveEnrollment['stepNo']>(row.step_no),
  isWaiting: row.is_waiting,
  remainingMs: row.remaining_ms ?? 0,
})
