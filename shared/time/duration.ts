/**
 * ISO 8601 durations. Years, months, weeks and days belong to the calendar (`P1D`: the same wall time tomorrow); hours, minutes and
 * seconds are elapsed time (`PT24H`). Only seconds may have decimals, at most three: half a month has no meaning we could keep.
 */
import type { CalendarDuration } from '../workflow/plan.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from './instant.ts'

export type ParsedDuration =
  | { ok: true; duration: CalendarDuration }
  | { ok: false; code: 'bad-duration' | 'duration-out-of-range'; message: string }

/** Ten years with the most leap days they can hold. */
const LONGEST_DAYS = 3_653
const DAYS_PER_MONTH = 365.2425 / 12
const SHAPE =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/

/** Read a duration of more than nothing and at most 10 years. */
export function parseDuration(text: string): ParsedDuration {
  const match = SHAPE.exec(text)
  if (match === null || text === 'P')
    return {
      ok: false,
      code: 'bad-duration',
      message: `${shown(text)} is not a duration; expected ISO 8601 such as "P2D", "PT4H" or "PT30M"${hint(text)}.`,
    }
  const n = (index: number): number => Number(match[index] ?? 0)
  const duration = {
    months: n(1) * 12 + n(2),
    days: n(3) * 7 + n(4),
    ms: n(5) * HOUR_MS + n(6) * MINUTE_MS + n(7) * 1_000 + Number(`${match[8] ?? ''}000`.slice(0, 3)),
  }
  const days = duration.months * DAYS_PER_MONTH + duration.days + duration.ms / DAY_MS
  if (days > 0 && days <= LONGEST_DAYS) return { ok: true, duration }
  return {
    ok: false,
    code: 'duration-out-of-range',
    message: `${shown(text)} is ${days > 0 ? 'too long' : 'no time at all'}; expected more than nothing and at most 10 years ("P10Y").`,
  }
}

const KNOWN_LIMIT = 1_000
const known = new Map<string, CalendarDuration | null>()

/** The duration a text means, or null; remembered, because conditions ask for the same few at every evaluation. */
export function durationOf(text: string): CalendarDuration | null {
  const remembered = known.get(text)
  if (remembered !== undefined) return remembered
  const parsed = parseDuration(text)
  const duration = parsed.ok ? parsed.duration : null
  if (known.size >= KNOWN_LIMIT) known.clear()
  known.set(text, duration)
  return duration
}

/** ISO text of a duration; `parseDuration` reads it back to the same value. */
export function formatDuration({ months, days, ms }: CalendarDuration): string {
  const years = Math.floor(months / 12)
  const seconds = (ms % MINUTE_MS) / 1_000
  const date = `${part(years, 'Y')}${part(months % 12, 'M')}${part(days, 'D')}`
  const time = `${part(Math.floor(ms / HOUR_MS), 'H')}${part(Math.floor(ms / MINUTE_MS) % 60, 'M')}${part(seconds, 'S')}`
  if (date === '' && time === '') return 'PT0S'
  return time === '' ? `P${date}` : `P${date}T${time}`
}

const part = (count: number, unit: string): string => (count === 0 ? '' : `${count}${unit}`)

const shown = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)

function hint(text: string): string {
  if (text.startsWith('-')) return ', without a minus'
  return /[.,]\d/.test(text) ? '; only seconds may have decimals' : ''
}
