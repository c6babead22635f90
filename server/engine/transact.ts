/** One open transaction, and what the rest of the process wants to know once it has committed. */
import type { Kysely } from 'kysely'
import type { WorkflowId } from '../../shared/ids.ts'
import type { Store } from '../db/hot/store.ts'
import type { Db, DialectName } from '../db/open.ts'
import type { Database } from '../db/schema.ts'
import { type Tally, tallied } from './tally.ts'

/** Cold statements and hot ones, on the same connection, in the same transaction. */
export type Tx = { sql: Kysely<Database>; dialect: DialectName; store: Store; hints: Hints }

/** Sent after COMMIT; only latency depends on them, a poll is the truth. */
export type Hints = {
  /** Messages may be ready for a sender. */
  messages: boolean
  /** Somebody may be due now. */
  due: boolean
  /** A job has work. */
  jobs: boolean
  /** Numbers of these workflows moved. */
  stats: Set<WorkflowId>
  /** Cached settings or workflows are stale. */
  workflows: boolean
  /** What was done, for the numbers of /metrics. */
  tally: Tally
}

export const noHints = (): Hints => ({
  messages: false,
  due: false,
  jobs: false,
  stats: new Set(),
  workflows: false,
  tally: new Map(),
})

/**
 * Run `work` in one transaction: all of it or nothing. Kysely's connection lock makes it the only one at work on SQLite, so the
 * store's raw statements are safe inside.
 */
export async function transact<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<{ value: T; hints: Hints }> {
  const hints = noHints()
  const value = await db.sql
    .transaction()
    .execute((sql) => work({ sql, dialect: db.dialect, store: tallied(db.storeIn(sql), hints.tally), hints }))
  return { value, hints }
}
