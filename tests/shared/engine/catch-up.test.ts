/** When somebody goes on after a pause, by policy and by what they were waiting for. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CATCH_UPS, type CatchUp, dueAfter } from '../../../shared/engine/catch-up.ts'
import { DAY_MS, HOUR_MS } from '../../../shared/time/instant.ts'
import { toLocal } from '../../../shared/time/zones.ts'
import type { WaitRule } from '../../../shared/workflow/plan.ts'
import { duration } from '../../support/engine.ts'

const PAUSED = Date.parse('2026-03-02T09:00:00Z')
const RESUMED = PAUSED + 15 * DAY_MS
const FOR: WaitRule = { kind: 'for', duration: duration('P7D') }
const AT: WaitRule = { kind: 'at', local: '2026-03-05T09:00:00' }
const NINE: WaitRule = { kind: 'time', minuteOfDay: 9 * 60, days: [1], after: null }
const due = (remainingMs: number, catchUp: CatchUp, rule: WaitRule | null = FOR, zone = 'UTC') =>
  dueAfter({ remainingMs, rule, zone }, { pausedAt: PAUSED, resumedAt: RESUMED, catchUp })

describe('after a pause of 15 days', () => {
  test.each([
    ['shift', 3, 18],
    ['shift', 20, 35],
    ['shift', -1, 14],
    ['send', 3, 15],
    ['send', 20, 20],
    ['send', -1, 15],
    ['skip', 3, 3],
    ['skip', 20, 20],
  ] as const)('%s: who had %i days to go goes on on day %i', (catchUp, left, on) => {
    expect(due(left * DAY_MS, catchUp)).toBe(PAUSED + on * DAY_MS)
  })

  test('a date stays the date, passed or not', () => {
    expect(due(3 * DAY_MS, 'shift', AT)).toBe(PAUSED + 3 * DAY_MS)
    expect(due(30 * DAY_MS, 'shift', AT)).toBe(PAUSED + 30 * DAY_MS)
  })

  test('Monday at nine stays Monday at nine, in the zone of the person', () => {
    fc.assert(
      fc.property(fc.nat(40 * DAY_MS), fc.constantFrom('UTC', 'Asia/Tokyo', 'America/New_York'), (left, zone) => {
        const at = due(left, 'shift', NINE, zone)
        expect(toLocal(zone, at)).toMatchObject({ hour: 9, minute: 0, weekday: 1 })
        expect(at).toBeGreaterThanOrEqual(RESUMED + left)
        expect(at).toBeLessThanOrEqual(RESUMED + left + 7 * DAY_MS + HOUR_MS)
      }),
    )
  })

  test('nobody goes on before they were meant to, and two keep their order and their distance', () => {
    fc.assert(
      fc.property(fc.nat(90 * DAY_MS), fc.nat(90 * DAY_MS), fc.constantFrom(...CATCH_UPS), (a, b, catchUp) => {
        const [first, second] = [due(Math.min(a, b), catchUp), due(Math.max(a, b), catchUp)]
        expect(first).toBeGreaterThanOrEqual(PAUSED + Math.min(a, b))
        expect(second).toBeGreaterThanOrEqual(first)
        if (catchUp === 'shift') expect(second - first).toBe(Math.abs(a - b))
      }),
    )
  })
})
