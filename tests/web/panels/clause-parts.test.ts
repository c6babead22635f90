import { describe, expect, test } from 'vitest'
import { builder } from '../../../shared/locales/en/builder.ts'
import { words } from '../../../shared/locales/en/words.ts'
import { formatsFor } from '../../../web/editor/text.ts'
import { partsOf, readBack } from '../../../web/panels/condition/clause-parts.ts'

function t(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const [first = '', second] = key.split(':')
  const root = second === undefined ? builder : { words }[first]
  const find = (path: string) =>
    path.split('.').reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], root)
  const path = second ?? first
  const found = find(path) ?? find(`${path}_${values.count === 1 ? 'one' : 'other'}`)
  return String(found ?? key).replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))
}
const text = { t, formats: formatsFor('en', 'UTC'), language: 'en' }
const emails = { hello: 'Welcome, first name' }
const shown = (rule: Parameters<typeof partsOf>[0]) =>
  partsOf(rule, text, emails).map((part) => (part.kind === 'token' ? `[${part.slot}: ${part.text}]` : part.text))

describe('a rule is the sentence of the catalogue, its parts changeable', () => {
  test.each([
    [{ attribute: 'plan', is: 'equals', value: 'pro' } as const, '[attribute: plan] [is: is] [value: pro]'],
    [{ attribute: 'plan', is: 'exists' } as const, '[attribute: plan] [is: is known]'],
    [
      { property: 'total', is: 'at-least', value: 40 } as const,
      'the event’s [property: total] [is: is at least] [value: 40]',
    ],
    [
      { event: 'Ordered', times: { atLeast: 3 }, within: 'P90D' } as const,
      '[event: Ordered] [how: happened at least] [how: 3] times in the last [how: 90 days]',
    ],
    [{ message: 'hello', did: 'clicked' } as const, '[did: clicked in] [message: Welcome, first name]'],
    [{ tag: '' } as const, 'has the tag [tag: choose]'],
    [{ consent: 'marketing' } as const, 'agreed to [consent: marketing mail]'],
  ])('%o', (rule, sentence) => expect(shown(rule).join(' ')).toBe(sentence))

  test('read back as one sentence, emails by their subject', () => {
    const condition = { all: [{ tag: 'vip' }, { not: { message: 'hello', did: 'opened' as const } }] }
    expect(readBack(condition, text, emails)).toBe('has the tag vip and not true: opened “Welcome, first name”')
  })
})
