/**
 * A database on PostgreSQL. Whoever has connections plugs in here: the pool of node-postgres, or PostgreSQL in process in the tests. Both
 * must read values with POSTGRES_PARSERS, so that rows look as they do on SQLite.
 */
import {
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  type PostgresPool,
  replaceWithNoncontingentExpression,
} from 'kysely'
import { postgresStore } from './hot/postgres.ts'
import type { PostgresDb } from './open.ts'
import type { Database } from './schema.ts'

/** By type: ids, instants and counts are numbers, JSON is the text it was stored as. */
export const POSTGRES_PARSERS: Readonly<Record<number, (text: string) => number | string>> = {
  20: wholeNumber, // bigint
  1700: wholeNumber, // numeric: what sum() makes of bigint
  114: (text) => text, // json
  3802: (text) => text, // jsonb
}

/** @throws RangeError where a number of JavaScript could not say which it is */
function wholeNumber(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is no whole number below 2^53`)
  return value
}

export function openPostgres(pool: PostgresPool): PostgresDb {
  // An empty list holds nothing, as SQLite says; PostgreSQL has no word for it.
  const plugins = [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })]
  const sql = new Kysely<Database>({ dialect: new PostgresDialect({ pool }), plugins })
  return { sql, dialect: 'postgres', storeIn: postgresStore, close: () => sql.destroy() }
}
