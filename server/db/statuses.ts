/**
 * Lists of statuses that partial indexes are made of. They are written out, never bound: with bound values neither database can know that
 * the index fits, and reads all rows that ever were.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { LiveEnrollment } from './hot/store.ts'

/** Inside a workflow. */
export const LIVE = ['active', 'paused'] as const satisfies readonly LiveEnrollment['status'][]
/** Waits to be sent. */
export const READY = ['queued', 'deferred'] as const
/** Has not ended: waits to be sent, or is being sent. */
export const UNDER_WAY = [...READY, 'sending'] as const

const among = (column: string, statuses: readonly string[]): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref(column)} IN (${sql.join(statuses.map((status) => sql.lit(status)))})`

export const isLive = (column = 'status'): RawBuilder<SqlBool> => among(column, LIVE)
export const isReady = (column = 'status'): RawBuilder<SqlBool> => among(column, READY)
