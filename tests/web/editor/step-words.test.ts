import { describe, expect, test } from 'vitest'
import { recipe } from '../../../shared/workflow/recipes.ts'
import { wordsOfStep, wordsOfTrigger } from '../../../web/editor/step-words.ts'

const words = {
  t: (key: string, values?: Record<string, unknown>) => `${key} ${JSON.stringify(values ?? {})}`,
} as unknown as Parameters<typeof wordsOfStep>[2]
const document = recipe('welcome', 'en')
const branch = (paths: readonly unknown[]) => ({ id: 'b', kind: 'branch', title: 'Which?', paths, otherwise: null })

describe('what stands below the name of a branch', () => {
  const rule = { attribute: 'plan', is: 'equals', value: 'pro' }

  test('counts rules, whether or not their paths have a name', () => {
    const step = branch([
      { id: 'a', label: '', when: rule, next: null },
      { id: 'b', label: 'Free', when: rule, next: null },
    ])
    expect(wordsOfStep(step, document, words).line).toBe('words-of.first-rule {"count":2}')
  })

  test('says that there is no rule as long as none is written', () => {
    const step = branch([{ id: 'a', label: 'Named before its rule', when: null, next: null }])
    expect(wordsOfStep(step, document, words).line).toBe('words-of.no-paths {}')
  })
})

describe('what an update of a contact is called', () => {
  const update = (fields: Readonly<Record<string, unknown>>) =>
    wordsOfStep({ id: 'u', kind: 'update-contact', ...fields }, document, words).title

  test('is the first thing it changes, and how many more there are', () => {
    expect(update({ set: { plan: 'pro' } })).toBe('steps:name.set-value {"attribute":"plan"}')
    expect(update({ set: { plan: null } })).toBe('steps:name.delete-value {"attribute":"plan"}')
    expect(update({ addTags: ['vip'], removeTags: ['lead'] })).toBe(
      `steps:name.and-more ${JSON.stringify({ first: 'steps:name.add-tag {"tag":"vip"}', count: 1 })}`,
    )
  })

  test('has a name as long as it changes nothing', () => {
    expect(update({ set: {}, addTags: [], removeTags: [] })).toBe('steps:untitled.update-contact {}')
  })
})

describe('what a trigger is called', () => {
  test('a tag is named, a missing one asked for', () => {
    expect(wordsOfTrigger({ id: 't', kind: 'tag-added', tag: 'vip' }, words).title).toBe(
      'trigger.tag-added.title {"tag":"vip"}',
    )
    expect(wordsOfTrigger({ id: 't', kind: 'tag-added', tag: null }, words).title).toBe('trigger.tag-added.untitled {}')
    expect(wordsOfTrigger({ id: 't', kind: 'contact-created' }, words).title).toBe('kind.contact-created.name {}')
  })
})
