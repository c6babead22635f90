/**
 * How fast one sending account may go: evenly spaced slots for the rate per second, a bucket for the rate per hour, a count for the day.
 * All of it is a row in the database, so that a restart changes nothing. Half of both rates until `slowedUntil`.
 */
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../time/instant.ts'
import { nextLocalTime } from '../time/zones.ts'

export type Rates = {
  ratePerSecond: number | null
  ratePerHour: number | null
  /** Mails from one midnight of the workspace's zone to the next. */
  quotaPerDay: number | null
}
export type Pace = Rates & {
  /** The first slot that nobody has; fractions of a millisecond count at high rates. */
  nextSlotAt: number
  hourTokens: number
  refilledAt: Instant
  dayUsed: number
  dayEndsAt: Instant
  slowedUntil: Instant | null
}
export type Permits = {
  /** Messages that may be taken now; null: without limit. */
  available: number | null
  /** When it is worth asking again, if none may. */
  nextAt: Instant | null
  /** The pace with its bucket filled up to now. */
  pace: Pace
}

/** Slots are spread over a little more than their second, so that a late one never makes a window of one second overfull at the server. */
const SPREAD_MS = SECOND_MS + 50
/** Slots are given out so early: the next message is ready when its turn comes, and no claim gets old enough to be checked again. */
const AHEAD_MS = 400

const slowness = (pace: Pace, now: Instant): number => (pace.slowedUntil !== null && now < pace.slowedUntil ? 2 : 1)
const slotMs = (ratePerSecond: number): number => SPREAD_MS / ratePerSecond

/** The bucket of a rate per hour holds a minute's worth; what it holds and what flows in never exceed the rate in any hour. */
function hourBucket(ratePerHour: number): { size: number; perMs: number } {
  const size = Math.max(1, (ratePerHour * MINUTE_MS) / HOUR_MS)
  return { size, perMs: (ratePerHour - size + 1) / HOUR_MS }
}

/** `dayUsed` must already belong to today: see `startOfDay`. */
export function permitsAt(pace: Pace, now: Instant): Permits {
  const slow = slowness(pace, now)
  const limits: { available: number; nextAt: Instant }[] = []
  let { nextSlotAt, hourTokens } = pace
  if (pace.ratePerSecond !== null) {
    const interval = slotMs(pace.ratePerSecond) * slow
    // Farther away than any slot we give: the rate was raised, or the clock went back.
    nextSlotAt = Math.min(nextSlotAt, now + AHEAD_MS + interval)
    const first = Math.max(nextSlotAt, now)
    const available = first > now + AHEAD_MS ? 0 : Math.floor((now + AHEAD_MS - first) / interval) + 1
    limits.push({ available, nextAt: Math.ceil(first - AHEAD_MS) })
  }
  if (pace.ratePerHour !== null) {
    const { size, perMs } = hourBucket(pace.ratePerHour)
    hourTokens = Math.min(size, hourTokens + (Math.max(0, now - pace.refilledAt) * perMs) / slow)
    const missing = Math.max(0, 1 - hourTokens)
    limits.push({ available: Math.floor(hourTokens), nextAt: now + Math.ceil((missing / perMs) * slow) })
  }
  if (pace.quotaPerDay !== null) {
    limits.push({ available: Math.max(0, Math.floor(pace.quotaPerDay) - pace.dayUsed), nextAt: pace.dayEndsAt })
  }
  const available = limits.length === 0 ? null : Math.min(...limits.map((limit) => limit.available))
  const spent = limits.filter((limit) => limit.available === 0)
  return {
    available,
    nextAt: spent.length === 0 ? null : Math.max(now + 1, ...spent.map((limit) => limit.nextAt)),
    pace: { ...pace, nextSlotAt, hourTokens, refilledAt: Math.max(now, pace.refilledAt) },
  }
}

/** Take `count` of what `permitsAt` allowed. `leaveAt`: not before that instant may each message leave. */
export function spend({ pace }: Permits, count: number, now: Instant): { pace: Pace; leaveAt: readonly Instant[] } {
  const interval = pace.ratePerSecond === null ? 0 : slotMs(pace.ratePerSecond) * slowness(pace, now)
  const first = Math.max(pace.nextSlotAt, now)
  return {
    pace: {
      ...pace,
      nextSlotAt: pace.ratePerSecond === null ? pace.nextSlotAt : first + count * interval,
      hourTokens: pace.ratePerHour === null ? pace.hourTokens : Math.max(0, pace.hourTokens - count),
      dayUsed: pace.dayUsed + count,
    },
    leaveAt: Array.from({ length: count }, (_, i) => Math.ceil(first + i * interval)),
  }
}

/** When the day of this instant ends in the zone: then the quota begins anew. */
export const endOfDay = (zone: string, at: Instant): Instant => nextLocalTime(zone, at, { minuteOfDay: 0, days: [] })

/** When the last of `queued` messages leaves at this pace; null: without limits nobody can say, or it takes more than a year. */
export function doneAt(pace: Pace, queued: number, now: Instant, zone: string): Instant | null {
  const perMs = fastestPerMs(pace)
  if (queued === 0 || (perMs === null && pace.quotaPerDay === null)) return null
  let left = queued
  let at = now
  let quotaLeft =
    pace.quotaPerDay === null ? Number.POSITIVE_INFINITY : pace.quotaPerDay - (now < pace.dayEndsAt ? pace.dayUsed : 0)
  for (let day = 0; day < 366; day++) {
    const ends = endOfDay(zone, at)
    const today = Math.min(left, Math.max(0, quotaLeft))
    const doneToday = timeFor(pace, today, at, perMs)
    if (today === left && doneToday <= ends) return doneToday
    left -= doneToday <= ends ? today : sentBy(pace, at, ends, perMs)
    at = ends
    quotaLeft = pace.quotaPerDay ?? Number.POSITIVE_INFINITY
  }
  return null
}

function fastestPerMs(pace: Rates): number | null {
  const perSecond = pace.ratePerSecond === null ? null : 1 / slotMs(pace.ratePerSecond)
  const perHour = pace.ratePerHour === null ? null : hourBucket(pace.ratePerHour).perMs
  if (perSecond === null) return perHour
  return perHour === null ? perSecond : Math.min(perSecond, perHour)
}

/** When `count` messages beginning at `at` have left: at half the pace first, where the server asked for it. */
function timeFor(pace: Pace, count: number, at: Instant, perMs: number | null): Instant {
  if (perMs === null) return at
  const slowMs = Math.max(0, (pace.slowedUntil ?? 0) - at)
  const whileSlow = (slowMs * perMs) / 2
  return Math.ceil(count <= whileSlow ? at + (2 * count) / perMs : at + slowMs + (count - whileSlow) / perMs)
}

function sentBy(pace: Pace, at: Instant, until: Instant, perMs: number | null): number {
  if (perMs === null) return 0
  const slowMs = Math.min(until - at, Math.max(0, (pace.slowedUntil ?? 0) - at))
  return Math.floor((slowMs * perMs) / 2 + (until - at - slowMs) * perMs)
}
