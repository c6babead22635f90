/**
 * Prepared statements kept by their text. Kysely prepares each query anew, which took a tenth of the writer's time: about 10 us for a
 * query that then runs in 5.
 */
import type Sqlite from 'better-sqlite3'
import type { SqliteDatabase } from 'kysely'

/** The texts of the product are some hundreds; lists of ids make more of them. */
const MOST = 500

export function withStatementCache(raw: Sqlite.Database): SqliteDatabase {
  const known = new Map<string, Sqlite.Statement>()
  return {
    close: () => raw.close(),
    prepare(sql) {
      const found = known.get(sql)
      // One that is being read from (a stream) cannot be run again until it is at its end.
      if (found !== undefined && !found.busy) return found
      const statement = raw.prepare(sql)
      if (found !== undefined) return statement
      const [oldest] = known.keys()
      if (known.size >= MOST && oldest !== undefined) known.delete(oldest)
      known.set(sql, statement)
      return statement
    },
  }
}
