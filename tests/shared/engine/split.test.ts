/** Who takes which arm: in the shares that were asked for, and always the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { advance, readyPlan } from '../../../shared/engine/advance.ts'
import { armAt, placeOf } from '../../../shared/engine/split.ts'
import { asStepId, type ContactId, partOf } from '../../../shared/ids.ts'
import type { PlanArm } from '../../../shared/workflow/plan.ts'
import { contact, enrolled, facts, NOW, plan, split } from '../../support/engine.ts'

const id = (n: number): ContactId => n as ContactId
const armsOf = (...weights: number[]): PlanArm[] =>
  weights.map((weight, n) => ({ id: `arm${n}`, label: '', weight, next: null }))
const step = asStepId('deal')

/** Within 4.9 standard deviations: a fair deal misses it once in a million. */
function isFair(count: number, of: number, share: number): boolean {
  return Math.abs(count - of * share) <= 4.9 * Math.sqrt(of * share * (1 - share)) + 1
}

describe('the shares of a split', () => {
  test('are those of the weights, for contacts in a row and far apart, whatever the workflow', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 6 })
    const usable = weights.filter((list) => list.some((weight) => weight > 0))
    fc.assert(
      fc.property(
        usable,
        fc.nat(1_000_000),
        fc.constantFrom(1, 7, 1_024, 2 ** 33),
        fc.nat(9_999),
        (list, from, by, salt) => {
          const arms = armsOf(...list)
          const total = list.reduce((sum, weight) => sum + weight, 0)
          const people = 3_000
          const counts = new Map<string, number>()
          for (let n = 0; n < people; n++) {
            const arm = armAt(arms, placeOf(String(salt), step, id(from + n * by + 1)))
            counts.set(arm?.id ?? '', (counts.get(arm?.id ?? '') ?? 0) + 1)
          }
          for (const { id: arm, weight } of arms) {
            const count = counts.get(arm) ?? 0
            expect(isFair(count, people, weight / total), `${arm} of ${list}: ${count} of ${people}`).toBe(true)
            if (weight === 0) expect(count).toBe(0)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('of one split say nothing about another, nor about where a contact is stored', () => {
    const people = 20_000
    const half = armsOf(1, 1)
    let [both, odd] = [0, 0]
    for (let n = 1; n <= people; n++) {
      const first = armAt(half, placeOf('1', step, id(n)))?.id === 'arm0'
      const other = armAt(half, placeOf('2', step, id(n)))?.id === 'arm0'
      if (first && other) both += 1
      if (first && partOf(id(n)) % 2 === 1) odd += 1
    }
    expect(isFair(both, people, 1 / 4)).toBe(true)
    expect(isFair(odd, people, 1 / 4)).toBe(true)
  })

  test('that grow move only those who have to: nobody leaves the arm that grew', () => {
    for (let n = 1; n <= 5_000; n++) {
      const place = placeOf('1', step, id(n))
      if (armAt(armsOf(10, 90), place)?.id === 'arm0') expect(armAt(armsOf(30, 70), place)?.id).toBe('arm0')
    }
  })

  test('without any weight are nobody’s', () => {
    expect(armAt(armsOf(0, 0), 0.5)).toBeNull()
  })
})

describe('one person', () => {
  const take = (contactId: number, options: { now?: number; title?: string; salt?: string } = {}) => {
    const [drawn] = plan([
      split(1, [
        { id: 'a', weight: 1, next: null },
        { id: 'b', weight: 1, next: null },
      ]),
    ]).steps
    const version = plan(drawn === undefined ? [] : [{ ...drawn, title: options.title ?? 'First' }])
    const { path } = advance(readyPlan(version, options.salt ?? '7'), {
      facts: facts({ contact: contact({ id: id(contactId) }) }),
      state: enrolled({ contactId: id(contactId), dueAt: options.now ?? NOW }),
      input: { kind: 'timer' },
      now: options.now ?? NOW,
      workspaceZone: 'UTC',
    })
    return path[0]?.path
  }

  test('takes the same arm at every visit and in every version', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), fc.nat(10 ** 9), fc.string(), (who, later, title) => {
        expect(take(who, { now: NOW + later, title })).toBe(take(who))
      }),
    )
  })

  test('may take another one where another workflow has the same step', () => {
    const people = Array.from({ length: 40 }, (_, n) => n + 1)
    expect(people.some((who) => take(who, { salt: '7' }) !== take(who, { salt: '8' }))).toBe(true)
  })

  test('of the past stays where they were dealt: the hash does not change with the product', () => {
    expect([1, 2, 3, 42, 1_000_003].map((n) => placeOf('7', step, id(n)).toFixed(6))).toMatchInlineSnapshot(`
      [
        "0.931957",
        "0.069429",
        "0.603878",
        "0.200764",
        "0.710728",
      ]
    `)
  })
})
