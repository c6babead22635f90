/** The pace of a sending account, taken and given back in the transaction of the claim: what is in the row survives every restart. */
import { type AccountId, fromColumn } from '../../shared/ids.ts'
import { endOfDay, type Pace, type Permits, permitsAt, spend } from '../../shared/message/pace.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { SendingAccountRow } from '../db/schema.ts'
import type { Moment } from '../engine/context.ts'

export const paceOf = (row: PaceColumns): Pace => ({
  ratePerSecond: row.rate_per_second,
  ratePerHour: row.rate_per_hour,
  quotaPerDay: row.quota_per_day,
  nextSlotAt: row.next_slot_at,
  hourTokens: row.hour_tokens,
  refilledAt: row.refilled_at,
  dayUsed: row.day_used,
  dayEndsAt: row.day_ends_at,
  slowedUntil: row.slowed_until,
})
export type PaceColumns = Pick<
  SendingAccountRow,
  | 'rate_per_second'
  | 'rate_per_hour'
  | 'quota_per_day'
  | 'next_slot_at'
  | 'hour_tokens'
  | 'refilled_at'
  | 'day_used'
  | 'day_ends_at'
  | 'slowed_until'
>

const isLimited = ({ ratePerSecond, ratePerHour, quotaPerDay }: Pace): boolean =>
  ratePerSecond !== null || ratePerHour !== null || quotaPerDay !== null

/** What the account may send now. */
export async function openPermits(moment: Moment, row: SendingAccountRow): Promise<Permits> {
  const pace = paceOf(row)
  if (pace.quotaPerDay === null || moment.now < pace.dayEndsAt) return permitsAt(pace, moment.now)
  // What yesterday's last claims still have on the wire leaves today.
  const dayUsed = await onTheWire(moment, fromColumn<AccountId>(row.id))
  const dayEndsAt = endOfDay(moment.settings.timezone, moment.now)
  return permitsAt({ ...pace, dayUsed, dayEndsAt }, moment.now)
}

async function onTheWire({ tx }: Moment, accountId: AccountId): Promise<number> {
  const row = await tx.sql
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 'sending')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** @returns for each message the instant before which it must not leave; null: no rate */
export async function spendPermits(
  { tx, now }: Moment,
  accountId: AccountId,
  permits: Permits,
  count: number,
): Promise<readonly Instant[] | null> {
  if (!isLimited(permits.pace)) return null
  const { pace, leaveAt } = spend(permits, count, now)
  await tx.sql
    .updateTable('sending_account')
    .set({
      next_slot_at: pace.nextSlotAt,
      hour_tokens: pace.hourTokens,
      refilled_at: pace.refilledAt,
      day_used: pace.dayUsed,
      day_ends_at: pace.dayEndsAt,
    })
    .where('id', '=', accountId)
    .execute()
  return pace.ratePerSecond === null ? null : leaveAt
}

/** Of these the final dot never left, so the day's quota has them back. Slots that went by are gone. */
export async function giveBack(
  { tx, now }: Moment,
  messages: readonly { accountId: AccountId; claimedAt: Instant | null }[],
): Promise<void> {
  const counts = new Map<AccountId, Instant[]>()
  for (const { accountId, claimedAt } of messages) {
    counts.set(accountId, [...(counts.get(accountId) ?? []), claimedAt ?? now])
  }
  for (const [id, claimedAt] of counts) {
    const row = await tx.sql
      .selectFrom('sending_account')
      .select(['quota_per_day', 'day_used', 'day_ends_at'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined || row.quota_per_day === null || now >= row.day_ends_at) continue
    await tx.sql
      .updateTable('sending_account')
      .set({ day_used: Math.max(0, row.day_used - claimedAt.length) })
      .where('id', '=', id)
      .execute()
  }
}
