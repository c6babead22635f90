import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantOfIso, parseIso } from '../../../shared/time/calendar.ts'
import { durationOf, formatDuration, parseDuration } from '../../../shared/time/duration.ts'

describe('a duration', () => {
  test.each([
    ['PT2S', { months: 0, days: 0, ms: 2_000 }],
    ['PT0.25S', { months: 0, days: 0, ms: 250 }],
    ['P1D', { months: 0, days: 1, ms: 0 }],
    ['PT24H', { months: 0, days: 0, ms: 86_400_000 }],
    ['P2W', { months: 0, days: 14, ms: 0 }],
    ['P1Y2M3DT4H5M6S', { months: 14, days: 3, ms: 14_706_000 }],
    ['P10Y', { months: 120, days: 0, ms: 0 }],
    ['P3653D', { months: 0, days: 3_653, ms: 0 }],
  ])('%s is read', (text, duration) => {
    expect(parseDuration(text)).toEqual({ ok: true, duration })
  })

  test.each(['', 'P', 'PT', 'P1DT', '2 days', 'p2d', '-P1D', 'P1.5D', 'PT1,5H', 'P1H', 'PT1D', 'P1D ', 'P1D\n', 'P٣D'])(
    '%j is refused, naming it and what is expected',
    (text) => {
      const parsed = parseDuration(text)
      expect(parsed).toMatchObject({ ok: false, code: 'bad-duration' })
      expect(parsed.ok ? '' : parsed.message).toContain(JSON.stringify(text))
    },
  )

  test.each(['P0D', 'PT0S', 'P11Y', 'P121M', 'P3654D', 'PT99999999H', `P${'9'.repeat(400)}D`])(
    '%s is out of range',
    (text) => {
      expect(parseDuration(text)).toMatchObject({ ok: false, code: 'duration-out-of-range' })
    },
  )

  test('written and read again it is the same', () => {
    const duration = fc.record({ months: fc.nat(60), days: fc.nat(1_000), ms: fc.nat(400_000_000) })
    fc.assert(
      fc.property(duration, (duration) => {
        fc.pre(duration.months + duration.days + duration.ms > 0)
        expect(parseDuration(formatDuration(duration))).toEqual({ ok: true, duration })
      }),
    )
  })

  test('any text gets an answer', () => {
    fc.assert(fc.property(fc.string(), (text) => parseDuration(text).ok === (durationOf(text) !== null)))
  })
})

describe('an ISO date', () => {
  test.each([
    ['2026-12-24', '2026-12-24T00:00:00.000Z'],
    ['2026-12-24T09:00', '2026-12-24T09:00:00.000Z'],
    ['2026-12-24T09:00:00.5Z', '2026-12-24T09:00:00.500Z'],
    ['2026-12-24T09:00:00+07:00', '2026-12-24T02:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(instantOfIso(text) ?? Number.NaN).toISOString()).toBe(expected)
  })

  test.each(['2026-02-29', '2026-13-01', '2026-1-1', '24.12.2026', '2026-12-24T24:00', '', '1999'])(
    '%j is none',
    (text) => {
      expect(parseIso(text)).toBeNull()
    },
  )
})
