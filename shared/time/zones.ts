/**
 * Time zones: wall times from instants and back, and durations added in a zone. In a gap (spring) a wall time moves forward by the gap,
 * in an overlap (autumn) the earlier instant counts: the "compatible" rule of Temporal.
 */
import type { CalendarDuration } from '../workflow/plan.ts'
import { addToWall, fromWallMs, type LocalTime, parseIso, wallMs, weekdayOf } from './calendar.ts'
import { DAY_MS, type Instant, MINUTE_MS } from './instant.ts'
import { TABLE_FROM, TABLE_UNTIL, type ZoneTable, zoneTable } from './zone-table.ts'

export type { LocalTime } from './calendar.ts'

/** Whether the runtime knows this IANA name. */
export function isZone(name: string): boolean {
  return zoneTable(name) !== null
}

/** Milliseconds east of UTC. @throws RangeError when `zone` is not a zone; ask `isZone` first */
export function offsetAt(zone: string, at: Instant): number {
  return offsetIn(tableOf(zone), at)
}

export function toLocal(zone: string, at: Instant): LocalTime {
  return fromWallMs(at + offsetAt(zone, at))
}

export function fromLocal(zone: string, local: Omit<LocalTime, 'weekday'>): Instant {
  return fromWall(tableOf(zone), wallMs(local))
}

/** The instant of a local text such as `2026-12-24T09:00:00`; a text that names its own offset keeps it. Null when it is no time. */
export function fromLocalText(zone: string, text: string): Instant | null {
  const iso = parseIso(text)
  if (iso === null) return null
  return iso.offsetMs === null ? fromWall(tableOf(zone), iso.wall) : iso.wall - iso.offsetMs
}

/**
 * Add (or with `sign` -1 take away) a duration: months and days on the calendar of the zone first, then elapsed time.
 * The 31st becomes the last day of a shorter month.
 */
export function addDuration(at: Instant, duration: CalendarDuration, zone: string, sign: 1 | -1 = 1): Instant {
  const { months, days, ms } = duration
  if (months === 0 && days === 0) return at + sign * ms
  const table = tableOf(zone)
  const wall = addToWall(at + offsetIn(table, at), sign * months, sign * days)
  return fromWall(table, wall) + sign * ms
}

/**
 * The next instant after `from` (or at it, when `isInclusive`) whose wall time is this minute of the day on one of these weekdays
 * (1 = Monday; none: any day). Each local date has at most one: the earlier in an overlap, moved forward in a gap.
 */
export function nextLocalTime(
  zone: string,
  from: Instant,
  rule: { minuteOfDay: number; days: readonly number[]; isInclusive?: boolean },
): Instant {
  const table = tableOf(zone)
  const today = Math.floor((from + offsetIn(table, from)) / DAY_MS)
  const earliest = rule.isInclusive === true ? from : from + 1
  // From yesterday on: a time of yesterday inside a gap at midnight comes after it.
  for (let day = today - 1; day <= today + 8; day++) {
    if (rule.days.length > 0 && !rule.days.includes(weekdayOf(day))) continue
    const at = fromWall(table, day * DAY_MS + rule.minuteOfDay * MINUTE_MS)
    if (at >= earliest) return at
  }
  throw new RangeError(
    `no weekday of ${JSON.stringify(rule.days)} came within 8 days; expected 1 (Monday) to 7 (Sunday)`,
  )
}

function tableOf(zone: string): ZoneTable {
  const table = zoneTable(zone)
  if (table === null)
    throw new RangeError(`unknown time zone ${JSON.stringify(zone)}, expected an IANA name such as "Europe/Paris"`)
  return table
}

function offsetIn(table: ZoneTable, at: Instant): number {
  if (at < TABLE_FROM || at >= TABLE_UNTIL) return table.askOffset(at)
  return table.offsets[indexIn(table, at)] ?? 0
}

/** How many transitions have happened by then. */
function indexIn({ starts }: ZoneTable, at: Instant): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** The "compatible" rule. Offsets a day before and a day after are the only ones that can hold: no zone changes twice in that time. */
function fromWall(table: ZoneTable, wall: number): Instant {
  const before = offsetIn(table, wall - DAY_MS)
  const after = offsetIn(table, wall + DAY_MS)
  const earlier = wall - before
  if (before === after || offsetIn(table, earlier) === before) return earlier
  const later = wall - after
  // Neither holds: the wall time lies in a gap; the offset before it moves it forward by the gap.
  return offsetIn(table, later) === after ? later : earlier
}
