import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withStatementCache } from '../../../server/db/statement-cache.ts'

type Tables = { letter: { id: number; text: string } }
let raw: Sqlite.Database
let db: Kysely<Tables>
beforeEach(() => {
  raw = new Sqlite(':memory:')
  db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: withStatementCache(raw) }) })
  raw.exec(
    "CREATE TABLE letter (id INTEGER PRIMARY KEY, text TEXT); INSERT INTO letter (text) VALUES ('a'), ('b'), ('c')",
  )
})
afterEach(() => db.destroy())

describe('statements kept by their text', () => {
  test('are prepared once and run often', () => {
    const cache = withStatementCache(raw)
    expect(cache.prepare('SELECT 1')).toBe(cache.prepare('SELECT 1'))
    expect(cache.prepare('SELECT 1')).not.toBe(cache.prepare('SELECT 2'))
  })

  test('are made anew while the same one is being read from', () => {
    const cache = withStatementCache(raw)
    const reading = cache.prepare('SELECT text FROM letter ORDER BY id')
    const rows = reading.iterate([])[Symbol.iterator]()
    rows.next()
    expect(cache.prepare('SELECT text FROM letter ORDER BY id')).not.toBe(reading)
    while (rows.next().done !== true);
    expect(cache.prepare('SELECT text FROM letter ORDER BY id')).toBe(reading)
  })

  test('know the columns of a table that was changed since', async () => {
    const all = () => db.selectFrom('letter').selectAll().execute()
    await all()
    raw.exec("ALTER TABLE letter ADD COLUMN colour TEXT DEFAULT 'red'")
    expect((await all())[0]).toEqual({ id: 1, text: 'a', colour: 'red' })
  })

  test('make room for others', () => {
    const cache = withStatementCache(raw)
    const first = cache.prepare('SELECT 0')
    for (let n = 1; n <= 600; n += 1) cache.prepare(`SELECT ${n}`)
    expect(cache.prepare('SELECT 0')).not.toBe(first)
  })
})
