import { describe, expect, test } from 'vitest'
import { matters } from '../../../shared/engine/change.ts'
import { decideEntry, type EntryInput } from '../../../shared/engine/entry.ts'
import type { PlanSettings, PlanTrigger } from '../../../shared/workflow/plan.ts'
import { contact, duration, email, event, facts, NOW, plan } from '../../support/engine.ts'

const DAY = 86_400_000
const signedUp = event('Signed up', NOW, { plan: 'pro', cartId: 'c1' })
const byEvent: PlanTrigger = { kind: 'event', id: 't1', event: 'Signed up', where: null }
const NEVER_IN = { entries: 0, lastEnteredAt: null, activeSlots: [], hasActive: false }
const INSIDE = { entries: 1, lastEnteredAt: NOW - DAY, activeSlots: [''], hasActive: true }
const WAS_IN = { ...INSIDE, activeSlots: [], hasActive: false }

function enter(settings: Partial<PlanSettings> = {}, overrides: Partial<EntryInput> = {}) {
  const decision = decideEntry({
    plan: plan([email(1, null)], settings),
    trigger: byEvent,
    facts: facts({ event: signedUp, enteredAt: null }),
    history: NEVER_IN,
    now: NOW,
    workspaceZone: 'UTC',
    ...overrides,
  })
  return decision.enter ? { slot: decision.entryKey } : decision.reason
}

describe('who enters', () => {
  test('somebody new, by an event or by hand', () => {
    expect(enter()).toEqual({ slot: '' })
    expect(enter({}, { trigger: { kind: 'manual', id: 'm' }, facts: facts({ event: null }) })).toEqual({ slot: '' })
  })

  test('only those whose event fits the trigger', () => {
    const where = { property: 'plan', is: 'equals', value: 'free' } as const
    expect(enter({}, { trigger: { ...byEvent, where } })).toBe('trigger-filter')
    expect(enter({}, { facts: facts({ event: event('Order placed', NOW) }) })).toBe('trigger-filter')
  })

  test('only those of the audience', () => {
    expect(enter({ audience: { tag: 'beta' } })).toBe('audience')
    const beta = facts({ event: signedUp, contact: contact({ tags: ['beta'] }) })
    expect(enter({ audience: { tag: 'beta' } }, { facts: beta })).toEqual({ slot: '' })
  })

  test.each([
    [{ suppression: 'hard' } as const, 'suppressed'],
    [{ email: null }, 'suppressed'],
    [{ suppression: 'global' } as const, { slot: '' }],
    [{ consent: {} }, { slot: '' }],
  ])('with %j: %j', (overrides, expected) => {
    expect(enter({}, { facts: facts({ event: signedUp, contact: contact(overrides) }) })).toEqual(expected)
  })

  test('the first rule that says no is the answer', () => {
    const nothingFits = facts({ event: signedUp, contact: contact({ email: null }) })
    expect(enter({ audience: { tag: 'beta' } }, { facts: nothingFits, history: INSIDE })).toBe('audience')
    expect(enter({}, { facts: nothingFits, history: INSIDE })).toBe('suppressed')
    expect(enter({}, { history: INSIDE })).toBe('reentry')
  })
})

describe('who comes back', () => {
  test.each([
    ['once', WAS_IN, 'reentry'],
    ['always', WAS_IN, { slot: '' }],
    ['always', INSIDE, 'concurrency'],
    ['after-exit', INSIDE, 'reentry'],
    ['after-exit', WAS_IN, { slot: '' }],
  ] as const)('%s, history %j: %j', (reentry, history, expected) => {
    expect(enter({ reentry }, { history })).toEqual(expected)
  })

  test('at most once in a time, on the calendar of the person', () => {
    const settings = { reentry: { every: 'P30D' }, reentryEvery: duration('P30D') }
    const daysAfter = (ms: number) => enter(settings, { history: { ...WAS_IN, lastEnteredAt: NOW - ms } })
    expect(daysAfter(30 * DAY - 1)).toBe('reentry')
    expect(daysAfter(30 * DAY)).toEqual({ slot: '' })
  })
})

describe('how many at a time', () => {
  const always = { reentry: 'always' } as const
  test('many: without a slot', () => {
    expect(enter({ ...always, concurrency: 'many' }, { history: INSIDE })).toEqual({ slot: null })
  })
  test('one for each cart', () => {
    const perCart = { ...always, concurrency: { perKey: 'cartId' } }
    expect(enter(perCart)).toEqual({ slot: 'c1' })
    expect(enter(perCart, { history: { ...INSIDE, activeSlots: ['c2'] } })).toEqual({ slot: 'c1' })
    expect(enter(perCart, { history: { ...INSIDE, activeSlots: ['c1'] } })).toBe('concurrency')
  })
  test.each([undefined, null, '', { a: 1 }])('no key when the event says %j', (cartId) => {
    const properties = cartId === undefined ? {} : { cartId }
    const of = { event: event('Signed up', NOW, properties) }
    expect(enter({ ...always, concurrency: { perKey: 'cartId' } }, { facts: facts(of) })).toBe('no-key')
  })
})

test('a change matters to plans that read what changed', () => {
  const reads = { events: ['Order placed'], attributes: ['plan'], tags: ['vip'], topics: ['news'], messages: ['hello'] }
  expect(matters({ kind: 'event', name: 'Order placed' }, reads)).toBe(true)
  expect(matters({ kind: 'event', name: 'Page viewed' }, reads)).toBe(false)
  expect(matters({ kind: 'message', email: 'hello', did: 'clicked' }, reads)).toBe(true)
  const nothing = { kind: 'contact', attributes: [], tags: [], topics: [] } as const
  expect(matters(nothing, reads)).toBe(false)
  expect(matters({ ...nothing, topics: ['news'] }, reads)).toBe(true)
  expect(matters({ ...nothing, attributes: ['city', 'plan'] }, reads)).toBe(true)
})
