/** The sender's writes after the claim: recheck, the dot barrier, what became of each message, and giving back. */
import { foldAddress } from '../../shared/contact/address.ts'
import { fromColumn, type MessageId } from '../../shared/ids.ts'
import { SECOND_MS } from '../../shared/time/instant.ts'
import type { AttemptWrite, FinishWrite, OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { withdrawMessages } from '../engine/withdraw.ts'
import { skip } from './claim-messages.ts'
import type { CommandInput, CommandOutput, DotMark, FinishedMessage } from './contract.ts'
import { holdBack } from './held-messages.ts'
import { checkMessages } from './may-leave.ts'
import { countMove, unclaimed, unsent } from './message-status.ts'
import { reactToDeed } from './messages.ts'
import { giveBack } from './rates.ts'

/** Under `resend` a message of unknown fate waits this long: the server may still be storing the first copy. */
const RESEND_AFTER_MS = 30 * SECOND_MS

const isOurs = (message: OpenMessage | undefined, lease: string): message is OpenMessage =>
  message !== undefined && message.status === 'sending' && message.lease === lease

export async function recheckMessage(
  moment: Moment,
  input: CommandInput<'recheck-message'>,
): Promise<CommandOutput<'recheck-message'>> {
  const [message] = await moment.tx.store.findMessages([input.id])
  if (!isOurs(message, input.lease) || message.dotAt !== null) return { ok: false }
  if (!(await holdBack(moment, message))) {
    const [checked] = await checkMessages(moment, [message])
    if (checked === undefined || checked.ok) return { ok: checked !== undefined }
    await skip(moment, message, checked.reason)
  }
  await giveBack(moment, [message])
  return { ok: false }
}

/** Durable before the answer leaves: the reply is posted after COMMIT. */
export async function markDots(
  moment: Moment,
  { marks }: CommandInput<'mark-dots'>,
): Promise<CommandOutput<'mark-dots'>> {
  const { tx, now } = moment
  const written = await tx.store.markDots(
    marks.map(({ id, lease, recipient, messageIdHeader }) => ({
      id,
      lease,
      at: now,
      recipient,
      recipientFolded: foldAddress(recipient),
      messageIdHeader,
    })),
  )
  const marked = marks.filter((_, index) => written[index] === true)
  await tx.store.putLinks(marked.flatMap(({ id, links }) => links.map(({ no, url }) => ({ messageId: id, no, url }))))
  for (const [index, mark] of marks.entries()) if (written[index] !== true) await letGo(moment, mark)
  return { verdicts: marks.map((mark, index) => ({ id: mark.id, ok: written[index] === true })) }
}

/** Still ours, so the contact became unmailable after the claim. */
async function letGo(moment: Moment, { id, lease }: DotMark): Promise<void> {
  const [message] = await moment.tx.store.findMessages([id])
  if (!isOurs(message, lease) || message.dotAt !== null) return
  await skip(moment, message, 'suppressed')
  await giveBack(moment, [message])
}

export async function finishMessages(moment: Moment, input: CommandInput<'finish-messages'>): Promise<null> {
  const { store } = moment.tx
  const found = await store.findMessages([...new Set(input.finished.map(({ id }) => id))])
  const open = new Map(found.map((message) => [message.id, message]))
  const ended: { message: OpenMessage; finished: FinishedMessage; write: FinishWrite }[] = []
  for (const finished of input.finished) {
    const message = open.get(finished.id)
    // Taken back meanwhile (unsubscribed, recovered): whoever took it has written its fate.
    if (!isOurs(message, finished.lease)) continue
    // One lease ends once, should it be reported twice.
    open.delete(finished.id)
    const write = fate(moment, message, finished)
    countMove(moment, message, write.status)
    ended.push({ message, finished, write })
  }
  await store.insertAttempts(ended.flatMap(({ finished }) => attemptOf(moment, finished)))
  await store.finishMessages(ended.map(({ write }) => write))
  await giveBack(
    moment,
    ended.filter((one) => hasNotLeft(one)).map(({ message }) => message),
  )
  // What others do about it comes when all rows say it.
  for (const { message, finished, write } of ended) {
    if (write.status === 'sent') await reactToDeed(moment, message, 'sent')
    if (finished.outcome.kind === 'failed' && finished.outcome.hardBounce) await bounce(moment, message)
  }
  return null
}

/** Its final dot never left: the day's quota has it back. */
const hasNotLeft = ({ message, finished: { outcome } }: { message: OpenMessage; finished: FinishedMessage }): boolean =>
  message.dotAt === null || (outcome.kind === 'requeue' && outcome.isUnsent === true)

function attemptOf({ now }: Moment, { id, attempt }: FinishedMessage): AttemptWrite[] {
  if (attempt === null) return []
  const { stage, code, enhanced, response, tookMs } = attempt
  return [{ messageId: id, stage, code, enhanced, response, at: now, tookMs: Math.round(tookMs) }]
}

function fate(moment: Moment, message: OpenMessage, { outcome, attempt, id }: FinishedMessage): FinishWrite {
  const { now, engine } = moment
  const response = attempt?.response ?? null
  const blank = {
    id,
    detail: null,
    reason: null,
    response,
    notBefore: now,
    finishedAt: null,
    dotAt: null,
    doubt: 0,
    attemptDelta: 0,
  } as const
  switch (outcome.kind) {
    case 'sent':
      return { ...blank, status: 'sent', finishedAt: now, dotAt: message.dotAt }
    case 'failed':
      return unsent(moment, message, { status: 'failed', reason: outcome.reason, detail: null, response })
    case 'deferred':
      return { ...blank, status: 'deferred', reason: outcome.reason, notBefore: outcome.notBefore }
    case 'skipped':
      return unsent(moment, message, { ...outcome, status: 'skipped', response })
    case 'requeue':
      // A mark whose answer came when the connection was gone: the dot never left, and the lease (checked before) says it is this try.
      if (message.dotAt !== null && outcome.isUnsent !== true) break
      return { ...blank, status: 'queued', notBefore: outcome.notBefore, attemptDelta: -1 }
    case 'uncertain':
      // Without the mark nothing can have left.
      if (message.dotAt === null) return { ...blank, status: 'queued', attemptDelta: -1 }
      break
  }
  if (engine.uncertainSends === 'resend') {
    return { ...blank, status: 'queued', notBefore: now + RESEND_AFTER_MS, doubt: 1 }
  }
  const reason = outcome.kind === 'uncertain' ? outcome.reason : 'connection-lost'
  return { ...blank, status: 'uncertain', reason, dotAt: message.dotAt }
}

/** The address does not exist: nothing at all goes there any more. The person goes on: each later mail is skipped and says so. */
async function bounce(moment: Moment, message: OpenMessage): Promise<void> {
  const { tx, now } = moment
  if (message.enrollmentId === null) return
  const { part, contactId } = message
  await tx.sql
    .updateTable('contact')
    .set({ suppression: 'hard', updated_at: now })
    .where('id', '=', contactId)
    .execute()
  await tx.sql
    .insertInto('message_event')
    .values({
      part,
      contact_id: contactId,
      message_id: message.id,
      enrollment_id: message.enrollmentId,
      email_key: message.emailKey,
      kind: 'bounced',
      machine: 0,
      link_no: null,
      url: null,
      user_agent: null,
      at: now,
    })
    .execute()
  await withdrawMessages(moment, { kind: 'contact', part, contactId, marketingOnly: false }, 'suppressed')
}

/** A clean stop: what was claimed and not marked goes back as if it had never been taken. */
export async function releaseMessages(
  moment: Moment,
  { lease }: CommandInput<'release-messages'>,
): Promise<CommandOutput<'release-messages'>> {
  const rows = await moment.tx.sql
    .selectFrom('message')
    .select('id')
    .where('status', '=', 'sending')
    .where('lease', '=', lease)
    .where('dot_at', 'is', null)
    .execute()
  const messages = await moment.tx.store.findMessages(rows.map((row) => fromColumn<MessageId>(row.id)))
  for (const message of messages) countMove(moment, message, 'queued')
  await moment.tx.store.finishMessages(messages.map(unclaimed))
  await giveBack(moment, messages)
  return { released: messages.length }
}
