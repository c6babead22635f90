import { describe, expect, test } from 'vitest'
import { formatsFor } from '../../../web/editor/text.ts'
import { choiceOf, type Names, samplesOf, typeOf } from '../../../web/panels/condition/choices.ts'
import type { Slot } from '../../../web/panels/condition/clause-parts.ts'
import type { Rule } from '../../../web/panels/condition/tree.ts'

const text = { t: (key: string) => key, formats: formatsFor('en', 'UTC'), language: 'en' }
const fields = {
  attributes: [
    { key: 'plan', type: 'text' as const, samples: ['free', 'pro'] },
    { key: 'visits', type: 'number' as const, samples: [] },
  ],
  tags: ['vip', 'vip'],
  topics: ['marketing', 'news'],
  events: [
    { name: 'Ordered', properties: ['total', 'coupon'] },
    { name: 'Signed up', properties: ['source'] },
  ],
}
const names: Names = { fields, emails: { hello: 'Welcome' }, eventName: null }
const plan: Rule = { attribute: 'plan', is: 'equals', value: 'pro' }
const choice = (slot: Slot, rule: Rule, known: Partial<Names> = {}) =>
  choiceOf(slot, { rule, names: { ...names, ...known }, text })

describe('what a token can be changed to', () => {
  test('names that may be written freely come with those known, each once', () => {
    const attribute = choice('attribute', plan)
    if (attribute?.kind !== 'suggest') throw new RangeError('nothing suggested')
    expect([attribute.value, attribute.data]).toEqual(['plan', ['plan', 'visits']])
    expect(attribute.change('city')).toEqual({ attribute: 'city', is: 'equals', value: 'pro' })
    expect(choice('tag', { tag: '' })).toMatchObject({ kind: 'suggest', data: ['vip'] })
    expect(choice('event', { event: 'Ordered' })).toMatchObject({ data: ['Ordered', 'Signed up'] })
  })

  test('properties are those of the event at hand, else of all', () => {
    const rule: Rule = { property: '', is: 'equals', value: '' }
    expect(choice('property', rule)).toMatchObject({ data: ['total', 'coupon', 'source'] })
    expect(choice('property', rule, { eventName: 'Ordered' })).toMatchObject({ data: ['total', 'coupon'] })
  })

  test('comparisons are those its type knows, and what was chosen makes the rule fit', () => {
    const is = choice('is', { attribute: 'visits', is: 'equals', value: 3 })
    if (is?.kind !== 'pick') throw new RangeError('nothing to pick')
    expect(is.options.map((option) => option.value)).toContain('at-least')
    expect(is.change('exists')).toEqual({ attribute: 'visits', is: 'exists' })
  })

  test('a value from elsewhere changes nothing', () => {
    const did = choice('did', { message: 'hello', did: 'clicked' })
    if (did?.kind !== 'pick') throw new RangeError('nothing to pick')
    expect(did.change('danced')).toEqual({ message: 'hello', did: 'clicked' })
    expect(did.change('opened')).toEqual({ message: 'hello', did: 'opened' })
  })

  test('consents begin with marketing, which is built in', () => {
    const consent = choice('consent', { consent: 'news' })
    expect(consent?.kind === 'pick' && consent.options.map((option) => option.value)).toEqual(['marketing', 'news'])
  })

  test('a workflow without emails says so', () => {
    const rule: Rule = { message: '', did: 'clicked' }
    expect(choice('message', rule, { emails: {} })).toEqual({
      kind: 'nothing',
      say: 'cond.no-emails',
    })
    expect(choice('message', rule)).toMatchObject({ kind: 'pick', options: [{ value: 'hello', label: 'Welcome' }] })
  })

  test('a slot the rule does not have has no choice', () => {
    expect(choice('how', plan)).toBeNull()
    expect(choice('value', { tag: 'vip' })).toBeNull()
    expect(choice('did', plan)).toBeNull()
    expect(choice('value', plan)).toEqual({ kind: 'value' })
  })

  test('types are declared, or said by the number a property is compared with', () => {
    expect(typeOf(plan, fields)).toBe('text')
    expect(typeOf({ property: 'total', is: 'at-least', value: 40 }, fields)).toBe('number')
    expect(typeOf({ property: 'total', is: 'equals', value: 'x' }, fields)).toBeNull()
    expect(samplesOf(plan, fields)).toEqual(['free', 'pro'])
  })
})
