/**
 * Comparing values of unknown type inside SQL, by the same rules as in memory (shared/condition/values.ts). SQLite calls these
 * functions; PostgreSQL will have functions of the same names. Each takes JSON text or NULL.
 */
import type Sqlite from 'better-sqlite3'
import { instantOf, isEqual, numberOf } from '../../shared/condition/values.ts'
import type { Json } from '../../shared/json.ts'

const OPTIONS = { deterministic: true, directOnly: true } as const

export function defineValueFunctions(raw: Sqlite.Database): void {
  const define = (name: string, of: (found: Json, expected: Json) => number | string | null, arity: 1 | 2) => {
    const call = (found: unknown, expected: unknown) =>
      typeof found !== 'string' ? null : of(parse(found), arity === 2 ? parse(String(expected)) : null)
    raw.function(
      name,
      OPTIONS,
      arity === 2
        ? (found: unknown, expected: unknown) => call(found, expected)
        : (found: unknown) => call(found, null),
    )
  }
  define('value_equals', (found, expected) => flag(isEqual(found, expected)), 2)
  define('value_one_of', (found, expected) => flag(list(expected).some((one) => isEqual(found, one))), 2)
  define('value_has', (found, expected) => flag(list(found).some((one) => isEqual(one, expected))), 2)
  define('value_number', (found) => numberOf(found), 1)
  define('value_instant', (found) => instantOf(found), 1)
  define('value_text', (found) => (typeof found === 'string' || typeof found === 'number' ? String(found) : null), 1)
}

const flag = (holds: boolean): number => (holds ? 1 : 0)
const list = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [])
const parse = (text: string): Json => JSON.parse(text) as Json
