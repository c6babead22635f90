/** Dates of the proleptic Gregorian calendar as whole days since 1970-01-01, and wall times without a zone. Pure arithmetic. */
import { DAY_MS, type Instant } from './instant.ts'

/** A wall time somewhere. `weekday` is 1 (Monday) to 7 (Sunday). */
export type LocalTime = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  ms: number
  weekday: number
}
export type LocalDate = { year: number; month: number; day: number }

/** Whole days since 1970-01-01 (H. Hinnant's days_from_civil: eras of 400 years that begin on 1 March). */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function dateOf(days: number): LocalDate {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted + (shifted < 10 ? 3 : -9)
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  }
}

/** 1 (Monday) to 7 (Sunday). */
export function weekdayOf(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** The wall time as if it were UTC: what zones shift, and what local times are compared by. */
export function wallMs(local: Omit<LocalTime, 'weekday'>): number {
  const { year, month, day, hour, minute, second, ms } = local
  return daysOf(year, month, day) * DAY_MS + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms
}

export function fromWallMs(wall: number): LocalTime {
  const days = Math.floor(wall / DAY_MS)
  const rest = wall - days * DAY_MS
  const { year, month, day } = dateOf(days)
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1_000) % 60,
    ms: rest % 1_000,
    weekday: weekdayOf(days),
  }
}

/** Move a wall time by whole months and days; the 31st becomes the last day of a shorter month before the days are added. */
export function addToWall(wall: number, months: number, days: number): number {
  if (months === 0) return wall + days * DAY_MS
  const day0 = Math.floor(wall / DAY_MS)
  const date = dateOf(day0)
  const monthIndex = date.year * 12 + (date.month - 1) + months
  const year = Math.floor(monthIndex / 12)
  const month = monthIndex - year * 12 + 1
  const day = Math.min(date.day, daysInMonth(year, month))
  return (daysOf(year, month, day) + days) * DAY_MS + (wall - day0 * DAY_MS)
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/

export type IsoTime = {
  /** The wall time as if it were UTC. */
  wall: number
  /** Offset from UTC that the text names; null when it names none. */
  offsetMs: number | null
  isDateOnly: boolean
}

/** Read `2026-12-24`, `2026-12-24T09:00`, `…:00.250`, with or without `Z` or `+07:00`; null for anything else, also 30 February. */
export function parseIso(text: string): IsoTime | null {
  const match = ISO.exec(text)
  if (match === null) return null
  const [, y, mo, d, h = '0', mi = '0', s = '0', fraction = '', offset] = match
  const [year, month, day] = [Number(y), Number(mo), Number(d)]
  const [hour, minute, second] = [Number(h), Number(mi), Number(s)]
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  const ms = Number(`${fraction}000`.slice(0, 3))
  const wall = wallMs({ year, month, day, hour, minute, second, ms })
  return { wall, offsetMs: offset === undefined ? null : offsetOf(offset), isDateOnly: match[4] === undefined }
}

function offsetOf(text: string): number {
  if (text === 'Z' || text === 'z') return 0
  const sign = text.startsWith('-') ? -1 : 1
  return sign * (Number(text.slice(1, 3)) * 3_600_000 + Number(text.slice(-2)) * 60_000)
}

/** The instant an ISO text means; a date alone is its midnight UTC, and a time without an offset is UTC. Null when it is no date. */
export function instantOfIso(text: string): Instant | null {
  const iso = parseIso(text)
  return iso === null ? null : iso.wall - (iso.offsetMs ?? 0)
}

/** `2026-12-24`. */
export function isoDate({ year, month, day }: LocalDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}
