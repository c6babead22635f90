import { createInstance } from 'i18next'
import { expect, test } from 'vitest'
import type { Seen } from '../../../shared/condition/facts.ts'
import { seenText } from '../../../shared/condition/seen-words.ts'
import { words as en } from '../../../shared/locales/en/words.ts'
import { words as zh } from '../../../shared/locales/zh/words.ts'

const i18n = createInstance()
await i18n.init({
  lng: 'en',
  resources: { en: { words: en }, zh: { words: zh } },
  interpolation: { escapeValue: false },
})
const text = (what: string, value: Seen['value'], language: string) => {
  const t = i18n.getFixedT(language, 'words')
  return seenText({ what, value, holds: false }, (key, values) => t(key, { ...values }))
}

test.each([
  ['attribute:plan', 'free', 'plan was free'],
  ['attribute:city', null, 'city was nothing'],
  ['property:total', 5, 'the event’s total was 5'],
  ['event:Order placed', 0, 'Order placed had not happened'],
  ['event:Order placed', 1, 'Order placed had happened once'],
  ['event:Order placed', 2, 'Order placed had happened 2 times'],
  ['event:a:b', 2, 'a:b had happened 2 times'],
  ['tag:vip', false, 'did not have the tag vip'],
  ['consent:news', 'withdrawn', 'consent for news was withdrawn'],
  ['message:hello:clicked', true, 'clicked hello'],
  ['message:hello:opened', false, 'not opened: hello'],
  ['history:active', true, 'was still inside'],
  ['history:entries', 2, 'times entered before: 2'],
  ['suppression', 'hard', 'the address: hard'],
  ['other', 1, 'other: 1'],
])('%s %j: %s', (what, value, expected) => {
  expect(text(what, value, 'en')).toBe(expected)
})

test('in Chinese too', () => {
  expect(text('event:下单', 2, 'zh')).toBe('下单 已发生 2 次')
})
