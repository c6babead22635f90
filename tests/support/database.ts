/** A migrated database in memory, closed by the test that opened it. */
import { migrate } from '../../server/db/migrate.ts'
import { type Db, openDatabase } from '../../server/db/open.ts'

export async function memoryDatabase(): Promise<Db> {
  const db = await openDatabase(':memory:')
  await migrate(db)
  return db
}
