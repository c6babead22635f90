import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition } from '../../../shared/condition/schema.ts'
import { conditionSchema } from '../../../shared/condition/schema.ts'
import {
  addTo,
  conditionOf,
  isOfAnybody,
  joinBy,
  removeAt,
  replaceAt,
  treeOf,
  valueFrom,
  withOperator,
} from '../../../web/panels/condition/tree.ts'

const vip: Condition = { tag: 'vip' }
const pro: Condition = { attribute: 'plan', is: 'equals', value: 'pro' }

const condition = fc.letrec<{ any: Condition }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ tag: fc.constantFrom('a', 'b') }),
    fc.record({ consent: fc.constant('marketing') }),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('any').map((not) => ({ not })),
  ),
})).any

/** What a condition says about a person with these tags, written apart from the engine. */
function holds(c: Condition, tags: ReadonlySet<string>): boolean {
  if ('all' in c) return c.all.every((x) => holds(x, tags))
  if ('any' in c) return c.any.some((x) => holds(x, tags))
  if ('not' in c) return !holds(c.not, tags)
  return 'tag' in c ? tags.has(c.tag) : tags.has('consent')
}

describe('a condition in the builder', () => {
  test('means the same when it comes back', () => {
    fc.assert(
      fc.property(condition, fc.subarray(['a', 'b', 'consent']), (before, tags) => {
        const after = conditionOf(treeOf(before))
        expect(after).not.toBeNull()
        if (after === null) return
        expect(conditionSchema.safeParse(after).success).toBe(true)
        expect(holds(after, new Set(tags))).toBe(holds(before, new Set(tags)))
      }),
    )
  })
  test('is nothing when its last rule is removed', () => {
    expect(conditionOf(removeAt(treeOf(vip), [0]))).toBeNull()
  })
  test('is the rule itself while there is only one', () => {
    expect(conditionOf(addTo(treeOf(null), [], vip as never))).toEqual(vip)
  })
  test('joins two rules by "every one of these"', () => {
    expect(conditionOf(addTo(treeOf(vip), [], pro as never))).toEqual({ all: [vip, pro] })
  })
  test('says "not one of these" as not any', () => {
    const two = addTo(treeOf(vip), [], pro as never)
    expect(conditionOf(joinBy(two, [], 'none'))).toEqual({ not: { any: [vip, pro] } })
  })
  test('changes a rule inside a group without touching its neighbours', () => {
    const tree = treeOf({ all: [vip, { any: [pro, vip] }] })
    expect(conditionOf(replaceAt(tree, [1, 0], { tag: 'new' }))).toEqual({ all: [vip, { any: [{ tag: 'new' }, vip] }] })
  })
  test('drops the value when the operator needs none, and begins a duration when it needs one', () => {
    const rule = { attribute: 'renewal', is: 'equals' as const, value: 'x' }
    expect(withOperator(rule, 'exists')).toEqual({ attribute: 'renewal', is: 'exists' })
    expect(withOperator(rule, 'within-last')).toMatchObject({ value: 'P30D' })
  })
  test('reads numbers as numbers only where the attribute is one', () => {
    expect(valueFrom('3', 'number', 'at-least')).toBe(3)
    expect(valueFrom('3', 'text', 'equals')).toBe('3')
    expect(valueFrom('1, 2', 'number', 'one-of')).toEqual([1, 2])
    expect(valueFrom('soon', 'number', 'equals')).toBe('soon')
  })
  test('can be counted among everybody only without emails, entry event and entry time', () => {
    expect(isOfAnybody({ all: [vip, { event: 'Order placed', within: 'P30D' }] })).toBe(true)
    expect(isOfAnybody({ not: { event: 'Order placed', within: 'since-entry' } })).toBe(false)
    expect(isOfAnybody({ any: [vip, { message: 'hello', did: 'clicked' }] })).toBe(false)
  })
})
