/** Mail and the pauses of its workflow: what is held while one lasts, and what becomes of it by the policy of the resume. */
import type { WorkflowId } from '../../shared/ids.ts'
import { addDuration } from '../../shared/time/zones.ts'
import type { OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { holdMessages } from '../engine/hold.ts'
import type { EndedPause } from '../engine/pauses.ts'
import { countMove, unclaimed } from './message-status.ts'

/** A test is sent whatever state its workflow is in. */
const belongsTo = (workflows: ReadonlyMap<WorkflowId, unknown>, { enrollmentId, workflowId }: OpenMessage): boolean =>
  enrollmentId !== null && workflows.has(workflowId)

/** What may be looked at now: mail of paused workflows is put aside, mail that a resume sends late is on time again. */
export async function withoutHeld(moment: Moment, found: readonly OpenMessage[]): Promise<readonly OpenMessage[]> {
  const { paused, resumed } = await moment.engine.plans.live(moment.tx)
  if (paused.size === 0 && resumed.size === 0) return found
  const held = found.filter((message) => belongsTo(paused, message))
  await holdMessages(
    moment,
    held.map(({ id }) => id),
  )
  const free = found.filter((message) => !belongsTo(paused, message))
  return Promise.all(free.map((message) => onTime(moment, message, resumed.get(message.workflowId))))
}

/** It waited in the queue when the workflow went on. */
const wasMissed = ({ notBefore, enrollmentId }: OpenMessage, pause: EndedPause): boolean =>
  enrollmentId !== null && notBefore < pause.resumedAt

/** Under `send` a message that waited through the pause may be as late as one queued at its end. Written, so that a retry keeps it. */
async function onTime(moment: Moment, message: OpenMessage, pause: EndedPause | undefined): Promise<OpenMessage> {
  if (pause?.catchUp !== 'send' || !wasMissed(message, pause)) return message
  const { plan } = await moment.engine.plans.version(moment.tx, message.workflowId, message.version)
  const expiresAt = addDuration(pause.resumedAt, plan.settings.maxLateness, moment.settings.timezone)
  if (expiresAt <= message.expiresAt) return message
  await moment.tx.sql.updateTable('message').set({ expires_at: expiresAt }).where('id', '=', message.id).execute()
  return { ...message, expiresAt }
}

/** Under `skip` what waited through the pause is not sent any more. */
export async function isMissedMail({ engine, tx }: Moment, message: OpenMessage): Promise<boolean> {
  const pause = (await engine.plans.live(tx)).resumed.get(message.workflowId)
  return pause?.catchUp === 'skip' && wasMissed(message, pause)
}

/** Claimed before its workflow was paused, and not marked yet: back to the queue, held. False: nothing holds it. */
export async function holdBack(moment: Moment, message: OpenMessage): Promise<boolean> {
  const { paused } = await moment.engine.plans.live(moment.tx)
  if (!belongsTo(paused, message)) return false
  countMove(moment, message, 'queued')
  await moment.tx.store.finishMessages([unclaimed(message)])
  await holdMessages(moment, [message.id])
  return true
}
