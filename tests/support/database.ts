/** A migrated database in memory, on either dialect; closed by the test that opened it. */
import { CompiledQuery, sql } from 'kysely'
import { migrate } from '../../server/db/migrate.ts'
import { type Db, type DialectName, openDatabase } from '../../server/db/open.ts'

let dialect: DialectName = 'sqlite'

/** Which database the tests of this file run on from here on. */
export function runOn(name: DialectName): void {
  dialect = name
}

export const testDialect = (): DialectName => dialect

export async function memoryDatabase(on: DialectName = dialect): Promise<Db> {
  if (on === 'postgres') return (await import('./postgres.ts')).postgresDatabase()
  const db = await openDatabase(':memory:')
  await migrate(db)
  return db
}

/** How the database would answer this statement, as one text; the names of the indexes it uses are in it. */
export async function planOf(db: Db, text: string, values: readonly unknown[] = []): Promise<string> {
  if (db.dialect === 'sqlite') {
    const { rows } = await db.sql.executeQuery<{ detail: string }>(explained(`EXPLAIN QUERY PLAN ${text}`, values))
    return rows.map(({ detail }) => detail).join('\n')
  }
  return db.sql.transaction().execute(async (tx) => {
    // A table of a few rows is read whole; what is asked here is whether the index fits.
    await sql`SET LOCAL enable_seqscan = off`.execute(tx)
    await sql`SET LOCAL enable_bitmapscan = off`.execute(tx)
    const { rows } = await tx.executeQuery<{ 'QUERY PLAN': string }>(explained(`EXPLAIN ${text}`, values))
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  })
}

const explained = <Row>(text: string, values: readonly unknown[]) =>
  CompiledQuery.raw(text, [...values]) as CompiledQuery<Row>

/** Every row of every table, by the table's name. */
export async function allRows(db: Db): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const names =
    db.dialect === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()'
  const tables = new Map<string, readonly unknown[]>()
  for (const { name } of (await sql.raw<{ name: string }>(names).execute(db.sql)).rows) {
    tables.set(name, (await sql`SELECT * FROM ${sql.table(name)}`.execute(db.sql)).rows)
  }
  return tables
}
