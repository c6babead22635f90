import fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { zoneOf } from '../../../shared/time/zone-of.ts'
import {
  addDuration,
  fromLocal,
  fromLocalText,
  isZone,
  nextLocalTime,
  offsetAt,
  toLocal,
} from '../../../shared/time/zones.ts'
import { jsonFixture } from '../../support/fixtures.ts'

type Cases = {
  cases: { id: string; zone: string; local: string; why: string; expected_utc: string }[]
  daily_sequences: Record<string, string[]>
  waits: { zone: string; start_utc: string; calendar_result_utc: string; elapsed_result_utc: string }[]
}
const cases = jsonFixture<Cases>('timezones/timezones.json')
const utc = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

const ZONES = [
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Ho_Chi_Minh',
  'Asia/Shanghai',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Europe/London',
  'America/Sao_Paulo',
  'America/Recife',
  'Africa/Cairo',
  'America/Santiago',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/St_Johns',
  'Asia/Gaza',
  'Antarctica/Troll',
  'Africa/Monrovia',
  'Europe/Dublin',
  'Asia/Tehran',
  'Asia/Pyongyang',
  'America/Caracas',
  'UTC',
]
const zone = fc.constantFrom(...ZONES)
const instant = fc.integer({ min: 0, max: Date.UTC(2060, 0, 1) / 1_000 }).map((seconds) => seconds * 1_000)

describe.skipIf(cases === null)('the time zone fixtures (need ../shared/fixtures)', () => {
  test.each(cases?.cases ?? [])('$id $zone $local: $why', ({ zone, local, expected_utc }) => {
    expect(utc(fromLocalText(zone, local) ?? Number.NaN)).toBe(expected_utc)
  })

  test.each(Object.entries(cases?.daily_sequences ?? {}))('%s fires once a day', (name, expected) => {
    const [, time = '', place = ''] = /^daily_(\d{4})_(.+)_\d{4}-/.exec(name) ?? []
    const zone = place === 'Lord_Howe' ? 'Australia/Lord_Howe' : `America/${place}`
    const minuteOfDay = Number(time.slice(0, 2)) * 60 + Number(time.slice(2))
    const first = Date.parse(expected[0] ?? '')
    const fired = [first]
    while (fired.length < expected.length) fired.push(nextLocalTime(zone, fired.at(-1) ?? 0, { minuteOfDay, days: [] }))
    expect(fired.map(utc)).toEqual(expected)
  })

  test.each(cases?.waits ?? [])('a day from $start_utc in $zone', (wait) => {
    const start = Date.parse(wait.start_utc)
    expect(utc(addDuration(start, { months: 0, days: 1, ms: 0 }, wait.zone))).toBe(wait.calendar_result_utc)
    expect(utc(addDuration(start, { months: 0, days: 0, ms: DAY_MS }, wait.zone))).toBe(wait.elapsed_result_utc)
  })
})

describe('against Temporal', () => {
  test('wall times are the same at every instant', () => {
    fc.assert(
      fc.property(zone, instant, (zone, at) => {
        const theirs = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
        const { year, month, day, hour, minute, second, weekday } = toLocal(zone, at)
        expect([year, month, day, hour, minute, second, weekday]).toEqual([
          theirs.year,
          theirs.month,
          theirs.day,
          theirs.hour,
          theirs.minute,
          theirs.second,
          theirs.dayOfWeek,
        ])
        expect(offsetAt(zone, at)).toBe(theirs.offsetNanoseconds / 1e6)
      }),
      { numRuns: 2_000 },
    )
  })

  test('local times mean the same instant, near every change of the clocks as well', () => {
    const nearChange = fc.tuple(zone, instant, fc.integer({ min: -180, max: 180 })).map(([zone, at, minutes]) => {
      const change = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
      return { zone, wall: (change?.epochMilliseconds ?? at) + minutes * 60_000 }
    })
    const anywhere = fc.record({ zone, wall: instant })
    fc.assert(
      fc.property(fc.oneof(nearChange, anywhere), ({ zone, wall }) => {
        const local = toLocal(zone, wall)
        // Shift the wall clock by half an hour, so that the gap itself is met, not only its ends.
        for (const shift of [0, 30, 60]) {
          const plain = Temporal.PlainDateTime.from({
            year: local.year,
            month: local.month,
            day: local.day,
            hour: local.hour,
            minute: local.minute,
            second: local.second,
          }).add({ minutes: shift })
          const theirs = plain.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
          const ours = fromLocal(zone, {
            year: plain.year,
            month: plain.month,
            day: plain.day,
            hour: plain.hour,
            minute: plain.minute,
            second: plain.second,
            ms: 0,
          })
          expect(ours).toBe(theirs)
        }
      }),
      { numRuns: 1_500 },
    )
  })

  test('durations are added and taken away alike', () => {
    const amount = fc.record({
      months: fc.nat(40),
      days: fc.nat(400),
      ms: fc.nat(100 * 3_600).map((seconds) => seconds * 1_000),
    })
    fc.assert(
      fc.property(zone, instant, amount, fc.constantFrom(1 as const, -1 as const), (zone, at, amount, sign) => {
        const start = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
        const duration = Temporal.Duration.from({
          months: amount.months,
          days: amount.days,
          milliseconds: amount.ms,
        })
        const theirs = sign === 1 ? start.add(duration) : start.subtract(duration)
        if (theirs.epochMilliseconds < 0) return // before the first table; asked of Intl, tested below
        expect(addDuration(at, amount, zone, sign)).toBe(theirs.epochMilliseconds)
      }),
      { numRuns: 2_000 },
    )
  })

  test('instants outside the tables are right too', () => {
    for (const at of [Date.UTC(1955, 6, 1), Date.UTC(2090, 6, 1)]) {
      const theirs = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO('Europe/Paris')
      expect(offsetAt('Europe/Paris', at)).toBe(theirs.offsetNanoseconds / 1e6)
    }
  })
})

describe('the next local time', () => {
  test('comes once per local date, two years of every day in every zone', () => {
    for (const name of ZONES) {
      let at = Date.UTC(2010, 11, 31)
      const dates = new Set<string>()
      for (let n = 0; n < 730; n++) {
        at = nextLocalTime(name, at, { minuteOfDay: 150, days: [] })
        const local = toLocal(name, at)
        dates.add(`${local.year}-${local.month}-${local.day}`)
      }
      expect([name, dates.size]).toEqual([name, 730])
    }
  })

  test('keeps to its weekdays', () => {
    const friday = Date.UTC(2026, 10, 20, 10)
    const next = nextLocalTime('Asia/Shanghai', friday, { minuteOfDay: 9 * 60, days: [1, 3] })
    expect(utc(next)).toBe('2026-11-23T01:00:00Z')
  })

  test('is later than now unless now counts', () => {
    const nine = Date.UTC(2026, 10, 20, 9)
    const rule = { minuteOfDay: 9 * 60, days: [] }
    expect(nextLocalTime('UTC', nine, rule)).toBe(nine + DAY_MS)
    expect(nextLocalTime('UTC', nine, { ...rule, isInclusive: true })).toBe(nine)
  })
})

describe('names of zones', () => {
  test.each(['Europe/Paris', 'UTC', 'Asia/Ho_Chi_Minh', 'Etc/GMT+5'])('%s is one', (name) => {
    expect(isZone(name)).toBe(true)
  })
  test.each(['', 'Mars/Olympus', '+07:00', 'Europe/Paris\n', '__proto__', 'x'.repeat(500)])('%j is none', (name) => {
    expect(isZone(name)).toBe(false)
  })

  test("a person's own zone comes first, and a bad one is passed over", () => {
    const rest = { workflow: 'Asia/Tokyo', workspace: 'Europe/Paris' }
    expect(zoneOf({ contact: 'Asia/Shanghai', ...rest })).toEqual({ zone: 'Asia/Shanghai', source: 'contact' })
    expect(zoneOf({ contact: 'Nowhere', ...rest })).toEqual({ zone: 'Asia/Tokyo', source: 'workflow' })
    expect(zoneOf({ contact: null, workflow: null, workspace: 'Europe/Paris' }).source).toBe('workspace')
    expect(zoneOf({ contact: null, workflow: null, workspace: null })).toEqual({ zone: 'UTC', source: 'utc' })
  })
})
