/** Tell a failing database (disk full, I/O, busy) from a row that cannot be written: the first must stop the work, not blame a row. */
import Sqlite from 'better-sqlite3'

export function isStorageFailure(error: unknown): boolean {
  if (error instanceof Sqlite.SqliteError) return !error.code.startsWith('SQLITE_CONSTRAINT')
  const state = sqlStateOf(error)
  return state !== null && !OF_THE_ROW.has(state.slice(0, 2))
}

/** Classes of SQLSTATE: what the row says cannot be read, a constraint says no, a trigger of ours says no. */
const OF_THE_ROW: ReadonlySet<string> = new Set(['22', '23', 'P0'])

/** The SQLSTATE of an error PostgreSQL answered with; null for any other error. */
function sqlStateOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return null
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null
}
