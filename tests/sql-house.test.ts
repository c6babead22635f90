/** SQL outside server/db says what both databases understand. */
import { describe, expect, test } from 'vitest'
import { migrations } from '../server/db/migrate.ts'
import { projectFiles } from './support/source-files.ts'
import { oneDatabaseOnly } from './support/sql-rules.ts'

describe('SQL', () => {
  test('of the rooms runs on both databases', () => expect(oneDatabaseOnly(projectFiles())).toEqual([]))

  test('of a migration is there for both', () => {
    for (const { name, sqlite, postgres } of migrations)
      expect([name, sqlite.length === 0]).toEqual([name, postgres.length === 0])
  })

  test.each([
    "sql`json_extract(a, '$.b') = 1`",
    'sql<number>`instr(lower(a), b) > 0`',
    "sql`a LIKE 'b%'`",
    "query.where('a', 'like', 'b%')",
    'sql`a = ANY (b)`',
    'sql`count(*)::int`',
    'sql`rowid`',
    'sql`INSERT OR IGNORE INTO a VALUES (1)`',
    "sql.raw('SELECT 1')",
    'db.raw.prepare(text)',
    "import Sqlite from 'better-sqlite3'",
  ])('catches in a room: %s', (source) => {
    expect(oneDatabaseOnly(new Map([['server/commands/a.ts', source]]))).toHaveLength(1)
    expect(oneDatabaseOnly(new Map([['server/db/hot/sqlite.ts', source]]))).toEqual([])
  })

  test('lets a room speak plainly', () => {
    // LIKE and rowid may stand in a comment.
    const plain = "sql`CASE WHEN status IN ('queued', 'deferred') THEN 1 ELSE coalesce(n, 0) END` // LIKE, rowid"
    expect(oneDatabaseOnly(new Map([['server/commands/a.ts', plain]]))).toEqual([])
  })
})
