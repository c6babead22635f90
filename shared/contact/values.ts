/** Attribute values and their types: what a JSON value is, what a text of a CSV file may become, and what to call a person. */
import { isEqual, numberOf } from '../condition/values.ts'
import type { Json, JsonObject } from '../json.ts'
import { isoDate, parseIso } from '../time/calendar.ts'

export const ATTRIBUTE_TYPES = ['text', 'number', 'boolean', 'date'] as const
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number]

/** The type of a value as it stands; null for what has none (null, lists, objects). */
export function typeOfValue(value: Json): AttributeType | null {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value !== 'string') return null
  return parseIso(value) === null ? 'text' : 'date'
}

/** The type that all non-empty samples of a column share; `text` when they do not agree or there are none. */
export function guessType(samples: readonly string[]): AttributeType {
  const texts = samples.map((sample) => sample.trim()).filter((sample) => sample !== '')
  if (texts.length === 0) return 'text'
  if (texts.every((text) => parseIso(text) !== null)) return 'date'
  if (texts.every((text) => YES.has(text.toLowerCase()) || NO.has(text.toLowerCase()))) {
    // A column of 0 and 1 counts something as often as it answers something.
    return texts.every((text) => text === '0' || text === '1') ? 'number' : 'boolean'
  }
  // 007 and +84 90… are codes and telephone numbers: as numbers they would lose what matters.
  return texts.every((text) => numberOf(text) !== null && !/^[+-]?0\d|^\+/.test(text)) ? 'number' : 'text'
}

export type Coerced = { ok: true; value: Json } | { ok: false; message: string }

/** What a text of a file means as a value of this type; empty is null: no value. */
export function coerce(text: string, type: AttributeType): Coerced {
  const trimmed = text.trim()
  if (trimmed === '') return { ok: true, value: null }
  switch (type) {
    case 'text':
      return { ok: true, value: trimmed }
    case 'number': {
      const number = numberOf(trimmed)
      return number === null ? refuse(text, 'a number such as 12 or 12.5') : { ok: true, value: number }
    }
    case 'boolean': {
      const lower = trimmed.toLowerCase()
      if (YES.has(lower)) return { ok: true, value: true }
      return NO.has(lower) ? { ok: true, value: false } : refuse(text, 'yes or no')
    }
    case 'date': {
      const iso = isoOf(trimmed)
      return iso === null ? refuse(text, 'a date such as 2026-12-24') : { ok: true, value: iso }
    }
  }
}

/** Whether a JSON value may stand in an attribute of this type; null always may. */
export function fitsType(value: Json, type: AttributeType): boolean {
  if (value === null) return true
  if (type === 'text') return typeof value === 'string'
  if (type === 'number') return numberOf(value) !== null
  if (type === 'boolean') return isEqual(value, true) || isEqual(value, false)
  return typeof value === 'string' && parseIso(value) !== null
}

const YES = new Set(['true', 'yes', 'y', '1', 'có', '是'])
const NO = new Set(['false', 'no', 'n', '0', 'không', '否'])

/** ISO, `2026/12/24`, `20261224` or `24.12.2026`. Not `03/04/2026`: half the world reads it the other way round. */
function isoOf(text: string): string | null {
  if (parseIso(text) !== null) return text
  const yearFirst = /^(\d{4})[/.年]?(\d{1,2})[/.月]?(\d{1,2})日?$/.exec(text)
  const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  const [, year, month, day] = yearFirst ?? [null, dayFirst?.[3], dayFirst?.[2], dayFirst?.[1]]
  if (year === undefined || month === undefined || day === undefined) return null
  const iso = isoDate({ year: Number(year), month: Number(month), day: Number(day) })
  return parseIso(iso) === null ? null : iso
}

const refuse = (found: string, expected: string): Coerced => ({
  ok: false,
  message: `${JSON.stringify(found.length > 60 ? `${found.slice(0, 60)}…` : found)} is not ${expected}.`,
})

const FULL_NAME = ['name', 'full_name', 'fullname', 'ho_ten', 'họ_tên', 'họ_và_tên', '姓名']
const GIVEN_NAME = ['first_name', 'firstname', 'given_name', 'ten', 'tên', '名']
const FAMILY_NAME = ['last_name', 'lastname', 'surname', 'family_name', 'ho', 'họ', '姓']
const NAME_KEYS = new Map([...FULL_NAME, ...GIVEN_NAME, ...FAMILY_NAME].map((key) => [key, key]))

const nameKeyOf = (key: string): string | undefined =>
  NAME_KEYS.get(key) ?? NAME_KEYS.get(key.toLowerCase().replace(/[ -]/g, '_'))

/** Whether people may be called by this attribute. */
export const isNameKey = (key: string): boolean => nameKeyOf(key) !== undefined

/**
 * What to call a person, or null when nobody told us: the full name as given, else given and family name in the order of the language
 * (Vietnamese and Chinese put the family first; names in Han characters are written together).
 */
export function displayName(attributes: JsonObject, locale: string | null = null): string | null {
  const named = new Map<string, Json>()
  for (const key of Object.keys(attributes)) {
    const known = nameKeyOf(key)
    if (known !== undefined) named.set(known, attributes[key] ?? null)
  }
  if (named.size === 0) return null
  const pick = (keys: readonly string[]): string => {
    for (const key of keys) {
      const value = named.get(key)
      if (typeof value === 'string' && value.trim() !== '') return value.trim()
    }
    return ''
  }
  const full = pick(FULL_NAME)
  if (full !== '') return full
  const [given, family] = [pick(GIVEN_NAME), pick(FAMILY_NAME)]
  if (given === '' || family === '') return given || family || null
  if (/^\p{Script=Han}+$/u.test(given + family)) return family + given
  return /^(vi|zh)\b/.test(locale ?? '') ? `${family} ${given}` : `${given} ${family}`
}

/** For search by prefix: small letters without marks, so that "nguyen" finds "Nguyễn". */
export function foldForSearch(text: string): string {
  // Nothing to decompose: a third of the time.
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase().replace(/ {2,}/g, ' ').trim()
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/đ/g, 'd').replace(/\s+/g, ' ').trim()
}
