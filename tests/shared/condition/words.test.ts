import { createInstance } from 'i18next'
import { describe, expect, test } from 'vitest'
import { type Condition, MESSAGE_DEEDS, OPERATORS } from '../../../shared/condition/schema.ts'
import { durationText, placeTokens, type Say, sentenceOf, textOf } from '../../../shared/condition/words.ts'
import { why as whyEn } from '../../../shared/locales/en/why.ts'
import { words as en } from '../../../shared/locales/en/words.ts'
import { why as whyVi } from '../../../shared/locales/vi/why.ts'
import { words as vi } from '../../../shared/locales/vi/words.ts'
import { why as whyZh } from '../../../shared/locales/zh/why.ts'
import { words as zh } from '../../../shared/locales/zh/words.ts'

const i18n = createInstance()
await i18n.init({
  lng: 'en',
  resources: { en: { words: en }, vi: { words: vi }, zh: { words: zh } },
  interpolation: { escapeValue: false },
})
const says = (language: string): Say => {
  const t = i18n.getFixedT(language, 'words')
  return (key, values) => t(key, { ...values })
}
const text = (condition: Condition, language: string) => textOf(sentenceOf(condition), says(language))

const thrice: Condition = { event: 'Order placed', times: { atLeast: 3 }, within: 'P30D' }
test.each([
  [thrice, 'en', 'Order placed happened at least 3 times in the last 30 days'],
  [thrice, 'vi', 'có Order placed ít nhất 3 lần trong 30 ngày vừa qua'],
  [thrice, 'zh', '过去 30 天内，Order placed 至少发生 3 次'],
  [{ event: 'A', times: { atMost: 1 } }, 'en', 'A happened at most once'],
  [{ event: 'A', times: { atMost: 2 } }, 'en', 'A happened at most 2 times'],
  [{ event: 'A', times: { atMost: 0 }, within: 'since-entry' }, 'en', 'A has not happened since they entered'],
  [{ attribute: 'plan', is: 'one-of', value: ['pro', 'team', 7] }, 'en', 'plan is one of pro or team or 7'],
  [{ attribute: 'vip', is: 'equals', value: true }, 'zh', 'vip 为 是'],
  [{ attribute: 'x', is: 'equals' }, 'en', 'x is (choose)'],
  [
    { all: [{ tag: 'a' }, { any: [{ tag: 'b' }, { tag: 'c' }] }] },
    'en',
    'has the tag a and at least one of (has the tag b or has the tag c)',
  ],
  [{ not: { tag: 'a' } }, 'en', 'not true: has the tag a'],
  [
    { event: 'A', where: { property: 'cart', is: 'equals', value: { entry: 'cart' } } },
    'en',
    'A has happened, where the event’s cart is the cart of the event that started it',
  ],
] satisfies [Condition, string, string][])('%j in %s: %s', (condition, language, expected) => {
  expect(text(condition, language)).toBe(expected)
})

test.each([
  ['P1D', '1 day', '1 ngày', '1 天'],
  ['P2W', '2 weeks', '2 tuần', '2 周'],
  ['P1M2D', '1 month and 2 days', '1 tháng và 2 ngày', '1 个月又 2 天'],
  ['PT2S', '2 seconds', '2 giây', '2 秒'],
  ['soon', 'soon', 'soon', 'soon'],
])('%s: %s, %s, %s', (iso, ...expected) => {
  expect(['en', 'vi', 'zh'].map((language) => durationText(iso, says(language)))).toEqual(expected)
})

describe('every language has a sentence', () => {
  const times = [
    undefined,
    { atMost: 0 },
    { atLeast: 2 },
    { atMost: 2 },
    { atLeast: 2, atMost: 2 },
    { atLeast: 1, atMost: 2 },
  ]
  const all: Condition[] = [
    ...OPERATORS.flatMap((is): Condition[] => [
      { attribute: 'x', is, value: 'P1D' },
      { property: 'x', is, value: 'P1D' },
    ]),
    ...MESSAGE_DEEDS.flatMap((did): Condition[] => [
      { message: 'm', did },
      { message: 'm', did, machine: true },
    ]),
    ...times.flatMap((times) =>
      [undefined, 'since-entry', 'P3D'].map((within): Condition => ({ event: 'E', times, within })),
    ),
    { tag: 't' },
    { consent: 'c' },
  ]
  test.each(['en', 'vi', 'zh'])('%s: for every kind of condition, with every token in it', (language) => {
    for (const condition of all) {
      const [phrase] = sentenceOf(condition)
      if (phrase?.kind !== 'sentence') throw new Error('a leaf is one sentence')
      const placed = placeTokens(phrase, says(language))
      const needed = Object.keys(phrase.tokens).filter(
        (name) => !/\.(exists|missing)$/.test(phrase.key) || name !== 'value',
      )
      const names = placed.flatMap((part) => ('name' in part ? [part.name] : []))
      const once = /_one$|exactly once|at most once/.test(placed.map((p) => ('text' in p ? p.text : '')).join(''))
      expect([phrase.key, names.sort()]).toEqual([
        phrase.key,
        needed.filter((name) => !once || name !== 'times').sort(),
      ])
      expect(placed.some((part) => 'text' in part && part.text.includes('condition.'))).toBe(false)
    }
  })

  const keysOf = (tree: object, path = ''): string[] =>
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [`${path}${key}`] : keysOf(value, `${path}${key}.`),
    )
  test('the catalogues have the same keys, but for the plurals that only English needs', () => {
    const withoutOne = keysOf(en).filter((key) => !key.endsWith('_one'))
    expect(keysOf(vi).sort()).toEqual(withoutOne.sort())
    expect(keysOf(zh).sort()).toEqual(withoutOne.sort())
    expect(Object.keys(whyVi)).toEqual(Object.keys(whyEn))
    expect(Object.keys(whyZh)).toEqual(Object.keys(whyEn))
  })
})
