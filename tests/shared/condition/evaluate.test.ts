import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dependenciesOf } from '../../../shared/condition/dependencies.ts'
import { evaluate, evaluateAsOf } from '../../../shared/condition/evaluate.ts'
import type { Seen } from '../../../shared/condition/facts.ts'
import { type Condition, OPERATORS, type Operator } from '../../../shared/condition/schema.ts'
import type { Json } from '../../../shared/json.ts'
import { contact, event, facts, NOW } from '../../support/engine.ts'

const DAY = 86_400_000

function compare(found: Json | undefined, is: Operator, value?: Json): boolean {
  const attributes = found === undefined ? {} : { x: found }
  const condition: Condition = value === undefined ? { attribute: 'x', is } : { attribute: 'x', is, value }
  const ofAttribute = evaluate(condition, facts({ contact: contact({ attributes }) }), NOW)
  const ofProperty = evaluate(
    value === undefined ? { property: 'x', is } : { property: 'x', is, value },
    facts({ event: event('E', NOW, attributes) }),
    NOW,
  )
  expect(ofProperty).toBe(ofAttribute) // one language for both
  return ofAttribute
}

describe('operators', () => {
  test.each<[Json, Operator, Json, boolean]>([
    ['pro', 'equals', 'pro', true],
    ['Pro', 'equals', 'pro', false],
    [5, 'equals', '5', true],
    ['5.0', 'equals', 5, true],
    ['5.0', 'equals', '5', false],
    [true, 'equals', 'true', true],
    [true, 'equals', 1, false],
    ['free', 'not-equals', 'pro', true],
    ['pro', 'not-equals', 'pro', false],
    ['green tea', 'contains', 'tea', true],
    ['green tea', 'contains', 'Tea', false],
    [['tea', 7], 'contains', 'tea', true],
    [['tea', 7], 'contains', '7', true],
    [['tea', 7], 'contains', 'te', false],
    [12_345, 'contains', 34, true],
    [{ a: 'tea' }, 'contains', 'tea', false],
    ['green tea', 'starts-with', 'green', true],
    ['green tea', 'starts-with', 'tea', false],
    [10, 'greater-than', 9, true],
    ['10', 'greater-than', '9', true],
    [10, 'greater-than', 10, false],
    [10, 'at-least', 10, true],
    ['ten', 'at-least', 1, false],
    [9, 'less-than', 10, true],
    [10, 'at-most', 10, true],
    [true, 'at-least', 0, false],
    ['b', 'one-of', ['a', 'b'], true],
    [2, 'one-of', ['1', '2'], true],
    ['c', 'one-of', ['a', 'b'], false],
    ['b', 'one-of', 'b', false],
    ['2026-12-23', 'before', '2026-12-24', true],
    ['2026-12-24', 'before', '2026-12-24', false],
    ['2026-12-24T00:00:01Z', 'after', '2026-12-24', true],
    ['2026-12-24T06:00:00+07:00', 'before', '2026-12-24', true],
    [Date.UTC(2020, 1, 1), 'before', '2026-12-24', false],
    ['2026-11-20', 'within-last', 'P1D', true],
    ['2026-11-13T09:00:00Z', 'within-last', 'P7D', true],
    ['2026-11-13T08:59:59Z', 'within-last', 'P7D', false],
    ['2026-11-21', 'within-last', 'P7D', false],
    ['2026-11-27T09:00:00Z', 'within-next', 'P7D', true],
    ['2026-11-27T09:00:01Z', 'within-next', 'P7D', false],
    ['2026-11-19', 'within-next', 'P7D', false],
    ['soon', 'within-next', 'P7D', false],
  ])('%j %s %j: %s', (found, is, value, expected) => {
    expect(compare(found, is, value)).toBe(expected)
  })

  test.each([[undefined], [null], ['']])('%j is missing: every comparison is false and its opposite true', (found) => {
    for (const is of OPERATORS.filter((operator) => operator !== 'missing' && operator !== 'exists')) {
      expect([is, compare(found, is, is === 'one-of' ? [''] : 'P1D')]).toEqual([is, false])
      const without: Condition = { not: { attribute: 'x', is, value: 'x' } }
      expect(evaluate(without, facts(), NOW)).toBe(true)
    }
    expect([compare(found, 'exists'), compare(found, 'missing')]).toEqual([false, true])
  })

  test.each([[0], [false], ['x'], [[]]])('%j exists', (found) => {
    expect([compare(found, 'exists'), compare(found, 'missing')]).toEqual([true, false])
  })

  test('names from Object are no attributes', () => {
    expect(evaluate({ attribute: 'constructor', is: 'exists' }, facts(), NOW)).toBe(false)
    expect(evaluate({ consent: 'toString' }, facts(), NOW)).toBe(false)
  })

  test('address, language and zone of a contact can be asked for like attributes', () => {
    const of = facts({ contact: contact({ locale: 'vi' }) })
    expect(evaluate({ attribute: 'locale', is: 'starts-with', value: 'vi' }, of, NOW)).toBe(true)
    expect(evaluate({ attribute: 'timezone', is: 'missing' }, of, NOW)).toBe(true)
  })
})

describe('events', () => {
  const ordered = (at: number, total = 10) => event('Order placed', at, { total })
  const past = facts({
    enteredAt: NOW - 5 * DAY,
    events: [ordered(NOW - 40 * DAY, 500), ordered(NOW - 30 * DAY), ordered(NOW - DAY, 90), event('Page viewed', NOW)],
  })
  test.each<[Condition, boolean]>([
    [{ event: 'Order placed' }, true],
    [{ event: 'Refunded' }, false],
    [{ event: 'Order placed', times: { atLeast: 3 } }, true],
    [{ event: 'Order placed', times: { atLeast: 4 } }, false],
    [{ event: 'Order placed', times: { atMost: 2 } }, false],
    [{ event: 'Refunded', times: { atMost: 0 } }, true],
    [{ event: 'Refunded', times: {} }, false],
    [{ event: 'Order placed', within: 'P30D', times: { atLeast: 2 } }, true],
    [{ event: 'Order placed', within: 'P29D', times: { atLeast: 2 } }, false],
    [{ event: 'Order placed', within: 'since-entry' }, true],
    [{ event: 'Order placed', within: 'since-entry', times: { atLeast: 2 } }, false],
    [{ event: 'Order placed', where: { property: 'total', is: 'at-least', value: 100 } }, true],
    [{ event: 'Order placed', within: 'P30D', where: { property: 'total', is: 'at-least', value: 100 } }, false],
    [{ event: 'Order placed', where: null }, true],
  ])('%j: %s', (condition, expected) => {
    expect(evaluate(condition, past, NOW)).toBe(expected)
  })

  test('the event at hand counts once, loaded with the past or not', () => {
    const atHand = ordered(NOW)
    const once: Condition = { event: 'Order placed', times: { atLeast: 1, atMost: 1 } }
    expect(evaluate(once, facts({ event: atHand }), NOW)).toBe(true)
    expect(evaluate(once, facts({ event: atHand, events: [{ ...atHand }] }), NOW)).toBe(true)
  })

  test('since entry leaves out the entry event and keeps what came with it', () => {
    const entry = event('Order placed', NOW - 10_000, { cartId: 'c1' })
    const since: Condition = { event: 'Order placed', within: 'since-entry' }
    const base = { entry, enteredAt: NOW }
    expect(evaluate(since, facts({ ...base, events: [entry] }), NOW)).toBe(false)
    expect(evaluate(since, facts({ ...base, events: [entry, ordered(NOW - 9_000)] }), NOW)).toBe(true)
    expect(evaluate(since, facts({ ...base, events: [ordered(NOW - 11_000)] }), NOW)).toBe(false)
    expect(evaluate(since, facts({ enteredAt: null, events: [ordered(NOW)] }), NOW)).toBe(false)
  })

  test('values may come from the entry event, and a missing one fits nothing', () => {
    const cart = (entry: string): Condition => ({
      event: 'Checkout',
      where: { property: 'cart', is: 'equals', value: { entry } },
    })
    const of = facts({ entry: event('Cart', NOW, { cart: 'c1' }), events: [event('Checkout', NOW, { cart: 'c1' })] })
    expect(evaluate(cart('cart'), of, NOW)).toBe(true)
    expect(evaluate(cart('other'), of, NOW)).toBe(false)
  })

  test('a property is looked for in the event at hand, then in the entry event', () => {
    const of = facts({ event: event('Later', NOW, { a: 1 }), entry: event('Entry', NOW, { a: 2, b: 3 }) })
    expect(evaluate({ property: 'a', is: 'equals', value: 1 }, of, NOW)).toBe(true)
    expect(evaluate({ property: 'b', is: 'equals', value: 3 }, of, NOW)).toBe(true)
  })

  test('as of an instant, what came later is not known', () => {
    const of = facts({ events: [ordered(NOW + 1)], event: event('Page viewed', NOW + 1, { url: '/' }) })
    expect(evaluateAsOf({ event: 'Order placed' }, of, NOW)).toBe(false)
    expect(evaluateAsOf({ property: 'url', is: 'exists' }, of, NOW)).toBe(false)
    expect(evaluateAsOf({ event: 'Order placed' }, of, NOW + 1)).toBe(true)
  })
})

describe('tags, consent, messages, groups', () => {
  const click = { email: 'hello', did: 'clicked', machine: true, at: NOW } as const
  const of = facts({
    contact: contact({ tags: ['vip'], consent: { news: 'withdrawn', offers: 'granted' } }),
    messages: [click],
  })
  test.each<[Condition, boolean]>([
    [{ tag: 'vip' }, true],
    [{ tag: 'beta' }, false],
    [{ consent: 'offers' }, true],
    [{ consent: 'news' }, false],
    [{ consent: 'events' }, false],
    [{ message: 'hello', did: 'clicked' }, false],
    [{ message: 'hello', did: 'clicked', machine: true }, true],
    [{ message: 'hello', did: 'opened', machine: true }, false],
    [{ all: [{ tag: 'vip' }, { consent: 'offers' }] }, true],
    [{ all: [{ tag: 'vip' }, { tag: 'beta' }] }, false],
    [{ any: [{ tag: 'beta' }, { tag: 'vip' }] }, true],
    [{ not: { any: [{ tag: 'beta' }, { tag: 'vip' }] } }, false],
  ])('%j: %s', (condition, expected) => {
    expect(evaluate(condition, of, NOW)).toBe(expected)
  })
})

test('what was seen is kept for "why?", as far as it was looked at, and never at length', () => {
  const seen: Seen[] = []
  const of = facts({ contact: contact({ attributes: { bio: 'x'.repeat(5_000) } }), events: [event('A', NOW)] })
  evaluate(
    { any: [{ tag: 'vip' }, { attribute: 'bio', is: 'equals', value: 'y' }, { event: 'A' }, { tag: 'never' }] },
    of,
    NOW,
    seen,
  )
  expect(seen).toEqual([
    { what: 'tag:vip', value: false, holds: false },
    { what: 'attribute:bio', value: `${'x'.repeat(200)}…`, holds: false },
    { what: 'event:A', value: 1, holds: true },
  ])
})

test('dependencies name everything that is read, once and sorted', () => {
  const condition: Condition = {
    all: [
      { attribute: 'plan', is: 'exists' },
      { not: { tag: 'vip' } },
      { any: [{ consent: 'news' }, { message: 'hello', did: 'opened' }, { attribute: 'city', is: 'exists' }] },
      {
        event: 'Order placed',
        where: {
          all: [
            { property: 'total', is: 'exists' },
            { attribute: 'plan', is: 'exists' },
          ],
        },
      },
    ],
  }
  expect(dependenciesOf(condition, null, { event: 'Checkout' })).toEqual({
    events: ['Checkout', 'Order placed'],
    attributes: ['city', 'plan'],
    tags: ['vip'],
    topics: ['news'],
    messages: ['hello'],
  })
})

test('not turns every answer round', () => {
  const leaf = fc.record({
    attribute: fc.constant('x'),
    is: fc.constantFrom(...OPERATORS),
    value: fc.jsonValue() as fc.Arbitrary<Json>,
  })
  fc.assert(
    fc.property(leaf, fc.jsonValue(), (condition, found) => {
      const of = facts({ contact: contact({ attributes: { x: found as Json } }) })
      expect(evaluate({ not: condition }, of, NOW)).toBe(!evaluate(condition, of, NOW))
    }),
  )
})
