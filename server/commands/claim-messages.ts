/** What a sender takes from the outbox: rates, consent, suppression, exit rules and lateness decided in the claim's transaction. */
import { notFound } from '../../shared/errors.ts'
import { type AccountId, type ContactId, fromColumn } from '../../shared/ids.ts'
import type { Permits } from '../../shared/message/pace.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { HELD_UNTIL } from '../engine/hold.ts'
import type { ClaimedMessage, CommandInput, CommandOutput } from './contract.ts'
import { withoutHeld } from './held-messages.ts'
import { type Checked, checkMessages } from './may-leave.ts'
import { countMove, unsent } from './message-status.ts'
import { openPermits, spendPermits } from './rates.ts'

type Allowed = Extract<Checked, { ok: true }>
/** Skipped rows cost no token, so others are looked at in their place - up to this many rounds per transaction. */
const ROUNDS = 8

export async function claimMessages(
  moment: Moment,
  input: CommandInput<'claim-messages'>,
): Promise<CommandOutput<'claim-messages'>> {
  const { tx, now } = moment
  const account = await tx.sql
    .selectFrom('sending_account')
    .selectAll()
    .where('id', '=', input.accountId)
    .executeTakeFirst()
  if (account === undefined) throw notFound('sending account', input.accountId)
  if (account.status === 'paused') return { messages: [], nextAt: null }
  const permits = await openPermits(moment, account)
  const allowed = await take(moment, input.accountId, Math.min(input.limit, permits.available ?? input.limit))
  await tx.store.leaseMessages(
    allowed.map(({ message }) => message.id),
    input.lease,
    now,
  )
  for (const { message } of allowed) countMove(moment, message, 'sending')
  const leaveAt = allowed.length === 0 ? null : await spendPermits(moment, input.accountId, permits, allowed.length)
  return {
    messages: allowed.map((one, i) => claimed(moment, one, input.lease, leaveAt?.[i] ?? null)),
    nextAt: await nextAt(moment, input, permits, allowed.length),
  }
}

/** Up to `limit` messages that may leave; those that may not are skipped on the way. */
async function take(moment: Moment, accountId: AccountId, limit: number): Promise<Allowed[]> {
  const allowed: Allowed[] = []
  for (let round = 0; round < ROUNDS && allowed.length < limit; round++) {
    const wanted = limit - allowed.length
    // Rows already allowed are still queued, so they are found again: look past them.
    const found = await moment.tx.store.findReadyMessages(accountId, moment.now, limit)
    const fresh = found.filter((row) => !allowed.some(({ message }) => message.id === row.id)).slice(0, wanted)
    if (fresh.length === 0) break
    for (const one of await checkMessages(moment, await withoutHeld(moment, fresh))) {
      if (one.ok) allowed.push(one)
      else await skip(moment, one.message, one.reason)
    }
  }
  return allowed
}

export async function skip(moment: Moment, message: OpenMessage, reason: string): Promise<void> {
  const write = unsent(moment, message, { status: 'skipped', reason, detail: null, response: null })
  countMove(moment, message, write.status)
  await moment.tx.store.finishMessages([write])
}

/** When it is worth asking again; null: when something is queued. */
async function nextAt(
  { tx, now }: Moment,
  { accountId, limit }: CommandInput<'claim-messages'>,
  permits: Permits,
  taken: number,
): Promise<Instant | null> {
  const ready = await tx.store.nextReadyAt(accountId)
  if (ready === null || ready >= HELD_UNTIL) return null
  if (ready > now) return ready
  if (permits.available === null || taken >= limit || taken < permits.available) return now
  return permits.nextAt ?? now + 50
}

function claimed(
  moment: Moment,
  { message, messageClass, contact, entry, test }: Allowed,
  lease: string,
  leaveAt: Instant | null,
): ClaimedMessage {
  return {
    id: message.id,
    accountId: message.accountId,
    lease,
    attempt: message.attempt + 1,
    claimedAt: moment.now,
    leaveAt,
    expiresAt: message.expiresAt,
    messageIdHeader: message.messageIdHeader ?? messageIdHeader(moment, message),
    workflowId: message.workflowId,
    version: message.version,
    emailKey: message.emailKey,
    messageClass,
    contact: {
      id: contact?.id ?? fromColumn<ContactId>(0),
      email: contact?.email ?? test?.to ?? '',
      externalId: contact?.externalId ?? null,
      timezone: contact?.timezone ?? null,
      locale: contact?.locale ?? null,
      attributes: contact?.attributes ?? {},
      tags: contact?.tags ?? [],
    },
    entry,
    test,
  }
}

/** From the outbox key, so that every try of one message says the same (ENGINE.md 3.2). */
function messageIdHeader({ settings }: Moment, message: OpenMessage): string {
  const domain = settings.senderEmail.split('@').at(-1) || 'localhost'
  const cause = message.enrollmentId === null ? `test-${message.id}` : String(message.enrollmentId)
  return `${cause}.${message.seq}.${message.k}.${settings.installId}@${domain}`
}
