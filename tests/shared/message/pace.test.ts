import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { doneAt, endOfDay, type Pace, permitsAt, spend } from '../../../shared/message/pace.ts'
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../shared/time/instant.ts'

const NOON = Date.parse('2026-03-02T12:00:00Z')
const pace = (over: Partial<Pace> = {}): Pace => ({
  ratePerSecond: null,
  ratePerHour: null,
  quotaPerDay: null,
  nextSlotAt: 0,
  hourTokens: 0,
  refilledAt: NOON,
  dayUsed: 0,
  dayEndsAt: NOON + HOUR_MS * 12,
  slowedUntil: null,
  ...over,
})
/** Take all that may be taken, at these moments. */
function taken(first: Pace, moments: readonly number[], most = 1_000): number[] {
  const left: number[] = []
  let current = first
  for (const now of moments) {
    const permits = permitsAt(current, now)
    const count = Math.min(permits.available ?? most, most)
    const spent = spend(permits, count, now)
    current = spent.pace
    left.push(...spent.leaveAt.map((at) => Math.max(at, now)))
  }
  return left
}
const busiest = (times: readonly number[], windowMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length))
const steps = fc.array(fc.integer({ min: 0, max: 1_500 }), { minLength: 1, maxLength: 60 }).map((gaps) => {
  let now = NOON
  return gaps.map((gap) => {
    now += gap
    return now
  })
})

describe('the pace of an account', () => {
  test('never lets more than the rate leave in any second, however it is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), steps, (ratePerSecond, moments) => {
        expect(busiest(taken(pace({ ratePerSecond }), moments), SECOND_MS)).toBeLessThanOrEqual(ratePerSecond)
      }),
    )
  })

  test('never lets more than the rate leave in any hour, also after a long rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }), (ratePerHour, minutes) => {
        const moments = Array.from({ length: 400 }, (_, i) => NOON + i * minutes * 20_000)
        expect(busiest(taken(pace({ ratePerHour }), moments), HOUR_MS)).toBeLessThanOrEqual(ratePerHour)
      }),
      { numRuns: 40 },
    )
  })

  test('halves both rates while the server asked for less, and no longer', () => {
    const moments = Array.from({ length: 1_200 }, (_, i) => NOON + i * 100)
    const left = taken(pace({ ratePerSecond: 20, slowedUntil: NOON + 60_000 }), moments)
    const before = left.filter((at) => at < NOON + 60_000).length
    const after = left.filter((at) => at >= NOON + 60_000 && at < NOON + 120_000).length
    expect(before / 60).toBeGreaterThan(9)
    expect(before / 60).toBeLessThanOrEqual(10)
    expect(after / 60).toBeGreaterThan(18)
    expect(after / 60).toBeLessThanOrEqual(20)
  })

  test('a raised rate counts at once, and a clock that went back stops nothing', () => {
    const slow = spend(permitsAt(pace({ ratePerSecond: 0.001 }), NOON), 1, NOON).pace
    expect(permitsAt({ ...slow, ratePerSecond: 10 }, NOON + 1_000).nextAt ?? 0).toBeLessThanOrEqual(NOON + 1_200)
    const later = spend(permitsAt(pace({ ratePerSecond: 1 }), NOON + DAY_MS), 1, NOON + DAY_MS).pace
    expect(permitsAt(later, NOON + 2_000).nextAt ?? 0).toBeLessThanOrEqual(NOON + 4_000)
  })

  test('stops at the quota and says when the day ends', () => {
    const full = pace({ quotaPerDay: 200, dayUsed: 200 })
    expect(permitsAt(full, NOON)).toMatchObject({ available: 0, nextAt: full.dayEndsAt })
    expect(permitsAt({ ...full, dayUsed: 199 }, NOON).available).toBe(1)
    expect(endOfDay('Asia/Ho_Chi_Minh', NOON)).toBe(Date.parse('2026-03-02T17:00:00Z'))
  })
})

describe('the time when a queue is done', () => {
  test('is within a tenth of what it then takes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 200, max: 900 }), (ratePerSecond, queued) => {
        const moments = Array.from({ length: 12_000 }, (_, i) => NOON + i * 100)
        const took = (taken(pace({ ratePerSecond }), moments, 100)[queued - 1] ?? 0) - NOON
        const said = (doneAt(pace({ ratePerSecond }), queued, NOON, 'UTC') ?? 0) - NOON
        expect(Math.abs(said - took) / took).toBeLessThan(0.1)
      }),
      { numRuns: 15 },
    )
  })

  test('counts days where the quota is small, beginning with what is left of today', () => {
    const small = pace({ ratePerSecond: 14, quotaPerDay: 200, dayUsed: 150 })
    const at = doneAt(small, 450, NOON, 'UTC')
    expect(new Date(at ?? 0).toISOString()).toMatch(/^2026-03-04T00:00:1/)
  })

  test('is not known without limits, or when it is more than a year away', () => {
    expect(doneAt(pace(), 1_000, NOON, 'UTC')).toBeNull()
    expect(doneAt(pace({ ratePerSecond: 1 }), 0, NOON, 'UTC')).toBeNull()
    expect(doneAt(pace({ quotaPerDay: 1 }), 1_000, NOON, 'UTC')).toBeNull()
  })
})
