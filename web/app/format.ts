/** Numbers, dates and durations in the language of the interface, always through Intl. Pure: the caller passes language, zone and clock. */
import type { Language } from './language.ts'
import { zoneNameIn } from './zone-name.ts'

/** How a catalogue's template is filled. */
export type Fill = (key: string, values?: Record<string, string | number>) => string

const INTL: Record<Language, string> = { en: 'en-GB', vi: 'vi-VN', zh: 'zh-CN' }
const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

export type Format = ReturnType<typeof formatIn>

/** All formatters of one language and zone. `fill` reads the templates that say in which order day, time and zone stand. */
export function formatIn(language: Language, zone: string, fill: Fill) {
  const moments = momentsIn(language, zone, fill)
  return { language, zone, ...amountsIn(language), ...moments, ...distancesIn(language, moments, fill) }
}

function amountsIn(language: Language) {
  const locale = INTL[language]
  return {
    count: (value: number): string => numberOf(locale, {}).format(value),
    /** A rate; `–` when there is no base to divide by. */
    share: (part: number, whole: number): string =>
      whole === 0
        ? '–'
        : numberOf(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(
            part / whole,
          ),
    duration: (ms: number): string => {
      const [value, unit] = largestUnit(ms)
      const isLong = unit === 'day' || language === 'vi'
      const unitDisplay = isLong ? 'long' : unit === 'second' && language === 'en' ? 'narrow' : 'short'
      return numberOf(locale, { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 }).format(value)
    },
    bytes: (size: number): string => {
      const [value, unit] = bytesIn(size)
      return numberOf(locale, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short', // "123 bytes"; the short form has no plural
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value)
    },
    list: (items: readonly string[]): string =>
      new Intl.ListFormat(locale, { style: 'long', type: 'conjunction' }).format(items),
  }
}

type Moments = ReturnType<typeof momentsIn>

function momentsIn(language: Language, zone: string, fill: Fill) {
  const locale = INTL[language]
  const written = (iso: string | number, options: Intl.DateTimeFormatOptions): string =>
    formatterOf(locale, { timeZone: zone, ...options }).format(new Date(iso))
  const time = (iso: string | number): string => written(iso, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const timeWithSeconds = (iso: string | number): string =>
    written(iso, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  /** 3 Mar 2026 · 03/03/2026 · 2026年3月3日 */
  const day = (iso: string | number): string =>
    language === 'vi'
      ? written(iso, { day: '2-digit', month: '2-digit', year: 'numeric' })
      : written(iso, { day: 'numeric', month: 'short', year: 'numeric' })
  const weekday = (iso: string | number): string => written(iso, { weekday: language === 'vi' ? 'long' : 'short' })
  const dayWithWeekday = (iso: string | number): string =>
    fill('format.weekdayDay', { weekday: weekday(iso), day: day(iso) })
  /** 3 Mar · 03/03 · 3月3日: a day of the year that is running. */
  const shortDay = (iso: string | number): string =>
    language === 'vi' ? day(iso).slice(0, 'dd/MM'.length) : written(iso, { day: 'numeric', month: 'short' })
  const year = (iso: string | number): string => written(iso, { year: 'numeric' })
  const zoneName = (iso: string | number): string => zoneNameIn(language, zone, new Date(iso))
  /** Day, time and zone: the whole moment. */
  const moment = (iso: string | number): string =>
    fill('format.moment', { day: dayWithWeekday(iso), time: time(iso), zone: zoneName(iso) })
  const isSameDay = (a: number | string, b: number | string): boolean => day(a) === day(b)
  return { time, timeWithSeconds, day, shortDay, weekday, dayWithWeekday, year, zoneName, moment, isSameDay }
}

/** Moments as seen from now. */
function distancesIn(language: Language, { time, day, shortDay, year, isSameDay }: Moments, fill: Fill) {
  const locale = INTL[language]
  /** Today by its time, other days by date and time, other years by the year too. The zone stands elsewhere (column, foot). */
  const near = (iso: string | number, now: number): string =>
    isSameDay(iso, now)
      ? fill('format.today', { time: time(iso) })
      : fill('format.dayTime', { day: year(iso) === year(now) ? shortDay(iso) : day(iso), time: time(iso) })
  /** `4 s ago`, only under an hour; older moments as `near`. */
  const ago = (iso: string, now: number): string => {
    const pastMs = now - new Date(iso).getTime()
    if (pastMs < 0 || pastMs >= HOUR_MS) return near(iso, now)
    return pastMs < MINUTE_MS
      ? relative(locale, -Math.floor(pastMs / SECOND_MS), 'second')
      : relative(locale, -Math.floor(pastMs / MINUTE_MS), 'minute')
  }
  return { near, ago }
}

function bytesIn(size: number): [number, string] {
  if (size < 1_000) return [size, 'byte']
  return size < 1_000_000 ? [size / 1_000, 'kilobyte'] : [size / 1_000_000, 'megabyte']
}

function largestUnit(ms: number): [number, string] {
  if (ms < SECOND_MS) return [Math.round(ms), 'millisecond']
  if (ms < MINUTE_MS) return [ms / SECOND_MS, 'second']
  if (ms < HOUR_MS) return [ms / MINUTE_MS, 'minute']
  if (ms < 24 * HOUR_MS) return [ms / HOUR_MS, 'hour']
  return [ms / (24 * HOUR_MS), 'day']
}

// Intl objects cost about 50 µs each to make; a table of 50 rows uses hundreds.
const formatters = new Map<string, Intl.DateTimeFormat>()
const numbers = new Map<string, Intl.NumberFormat>()

function formatterOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const known = formatters.get(key) ?? new Intl.DateTimeFormat(locale, options)
  formatters.set(key, known)
  return known
}

function numberOf(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options)
  const known = numbers.get(key) ?? new Intl.NumberFormat(locale, options)
  numbers.set(key, known)
  return known
}

const relative = (locale: string, value: number, unit: 'second' | 'minute'): string =>
  new Intl.RelativeTimeFormat(locale, { style: 'short' }).format(value, unit)
