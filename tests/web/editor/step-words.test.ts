import { describe, expect, test } from 'vitest'
import { recipe } from '../../../shared/workflow/recipes.ts'
import { wordsOfStep } from '../../../web/editor/step-words.ts'

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
