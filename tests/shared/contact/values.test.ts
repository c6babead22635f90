import { describe, expect, test } from 'vitest'
import { mayMail } from '../../../shared/contact/mailable.ts'
import { coerce, displayName, foldForSearch, guessType, typeOfValue } from '../../../shared/contact/values.ts'

describe('attribute values', () => {
  test.each([
    ['pro', 'text'],
    [5, 'number'],
    [false, 'boolean'],
    ['2026-12-24', 'date'],
    [null, null],
    [['a'], null],
  ])('%j is %s', (value, type) => {
    expect(typeOfValue(value)).toBe(type)
  })

  test.each([
    [' 12.5 ', 'number', 12.5],
    ['1e3', 'number', 1_000],
    ['Yes', 'boolean', true],
    ['không', 'boolean', false],
    ['2026-12-24', 'date', '2026-12-24'],
    ['19970101', 'date', '1997-01-01'],
    ['24.12.2026', 'date', '2026-12-24'],
    ['2026年3月8日', 'date', '2026-03-08'],
    [' a ', 'text', 'a'],
    ['  ', 'number', null],
  ] as const)('%j as %s becomes %j', (text, type, value) => {
    expect(coerce(text, type)).toEqual({ ok: true, value })
  })

  test.each([
    ['12,5', 'number'],
    ['0x10', 'number'],
    ['Infinity', 'number'],
    ['maybe', 'boolean'],
    ['03/04/2026', 'date'],
    ['2026-02-30', 'date'],
  ] as const)('%j is no %s, and the answer names it', (text, type) => {
    expect(coerce(text, type)).toMatchObject({ ok: false, message: expect.stringContaining(JSON.stringify(text)) })
  })

  test.each([
    [['1', '2.5', ''], 'number'],
    [['007', '42'], 'text'],
    [['+84901234567'], 'text'],
    [['yes', 'no'], 'boolean'],
    [['0', '1'], 'number'],
    [['2026-01-01', '2026-01-02T10:00:00Z'], 'date'],
    [['2026-01-01', 'soon'], 'text'],
    [[], 'text'],
  ] as const)('a column of %j looks like %s', (samples, type) => {
    expect(guessType(samples)).toBe(type)
  })
})

describe('what to call a person', () => {
  test.each([
    [{ name: 'Ann Lee', first_name: 'X' }, null, 'Ann Lee'],
    [{ first_name: 'Ann', last_name: 'Lee' }, 'en', 'Ann Lee'],
    [{ first_name: 'Thu Hà', last_name: 'Nguyễn' }, 'vi', 'Nguyễn Thu Hà'],
    [{ firstName: 'Ann' }, null, 'Ann'],
    [{ 'Last Name': 'Lee' }, null, 'Lee'],
    [{ 姓: '王', 名: '小明' }, null, '王小明'],
    [{ 姓名: '王小明' }, 'zh', '王小明'],
    [{ 'Họ và tên': 'Nguyễn Thu Hà' }, null, 'Nguyễn Thu Hà'],
    [{ first_name: '  ', plan: 'pro' }, null, null],
    [{ name: 5 }, null, null],
  ])('%j in %s: %s', (attributes, locale, expected) => {
    expect(displayName(attributes, locale)).toBe(expected)
  })

  test.each([
    ['Nguyễn  Thu Hà', 'nguyen thu ha'],
    ['Đặng', 'dang'],
    ['Maëlle', 'maelle'],
    ['王小明', '王小明'],
  ])('%s is found by %s', (name, folded) => {
    expect(foldForSearch(name)).toBe(folded)
  })
})

describe('may we mail this person?', () => {
  const ann = { email: 'ann@example.com', suppression: 'none', consent: { marketing: 'granted' } } as const
  test.each([
    ['marketing', {}, null],
    ['marketing', { consent: {} }, 'no-consent'],
    ['marketing', { consent: { marketing: 'unknown' } }, 'no-consent'],
    ['marketing', { suppression: 'global' }, 'suppressed'],
    ['marketing', { email: null, suppression: 'hard' }, 'no-address'],
    ['transactional', { consent: { marketing: 'withdrawn' }, suppression: 'global' }, null],
    ['transactional', { suppression: 'hard' }, 'suppressed'],
    ['transactional', { email: '' }, 'no-address'],
  ] as const)('%s with %j: %s', (messageClass, overrides, reason) => {
    expect(mayMail({ ...ann, ...overrides }, messageClass)).toEqual(
      reason === null ? { ok: true } : { ok: false, reason },
    )
  })
})
