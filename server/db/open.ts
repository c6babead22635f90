/** Open the database of a URL. The dialect is a plain value, never an `instanceof` (two copies of a library would lie). */
import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { sqliteStore } from './hot/sqlite.ts'
import type { Store } from './hot/store.ts'
import type { Database } from './schema.ts'
import { withStatementCache } from './statement-cache.ts'
import { defineValueFunctions } from './value-functions.ts'

export type DialectName = 'sqlite' | 'postgres'
/** Who asks: a database, or one open transaction of it. */
export type Source = { sql: Kysely<Database>; dialect: DialectName }
type Opened = {
  sql: Kysely<Database>
  /** The hot statements of one open transaction of `sql`. */
  storeIn(transaction: Kysely<Database>): Store
  close(): Promise<void>
}
/** `raw` is the driver's handle: for server/db and the writer's checkpoints only. */
export type SqliteDb = Opened & { dialect: 'sqlite'; raw: Sqlite.Database }
export type PostgresDb = Opened & { dialect: 'postgres' }
export type Db = SqliteDb | PostgresDb

/**
 * `cacheKib`: pages kept by this connection, 16 MiB by default. What does not fit comes out of the system's own cache of the file, which is
 * nobody's resident memory.
 */
export type OpenOptions = { readonly?: boolean; cacheKib?: number }

/** The file behind a `file:` URL, or `:memory:`. @throws RangeError for another kind of URL */
export function sqlitePath(url: string): string {
  if (url === ':memory:') return url
  if (!url.startsWith('file:')) {
    throw new RangeError(`DATABASE_URL is ${JSON.stringify(url.split('@').at(-1))}; expected file:<path>`)
  }
  return resolve(decodeURIComponent(url.slice('file:'.length).replace(/^\/\/(?=\/)/, '')))
}

/** Open, with what every connection needs set. A read-only connection never waits for the writer (WAL). */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<SqliteDb> {
  const path = sqlitePath(url)
  const readonly = options.readonly === true
  if (path !== ':memory:' && !readonly) mkdirSync(dirname(path), { recursive: true })
  const raw = new Sqlite(path, { readonly })
  raw.pragma('busy_timeout = 5000')
  if (!readonly) {
    raw.pragma('journal_mode = WAL')
    // The dot mark must survive power loss (ENGINE.md 3.2): 0.18 ms per commit, nothing measurable per batch.
    raw.pragma('synchronous = FULL')
    // Checkpoints are ours, between batches (engine/checkpoint.ts).
    raw.pragma('wal_autocheckpoint = 0')
  }
  raw.pragma('foreign_keys = ON')
  raw.pragma(`cache_size = -${options.cacheKib ?? 16_384}`)
  raw.pragma('temp_store = MEMORY')
  defineValueFunctions(raw)
  const sql = new Kysely<Database>({ dialect: new SqliteDialect({ database: withStatementCache(raw) }) })
  // One connection: its statements are those of whatever transaction is open on it.
  const store = sqliteStore(raw)
  return { sql, dialect: 'sqlite', storeIn: () => store, raw, close: () => sql.destroy() }
}
