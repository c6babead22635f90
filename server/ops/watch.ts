/**
 * Watches over the process: gathers the facts of the alarms from index seeks, kept totals, the threads' own reports and the disk, and
 * remembers since when. Nothing here scans a table.
 */
import { statfs } from 'node:fs/promises'
import type { Alarm } from '../../shared/api/settings.ts'
import { type Instant, MINUTE_MS } from '../../shared/time/instant.ts'
import type { CommandInput, CommandName, Commands } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { accountStates, oldestUncertainAt, readPulse } from '../db/queries/status.ts'
import { type AccountFacts, type AlarmFacts, alarmsOf, isNearlyFull, isQuotaUsed } from './alarms.ts'
import type { ThreadReports } from './thread-reports.ts'

/** Network time may step a clock by seconds, nobody by minutes. */
const JUMP_MS = 5 * MINUTE_MS
/** Fewer are somebody trying the product out. */
const REAL_CONTACTS = 25
/** Nothing may come that shows that writing works again: whoever asks /readyz keeps everybody away until it says so. */
const UNWRITABLE_SAID_MS = 2 * MINUTE_MS
const UNWRITABLE = /readonly database|disk is full|disk I\/O error|malformed|SQLITE_(FULL|IOERR|READONLY|CORRUPT)/i

export type WatchOptions = {
  db: Db
  now: () => Instant
  /** Milliseconds of a clock that nobody can set. */
  ticks: () => number
  dataDir: string
  reports: ThreadReports | null
}
export type Watch = {
  /** The same commands, their failures noted: a write that cannot be written is an alarm. */
  watched(commands: Commands): Commands
  facts(): Promise<AlarmFacts>
  alarms(): Promise<Alarm[]>
}

export function createWatch({ db, now, ticks, dataDir, reports }: WatchOptions): Watch {
  const clock = clockWatch(now, ticks)
  const disk = diskWatch(dataDir, now)
  const mail = mailWatch(now, reports)
  const quotas = quotaWatch(now)
  const writes = writeWatch(now, ticks)
  let inboxSince: Instant | null = null

  async function facts(): Promise<AlarmFacts> {
    const at = now()
    const pulse = await readPulse(db, at)
    const accounts = quotas(await accountStates(db))
    const isInboxForReal = pulse.embeddedInbox && pulse.workflows > 0 && pulse.contacts >= REAL_CONTACTS
    inboxSince = isInboxForReal ? (inboxSince ?? at) : null
    return {
      dueLagMs: pulse.dueLagMs,
      mailStuckSince: mail(pulse.oldestReadyAt),
      uncertain: pulse.uncertain,
      oldestUncertainAt: pulse.uncertain === 0 ? null : await oldestUncertainAt(db),
      accounts,
      inboxSince,
      contacts: pulse.contacts,
      writerHeardAt: reports?.writerHeardAt() ?? null,
      disk: await disk(),
      notWritable: writes.trouble(),
      clockJump: clock(),
    }
  }

  return {
    facts,
    alarms: async () => alarmsOf(await facts(), now()),
    watched:
      (commands) =>
      async <N extends CommandName>(name: N, input: CommandInput<N>) => {
        try {
          const output = await commands(name, input)
          writes.worked()
          return output
        } catch (error) {
          writes.failed(error instanceof Error ? error.message : '')
          throw error
        }
      },
  }
}

/** Writing is in trouble from the first write that failed until one works, or none has failed for a while. */
function writeWatch(now: () => Instant, ticks: () => number) {
  let found: AlarmFacts['notWritable'] = null
  let lastFailedAtTicks = 0
  const trouble = (): AlarmFacts['notWritable'] => {
    if (ticks() - lastFailedAtTicks >= UNWRITABLE_SAID_MS) found = null
    return found
  }
  return {
    trouble,
    worked() {
      found = null
    },
    failed(problem: string) {
      if (!UNWRITABLE.test(problem)) return
      found = { since: trouble()?.since ?? now(), problem: problem.slice(0, 200) }
      lastFailedAtTicks = ticks()
    },
  }
}

function clockWatch(now: () => Instant, ticks: () => number): () => AlarmFacts['clockJump'] {
  let offset = now() - ticks()
  let jump: AlarmFacts['clockJump'] = null
  return () => {
    const current = now() - ticks()
    if (Math.abs(current - offset) > JUMP_MS) jump = { at: now(), byMs: current - offset }
    offset = current
    return jump
  }
}

function diskWatch(dataDir: string, now: () => Instant): () => Promise<AlarmFacts['disk']> {
  let since: Instant | null = null
  return async () => {
    const { bavail, blocks, bsize } = await statfs(dataDir)
    const found = { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
    since = isNearlyFull(found) ? (since ?? now()) : null
    return { ...found, since: since ?? now() }
  }
}

/** Remembers of each account since when the quota of the day has been used up. */
function quotaWatch(now: () => Instant) {
  let seen: ReadonlyMap<number, { since: Instant; endsAt: Instant }> = new Map()
  return <Row extends Omit<AccountFacts, 'quota_used_since'>>(rows: readonly Row[]): (Row & AccountFacts)[] => {
    const next = new Map<number, { since: Instant; endsAt: Instant }>()
    const found = rows.map((row) => {
      if (!isQuotaUsed(row, now())) return { ...row, quota_used_since: null }
      const before = seen.get(row.id)
      const since = before?.endsAt === row.day_ends_at ? before.since : now()
      next.set(row.id, { since, endsAt: row.day_ends_at })
      return { ...row, quota_used_since: since }
    })
    seen = next
    return found
  }
}

/** Mail stands still when some is ready and no server has answered anything since the last look. */
function mailWatch(
  now: () => Instant,
  reports: ThreadReports | null,
): (oldestReadyAt: Instant | null) => Instant | null {
  let seen = -1
  let movedAt = now()
  return (oldestReadyAt) => {
    const totals = reports?.writer()?.totals ?? {}
    const tries = Object.entries(totals).reduce((sum, [key, n]) => (key.startsWith('reply:') ? sum + n : sum), 0)
    if (tries !== seen || oldestReadyAt === null || oldestReadyAt > now()) movedAt = now()
    seen = tries
    return oldestReadyAt === null || reports === null ? null : Math.max(movedAt, oldestReadyAt)
  }
}
