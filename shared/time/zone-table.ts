/**
 * Transition tables of the time zones, built once per zone from the runtime's Intl and searched afterwards: tens of nanoseconds
 * against microseconds for a bare Intl call. The only file of shared/ that asks Intl.
 */
import { daysOf } from './calendar.ts'
import { DAY_MS, type Instant } from './instant.ts'

export type ZoneTable = {
  /** Instants at which the offset changes, ascending. */
  starts: Float64Array
  /** `offsets[i]` holds before `starts[i]`; one more than `starts`. Milliseconds east of UTC. */
  offsets: Float64Array
  /** Offset outside FROM … UNTIL, asked of Intl each time: slow, right, and rare. */
  askOffset: (at: Instant) => number
}

/** Tables cover these years; nothing may read a clock here, so the horizon is fixed: 15 years and more from any release before 2031. */
export const TABLE_FROM: Instant = 0
export const TABLE_UNTIL: Instant = daysOf(2046, 1, 1) * DAY_MS

/** The shortest time between two changes of one zone since 1970 is 6 days and 23 hours (Recife, October 2000), so this pace misses none. */
const SAMPLE_MS = 6 * DAY_MS
const NAMES_LIMIT = 2_000
const tables = new Map<string, ZoneTable>()
/** The table of each spelling met so far; null: not a zone. */
const spellings = new Map<string, ZoneTable | null>()

/** The table of an IANA name, or null when the runtime knows no such zone. */
export function zoneTable(name: string): ZoneTable | null {
  const known = spellings.get(name)
  if (known !== undefined) return known
  const table = findTable(name)
  if (spellings.size >= NAMES_LIMIT) spellings.clear()
  spellings.set(name, table)
  return table
}

function findTable(name: string): ZoneTable | null {
  // Offsets such as "+07:00" pass for zones in newer runtimes only; a name is what every runtime agrees on.
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(name)) return null
  const format = formatFor(name)
  if (format === null) return null
  const canonical = format.resolvedOptions().timeZone
  const table = tables.get(canonical) ?? buildTable(format)
  tables.set(canonical, table)
  return table
}

function formatFor(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (error) {
    if (error instanceof RangeError) return null // Intl's way to say that it knows no such zone
    throw error
  }
}

function buildTable(format: Intl.DateTimeFormat): ZoneTable {
  const askOffset = (at: Instant): number => intlOffset(format, at)
  const starts: number[] = []
  const offsets: number[] = [askOffset(TABLE_FROM)]
  let offset = askOffset(TABLE_FROM)
  for (let at = TABLE_FROM; at < TABLE_UNTIL; at += SAMPLE_MS) {
    const next = Math.min(at + SAMPLE_MS, TABLE_UNTIL)
    const after = askOffset(next)
    if (after === offset) continue
    starts.push(findChange(askOffset, at, next, offset))
    offsets.push(after)
    offset = after
  }
  return { starts: Float64Array.from(starts), offsets: Float64Array.from(offsets), askOffset }
}

/** First instant after `low` and not after `high` at which the offset is not `before`; changes happen on whole seconds. */
function findChange(askOffset: (at: Instant) => number, low: Instant, high: Instant, before: number): Instant {
  let [left, right] = [low / 1_000, high / 1_000]
  while (right - left > 1) {
    const middle = Math.floor((left + right) / 2)
    if (askOffset(middle * 1_000) === before) left = middle
    else right = middle
  }
  return right * 1_000
}

const WALL = /^(\d+)\/(\d+)\/(\d+) ([AB])[A-Z]*, (\d+):(\d+):(\d+)$/

function intlOffset(format: Intl.DateTimeFormat, at: Instant): number {
  const text = format.format(at)
  const match = WALL.exec(text)
  if (match === null)
    throw new RangeError(`Intl wrote ${JSON.stringify(text)}, expected a form like "1/31/1970 A, 0:00:00"`)
  const [, month, day, year, era, hour, minute, second] = match
  const signedYear = era === 'A' ? Number(year) : 1 - Number(year)
  const wall =
    daysOf(signedYear, Number(month), Number(day)) * DAY_MS +
    (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000
  return wall - Math.floor(at / 1_000) * 1_000
}
