/** Test sends, the fate of uncertain messages, opens and clicks. */
import type { MessageDeed } from '../../shared/condition/schema.ts'
import { conflict, notFound } from '../../shared/errors.ts'
import { type ContactId, fromColumn, type MessageId, partOf } from '../../shared/ids.ts'
import { DAY_MS } from '../../shared/time/instant.ts'
import type { OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { recordHit } from '../engine/hits.ts'
import { react } from '../engine/react.ts'
import type { CommandInput, CommandOutput } from './contract.ts'
import { countMove } from './message-status.ts'
import { findWorkflow } from './workflows.ts'

/** Stands for "nobody in particular" where a test send is rendered without a contact. */
const NO_CONTACT = 0

export async function queueTestSend(
  moment: Moment,
  input: CommandInput<'queue-test-send'>,
): Promise<CommandOutput<'queue-test-send'>> {
  const { tx, now, settings } = moment
  const workflow = await findWorkflow(moment, input.workflowId)
  const messageIds: MessageId[] = []
  for (const [k, send] of input.sends.entries()) {
    const row = await tx.sql
      .insertInto('message')
      .values({
        part: input.contactId === null ? 0 : partOf(input.contactId),
        contact_id: input.contactId ?? NO_CONTACT,
        enrollment_id: null,
        seq: 0,
        k,
        workflow_id: input.workflowId,
        version: workflow.live_version ?? 0,
        step_no: null,
        email_key: input.emailKey,
        account_id: settings.accountId,
        lane: 3,
        status: 'queued',
        reason: null,
        detail: null,
        attempt: 0,
        lease: null,
        not_before: now,
        expires_at: now + DAY_MS,
        created_at: now,
        claimed_at: null,
        dot_at: null,
        finished_at: null,
        recipient: null,
        test: JSON.stringify(send),
        response: null,
        message_id: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    messageIds.push(fromColumn<MessageId>(row.id))
  }
  tx.hints.messages = true
  return { messageIds }
}

/** A person decides what became of a message whose fate is unknown. @throws 409 for any other message */
export async function resolveMessage(moment: Moment, input: CommandInput<'resolve-message'>): Promise<null> {
  const message = await findMessage(moment, input.id)
  if (message.status !== 'uncertain') throw conflict(`The message is ${message.status}, not uncertain.`)
  const { now } = moment
  const as = {
    sent: { status: 'sent', reason: null, finishedAt: now, dotAt: message.dotAt, doubt: 0 },
    resend: { status: 'queued', reason: null, finishedAt: null, dotAt: null, doubt: 1 },
    drop: { status: 'failed', reason: 'dropped', finishedAt: now, dotAt: message.dotAt, doubt: 0 },
  } as const
  const chosen = as[input.as]
  countMove(moment, message, chosen.status)
  await moment.tx.store.finishMessages([
    { id: message.id, detail: null, notBefore: now, response: null, attemptDelta: 0, ...chosen },
  ])
  if (input.as === 'resend') moment.tx.hints.messages = true
  if (input.as === 'sent') await reactToDeed(moment, message, 'sent')
  return null
}

/** Every open and click is kept; a message counts once as opened and once as clicked, people and machines apart. */
export async function recordMessageEvent(moment: Moment, input: CommandInput<'record-message-event'>): Promise<null> {
  const { tx, now } = moment
  const message = await findMessage(moment, input.messageId)
  if (message.enrollmentId === null) return null
  const before = await tx.sql
    .selectFrom('message_event')
    .select('id')
    .where('message_id', '=', message.id)
    .where('kind', '=', input.kind)
    .where('machine', '=', input.machine ? 1 : 0)
    .limit(1)
    .executeTakeFirst()
  const isErased = (await tx.store.findContacts([message.contactId])).length === 0
  await tx.sql
    .insertInto('message_event')
    .values({
      part: message.part,
      contact_id: message.contactId,
      message_id: message.id,
      enrollment_id: message.enrollmentId,
      email_key: message.emailKey,
      kind: input.kind,
      machine: input.machine ? 1 : 0,
      link_no: input.linkNo,
      url: isErased ? null : input.url,
      user_agent: isErased ? null : input.userAgent,
      at: now,
    })
    .execute()
  if (before === undefined && message.stepNo !== null) {
    const step = { workflowId: message.workflowId, version: message.version, stepNo: message.stepNo }
    moment.counters.add(step, message.arrivedHour, input.machine ? `${input.kind}Machine` : input.kind)
  }
  if (!isErased) await reactToDeed(moment, message, input.kind)
  return null
}

/** Held for a moment where it looks human: the engine settles it. */
export async function recordMessageHit(moment: Moment, input: CommandInput<'record-hit'>): Promise<null> {
  await recordHit(moment, await findMessage(moment, input.messageId), input.hit)
  moment.tx.hints.due = true
  return null
}

export async function reactToDeed(
  moment: Moment,
  message: Pick<OpenMessage, 'contactId' | 'emailKey' | 'enrollmentId'>,
  did: MessageDeed,
): Promise<void> {
  if (message.enrollmentId === null) return
  const contactId: ContactId = message.contactId
  await react(moment, contactId, { kind: 'message', email: message.emailKey, did })
}

async function findMessage({ tx }: Moment, id: MessageId): Promise<OpenMessage> {
  const [message] = await tx.store.findMessages([id])
  if (message === undefined) throw notFound('message', id)
  return message
}
