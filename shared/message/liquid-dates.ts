/** The date filters on our clock and in the contact's zone; the library's own read the machine's. */
import { filters, type Liquid } from 'liquidjs'
import type { Instant } from '../time/instant.ts'
import { MINUTE_MS } from '../time/instant.ts'
import { isZone, toLocal } from '../time/zones.ts'

type Clock = { now: Instant; timezone: string }
/** By the globals of a render: nested contexts share them. */
const clocks = new WeakMap<object, Clock>()

export function setClock(globals: { now?: string }, clock: Clock): void {
  globals.now = new Date(clock.now).toISOString()
  clocks.set(globals, clock)
}

const DATE_FILTERS = ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string'] as const
const XML_SCHEMA = '%Y-%m-%dT%H:%M:%S%:z'
const RFC822 = '%a, %d %b %Y %H:%M:%S %z'

const formatDate = filters.date

export function registerDates(liquid: Liquid): void {
  if (typeof formatDate !== 'function') throw new RangeError('liquidjs has no date filter')
  for (const name of DATE_FILTERS) {
    liquid.registerFilter(name, function (value: unknown, ...args: unknown[]) {
      const clock = clocks.get(this.context.globals)
      if (clock === undefined) throw new RangeError('a template is rendered without a clock')
      const zone = name === 'date' ? zoneArgument(args[1], clock.timezone) : clock.timezone
      const instant = instantOf(value, clock.now)
      if (instant === null) return value
      const offset = instant.isLocal ? 0 : minutesWest(zone, instant.at)
      const format =
        name === 'date' ? (args[0] ?? '%A, %B %-e, %Y at %-l:%M %P %z') : formatOf(name, args, instant, offset)
      return formatDate.call(this, new Date(instant.at), String(format), shownOffset(instant.at, offset))
    })
  }
}

type Found = {
  at: Instant
  /** Wall time without a zone: shown as it is written, in no zone. */
  isLocal: boolean
}

function instantOf(value: unknown, now: Instant): Found | null {
  if (value === 'now' || value === 'today') return { at: now, isLocal: false }
  if (value instanceof Date) return { at: value.getTime(), isLocal: false }
  if (typeof value === 'number') return { at: value * 1_000, isLocal: false }
  if (typeof value !== 'string') return null
  const text = value.trim()
  if (/^\d+$/.test(text)) return { at: Number(text) * 1_000, isLocal: false }
  if (/^-\d+$/.test(text)) return null
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2}|\b(?:UTC|GMT))\s*$/i.test(text) && !/^\d{4}-\d{2}-\d{2}$/.test(text)
  // Without a zone it is wall time; read as UTC and shown unshifted, so no machine's zone plays a part.
  const at = Date.parse(
    hasZone ? text : /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : `${text} UTC`.replace(/(\d)T(\d)/, '$1 $2'),
  )
  return Number.isNaN(at) ? null : { at, isLocal: !hasZone }
}

function zoneArgument(zone: unknown, fallback: string): string {
  if (zone === undefined || zone === null) return fallback
  if (typeof zone === 'string' && isZone(zone)) return zone
  throw new RangeError(`date: ${JSON.stringify(zone)} is no time zone; expected a name such as "Asia/Ho_Chi_Minh"`)
}

/**
 * liquidjs shifts the instant and reads it with the machine's clock, an hour wrong where the machine itself changes to summer time in
 * between; this takes that hour out again.
 */
function shownOffset(at: Instant, offset: number): number {
  const machine = new Date(at).getTimezoneOffset()
  const shown = new Date(at + (machine - offset) * MINUTE_MS).getTimezoneOffset()
  return offset + machine - shown
}

function minutesWest(zone: string, at: Instant): number {
  const local = toLocal(zone, at)
  const wall = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second)
  return Math.round((Math.floor(at / 1_000) * 1_000 - wall) / MINUTE_MS)
}

function formatOf(name: (typeof DATE_FILTERS)[number], args: readonly unknown[], found: Found, offset: number): string {
  if (name === 'date_to_xmlschema') return XML_SCHEMA
  if (name === 'date_to_rfc822') return RFC822
  const month = name === 'date_to_string' ? '%b' : '%B'
  if (args[0] !== 'ordinal') return `%d ${month} %Y`
  const day = new Date(found.at - offset * MINUTE_MS).getUTCDate()
  return args[1] === 'US' ? `${month} ${day}%q, %Y` : `${day}%q ${month} %Y`
}
