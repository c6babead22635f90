/**
 * What the two databases say differently, as pieces of SQL. Everything outside server/db is Kysely, or a text that both understand: this is
 * the only way to read inside JSON, to look inside text, or to search without regard to case.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DialectName } from './open.ts'

type Piece = RawBuilder<unknown>

/** One member of a JSON object, as JSON; NULL when it is not there. */
export function jsonMember(dialect: DialectName, object: Piece, key: string): Piece {
  return dialect === 'sqlite' ? sql`(${object} -> ${jsonPath(key)})` : sql`(${object} -> ${key}::text)`
}

/** One member of a JSON object that is text, as text; NULL when it is not there. */
export function jsonMemberText(dialect: DialectName, object: Piece, key: string): Piece {
  return dialect === 'sqlite' ? sql`json_extract(${object}, ${jsonPath(key)})` : sql`(${object} ->> ${key}::text)`
}

/** Whatever the member is called. */
const jsonPath = (key: string): string => `$.${JSON.stringify(key)}`

/** A column of text as JSON. */
export function jsonOfText(dialect: DialectName, text: Piece): Piece {
  return dialect === 'sqlite' ? sql`json_quote(${text})` : sql`to_jsonb(${text})`
}

export function jsonIsArray(dialect: DialectName, value: Piece): RawBuilder<SqlBool> {
  return dialect === 'sqlite' ? sql`(json_type(${value}) = 'array')` : sql`(jsonb_typeof(${value}) = 'array')`
}

/** Whether a JSON array of texts has this one. */
export function jsonArrayHas(dialect: DialectName, array: Piece, text: string): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`EXISTS (SELECT 1 FROM json_each(${array}) WHERE value = ${text})`
    : sql`(${array} @> to_jsonb(${text}::text))`
}

/** A JSON value as an argument of the functions of value-functions.ts. */
export function jsonLiteral(dialect: DialectName, json: string): Piece {
  return dialect === 'sqlite' ? sql`${json}` : sql`${json}::jsonb`
}

/** Whether `text` has `part` in it, exactly; NULL when either is NULL. */
export function textContains(dialect: DialectName, text: Piece, part: string | null): RawBuilder<SqlBool> {
  return dialect === 'sqlite' ? sql`(instr(${text}, ${part}) > 0)` : sql`(strpos(${text}, ${part}::text) > 0)`
}

export function textStartsWith(dialect: DialectName, text: Piece, start: string): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`(substr(${text}, 1, length(${start})) = ${start})`
    : sql`starts_with(${text}, ${start}::text)`
}

/** Whether `text` has `part` in it, whatever the case of ASCII letters; PostgreSQL folds other letters too. */
export function textContainsFolded(dialect: DialectName, text: Piece, part: string): RawBuilder<SqlBool> {
  const pattern = `%${part.replace(/[\\%_]/g, '\\$&')}%`
  return dialect === 'sqlite'
    ? sql`(${text} LIKE ${pattern} ESCAPE '\\')`
    : sql`(${text} ILIKE ${pattern}::text ESCAPE '\\')`
}

/** Whether the first bytes of a column of bytes have this ASCII text in them. */
export function bytesContain(dialect: DialectName, bytes: Piece, first: number, part: string): RawBuilder<SqlBool> {
  return dialect === 'sqlite'
    ? sql`(instr(CAST(substr(${bytes}, 1, ${first}) AS TEXT), ${part}) > 0)`
    : sql`(position(convert_to(${part}::text, 'UTF8') IN substring(${bytes} FROM 1 FOR ${first}::int)) > 0)`
}
