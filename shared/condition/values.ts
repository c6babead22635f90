/**
 * How values of unknown type are compared. Attributes come from CSV files and events from other systems, so numbers and dates may be
 * text: `"99.50"` is a number, `"2026-12-24"` and ISO times are dates (without an offset: UTC). Text is compared exactly.
 */
import type { Json } from '../json.ts'
import { instantOfIso } from '../time/calendar.ts'
import type { Instant } from '../time/instant.ts'
import type { ConditionValue } from './schema.ts'

/** Absent, null and the empty text are all "missing". */
export function isMissing(value: Json | undefined): value is null | undefined | '' {
  return value === undefined || value === null || value === ''
}

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?\s*$/i

/** The number a value is or spells, or null. */
export function numberOf(value: Json | undefined): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.length < 64 && NUMBER.test(value) ? Number(value) : null
}

/** The instant an ISO text means, or null; numbers are not dates, since nobody says in which unit they count. */
export function instantOf(value: Json | undefined): Instant | null {
  return typeof value === 'string' ? instantOfIso(value) : null
}

/** Equal as they stand, as numbers (`5` and `"5"`), or as yes and no (`true` and `"true"`). */
export function isEqual(found: Json, expected: Json): boolean {
  if (found === expected) return true
  if (typeof found === 'boolean' || typeof expected === 'boolean') return String(found) === String(expected)
  if (typeof found !== 'number' && typeof expected !== 'number') return false
  const number = numberOf(found)
  return number !== null && number === numberOf(expected)
}

/** Whether a value names a property of the entry event: `{ "entry": "cartId" }`. */
export function isEntryValue(value: ConditionValue | undefined): value is { readonly entry: string } {
  return typeof value === 'object' && value !== null && 'entry' in value && typeof value.entry === 'string'
}
