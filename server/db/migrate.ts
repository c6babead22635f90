/** Bring a database to the newest schema: each migration once, in order, in one transaction. The list is static: the server is bundled. */
import { sql } from 'kysely'
import { firstTables } from './migrations/0001-first-tables.ts'
import { doubt } from './migrations/0002-doubt.ts'
import { pause } from './migrations/0003-pause.ts'
import { sending } from './migrations/0004-sending.ts'
import { manyContacts } from './migrations/0005-many-contacts.ts'
import { machines } from './migrations/0006-machines.ts'
import type { Migration } from './migrations/migration.ts'
import type { Db, PostgresDb, SqliteDb } from './open.ts'

export const migrations: readonly Migration[] = [firstTables, doubt, pause, sending, manyContacts, machines]

/** Safe to repeat. @throws Error when the database was written by a newer version of the product */
export async function migrate(db: Db): Promise<void> {
  if (db.dialect === 'sqlite') migrateSqlite(db)
  else await migratePostgres(db)
}

/** One immediate transaction for all: a second process waits here instead of migrating twice. */
function migrateSqlite({ raw }: SqliteDb): void {
  raw
    .transaction(() => {
      raw.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
      const done = raw.prepare<[], { name: string }>('SELECT name FROM migration').all()
      for (const migration of missing(done)) {
        for (const statement of migration.sqlite) raw.exec(statement)
        raw.prepare('INSERT INTO migration (name) VALUES (?)').run(migration.name)
      }
    })
    .immediate()
}

/** Held by whoever migrates, in whichever process: the others wait for it and then find nothing to do. */
const MIGRATION_LOCK = 7_233_105_516

function migratePostgres(db: PostgresDb): Promise<void> {
  return db.sql.transaction().execute(async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(tx)
    await sql`CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)`.execute(tx)
    const done = await sql<{ name: string }>`SELECT name FROM migration`.execute(tx)
    for (const migration of missing(done.rows)) {
      for (const statement of migration.postgres) await sql.raw(statement).execute(tx)
      await sql`INSERT INTO migration (name) VALUES (${migration.name})`.execute(tx)
    }
  })
}

function missing(rows: readonly { name: string }[]): readonly Migration[] {
  const done = new Set(rows.map(({ name }) => name))
  const known = new Set(migrations.map(({ name }) => name))
  const newer = [...done].filter((name) => !known.has(name))
  if (newer.length > 0) {
    throw new Error(`The database was written by a newer version (it has ${newer.join(', ')}): use that version.`)
  }
  return migrations.filter(({ name }) => !done.has(name))
}
