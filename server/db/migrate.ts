/** Bring a database to the newest schema: each migration once, in order, in one transaction. The list is static: the server is bundled. */
import { firstTables } from './migrations/0001-first-tables.ts'
import { doubt } from './migrations/0002-doubt.ts'
import { pause } from './migrations/0003-pause.ts'
import { sending } from './migrations/0004-sending.ts'
import { manyContacts } from './migrations/0005-many-contacts.ts'
import { machines } from './migrations/0006-machines.ts'
import type { Migration } from './migrations/migration.ts'
import type { SqliteDb } from './open.ts'

const migrations: readonly Migration[] = [firstTables, doubt, pause, sending, manyContacts, machines]

/** Safe to repeat. @throws Error when the database was written by a newer version of the product */
export async function migrate(db: SqliteDb): Promise<void> {
  // One immediate transaction for all: a second process waits here instead of migrating twice.
  db.raw
    .transaction(() => {
      db.raw.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
      const done = new Set(
        db.raw
          .prepare<[], { name: string }>('SELECT name FROM migration')
          .all()
          .map((row) => row.name),
      )
      const known = new Set(migrations.map((migration) => migration.name))
      const newer = [...done].filter((name) => !known.has(name))
      if (newer.length > 0) {
        throw new Error(`The database was written by a newer version (it has ${newer.join(', ')}): use that version.`)
      }
      for (const migration of migrations) {
        if (done.has(migration.name)) continue
        for (const statement of migration.sqlite) db.raw.exec(statement)
        db.raw.prepare('INSERT INTO migration (name) VALUES (?)').run(migration.name)
      }
    })
    .immediate()
}
