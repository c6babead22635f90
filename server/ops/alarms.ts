/** What somebody should know of the running product, worst first: facts in, alarms out. The words are in shared/locales. */
import type { Alarm, AlarmCode } from '../../shared/api/settings.ts'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../shared/time/instant.ts'

/** Later than this, the oldest due person is late because something stands still, not because a second is busy. */
export const LAG_MS = MINUTE_MS
/** The writer reports every 5 s. */
export const SILENT_MS = 45_000
/** Less than both: what SQLite needs to write its log back, and a twentieth of the disk. */
const LEAST_FREE_BYTES = 512 * 1024 * 1024
const LEAST_FREE_SHARE = 0.05
/** A clock that jumped is said for this long. */
const CLOCK_SAID_MS = HOUR_MS

export type AccountFacts = {
  id: number
  name: string
  kind: string
  status: string
  paused_reason: string | null
  paused_at: number | null
  trouble_code: string | null
  trouble_since: number | null
  retry_at: number | null
  quota_per_day: number | null
  day_used: number
  day_ends_at: number
  /** null: the quota is not used up. */
  quota_used_since: Instant | null
}
export type AlarmFacts = {
  /** How late the oldest due person is, in ms. */
  dueLagMs: number
  /** Since when no mail has moved although some are ready and their account works; null: they move. */
  mailStuckSince: Instant | null
  uncertain: number
  oldestUncertainAt: Instant | null
  accounts: readonly AccountFacts[]
  /** Mail stays in the embedded inbox although live workflows have people to write to. */
  inboxSince: Instant | null
  contacts: number
  /** null: the writer has not reported yet. */
  writerHeardAt: Instant | null
  disk: { freeBytes: number; totalBytes: number; since: Instant } | null
  notWritable: { since: Instant; problem: string } | null
  clockJump: { at: Instant; byMs: number } | null
}

export function alarmsOf(facts: AlarmFacts, now: Instant): Alarm[] {
  return [...ofMachine(facts, now), ...ofSending(facts, now)]
}

const alarm = (code: AlarmCode, severity: Alarm['severity'], since: Instant, values: Alarm['values'] = {}): Alarm => ({
  code,
  severity,
  since: new Date(since).toISOString(),
  values,
})

function ofMachine(facts: AlarmFacts, now: Instant): Alarm[] {
  const { disk, notWritable, clockJump, writerHeardAt, dueLagMs, mailStuckSince } = facts
  const found: Alarm[] = []
  if (notWritable !== null)
    found.push(alarm('not-writable', 'problem', notWritable.since, { problem: notWritable.problem }))
  if (writerHeardAt !== null && now - writerHeardAt > SILENT_MS)
    found.push(alarm('writer-stuck', 'problem', writerHeardAt))
  if (disk !== null && isNearlyFull(disk))
    found.push(alarm('disk', 'problem', disk.since, { freeMb: Math.floor(disk.freeBytes / 1_048_576) }))
  if (clockJump !== null && now - clockJump.at < CLOCK_SAID_MS)
    found.push(alarm('clock-jumped', 'warning', clockJump.at, { minutes: Math.round(clockJump.byMs / MINUTE_MS) }))
  if (dueLagMs > LAG_MS) found.push(alarm('lag', 'problem', now - dueLagMs, { seconds: Math.round(dueLagMs / 1_000) }))
  else if (mailStuckSince !== null && now - mailStuckSince > LAG_MS)
    found.push(alarm('lag', 'problem', mailStuckSince, { seconds: Math.round((now - mailStuckSince) / 1_000) }))
  return found
}

export const isNearlyFull = ({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): boolean =>
  freeBytes < LEAST_FREE_BYTES && freeBytes < totalBytes * LEAST_FREE_SHARE

function ofSending(facts: AlarmFacts, now: Instant): Alarm[] {
  const found = facts.accounts.flatMap((account) => ofAccount(account, now))
  if (facts.uncertain > 0)
    found.push(alarm('uncertain', 'warning', facts.oldestUncertainAt ?? now, { count: facts.uncertain }))
  if (facts.inboxSince !== null)
    found.push(alarm('embedded-inbox', 'information', facts.inboxSince, { count: facts.contacts }))
  return found
}

function ofAccount(account: AccountFacts, now: Instant): Alarm[] {
  const { name, paused_at, paused_reason, trouble_code, trouble_since } = account
  if (account.status === 'paused')
    return [
      alarm('account-paused', 'problem', paused_at ?? now, {
        account: name,
        reason: trouble_code ?? paused_reason ?? '',
      }),
    ]
  if (trouble_code !== null)
    return [alarm('account-unreachable', 'problem', trouble_since ?? now, { account: name, reason: trouble_code })]
  const { quota_per_day: quota, day_ends_at: endsAt, quota_used_since } = account
  if (quota !== null && quota_used_since !== null && isQuotaUsed(account, now)) {
    const values = { account: name, quota, until: new Date(endsAt).toISOString() }
    return [alarm('quota-used', 'warning', quota_used_since, values)]
  }
  return []
}

type QuotaFacts = Pick<AccountFacts, 'quota_per_day' | 'day_used' | 'day_ends_at'>

export const isQuotaUsed = ({ quota_per_day, day_used, day_ends_at }: QuotaFacts, now: Instant): boolean =>
  quota_per_day !== null && day_ends_at > now && day_used >= quota_per_day
