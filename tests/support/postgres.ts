/**
 * PostgreSQL in process: one instance for a test file (it takes seconds and hundreds of megabytes), a migrated schema for each database that
 * is open at the same time. A schema that was given back is emptied and given out again.
 */
import { PGlite } from '@electric-sql/pglite'
import type { PostgresPool } from 'kysely'
import { migrate } from '../../server/db/migrate.ts'
import type { PostgresDb } from '../../server/db/open.ts'
import { openPostgres, POSTGRES_PARSERS } from '../../server/db/postgres.ts'

type Schema = { name: string; emptying: string }

let instance: Promise<PGlite> | null = null
const free: Schema[] = []
let made = 0
/** The one session: who has it, who waits for it, and the schema it looks at. */
let turn: Promise<void> = Promise.resolve()
let current = ''

export async function postgresDatabase(): Promise<PostgresDb> {
  instance ??= PGlite.create({ parsers: { ...POSTGRES_PARSERS } })
  const pg = await instance
  const schema = free.pop() ?? (await makeSchema(pg))
  const db = openPostgres(poolOf(pg, schema.name))
  await withSession(pg, schema.name, () => pg.exec(schema.emptying))
  return { ...db, close: () => db.close().then(() => void free.push(schema)) }
}

async function makeSchema(pg: PGlite): Promise<Schema> {
  made += 1
  const name = `test_${made}`
  await withSession(pg, 'public', () => pg.exec(`CREATE SCHEMA ${name}`))
  const db = openPostgres(poolOf(pg, name))
  await migrate(db)
  await db.close()
  return { name, emptying: await withSession(pg, name, () => emptying(pg)) }
}

/** One text, sent at once, that asks no trigger and no foreign key; what a migration wrote stays. */
async function emptying(pg: PGlite): Promise<string> {
  const tables = await pg.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename NOT IN ('migration', 'installation_key')",
  )
  const sequences = await pg.query<{ name: string }>(
    'SELECT sequencename AS name FROM pg_sequences WHERE schemaname = current_schema()',
  )
  return [
    'SET session_replication_role = replica',
    ...tables.rows.map(({ name }) => `DELETE FROM "${name}"`),
    // Not RESTART: that makes a new file for each.
    `SELECT ${sequences.rows.map(({ name }) => `setval('${name}', 1, false)`).join(', ')}`,
    'SET session_replication_role = DEFAULT',
  ].join('; ')
}

async function withSession<T>(pg: PGlite, schema: string, work: () => Promise<T>): Promise<T> {
  const release = await enter(pg, schema)
  try {
    return await work()
  } finally {
    release()
  }
}

async function enter(pg: PGlite, schema: string): Promise<() => void> {
  const before = turn
  let release = () => {}
  turn = new Promise((done) => {
    release = done
  })
  await before
  if (current !== schema) await pg.exec(`SET search_path TO ${schema}`)
  current = schema
  return release
}

/** The pool that Kysely expects, of one connection. */
function poolOf(pg: PGlite, schema: string): PostgresPool {
  return {
    async connect() {
      const release = await enter(pg, schema)
      return {
        release,
        async query<R>(text: unknown, values: readonly unknown[] = []) {
          const { rows, affectedRows, command } = await pg.query<R>(String(text), [...values])
          return { rows, rowCount: affectedRows ?? 0, command: command as 'SELECT' }
        },
      } as Awaited<ReturnType<PostgresPool['connect']>>
    },
    end: async () => undefined,
  }
}
