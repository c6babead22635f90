/** Tell a failing database (disk full, I/O, busy) from a row that cannot be written: the first must stop the work, not blame a row. */
import Sqlite from 'better-sqlite3'

export function isStorageFailure(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && !error.code.startsWith('SQLITE_CONSTRAINT')
}
