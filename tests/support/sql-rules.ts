/**
 * SQL outside server/db runs on both databases: Kysely, or words that both understand in the same sense. What they say differently is a
 * function of server/db/dialect.ts.
 */
import { type Files, withoutComments } from './source-files.ts'

/** Where each database is spoken to in its own words. */
const OWN_WORDS =
  /^server\/db\/(hot|migrations)\/|^server\/db\/(dialect|value-functions|open|postgres|migrate|lock|errors|statement-cache)\.ts$/

const ONLY_ONE_KNOWS: readonly { word: RegExp; instead: string }[] = [
  { word: /\b(json_\w+|jsonb\w*|to_jsonb?)\s*\(|->>?|@>/i, instead: 'the json functions of server/db/dialect.ts' },
  { word: /\b(instr|strpos|substr|substring|position|starts_with)\s*\(/i, instead: 'textContains or textStartsWith' },
  {
    word: /\bI?LIKE\b|\bGLOB\b|\bSIMILAR\b/i,
    instead: 'textStartsWith or textContainsFolded: LIKE folds case on one of them',
  },
  {
    word: /\b(rowid|randomblob|hex|typeof|ifnull|iif|printf|group_concat|string_agg|strftime|julianday)\b/i,
    instead: 'Kysely',
  },
  { word: /\bINSERT\s+OR\b|\bREPLACE\s+INTO\b/i, instead: 'onConflict()' },
  { word: /\bPRAGMA\b|\bsqlite_\w+|\bpg_\w+/i, instead: 'a function of server/db' },
  { word: /::|\bANY\s*\(|\bunnest\b|\bDISTINCT\s+ON\b|\bFOR\s+UPDATE\b/i, instead: 'a method of the Store' },
  { word: /\?\d|\$\d/, instead: 'a value in the tag' },
]
const AROUND: readonly { code: RegExp; instead: string }[] = [
  { code: /\bsql\.raw\s*[(<]/, instead: 'the sql tag' },
  { code: /'i?like'/, instead: 'textStartsWith or textContainsFolded: LIKE folds case on one database' },
  { code: /\.raw\.(prepare|exec|pragma)\b/, instead: 'Kysely, or a method of the Store' },
  { code: /from 'better-sqlite3'|\b(Sqlite|Postgres)Dialect\b/, instead: 'openDatabase' },
]

/** Checkpoints of SQLite's log belong to its writer. */
const OF_THE_WRITER = new Set(['server/threads/writer.ts', 'server/engine/checkpoint.ts'])
const SQL_TEXT = /\bsql(?:<[^`;]*?>)?`([^`]*)/g

/** A sentence for each word that only one database knows. */
export function oneDatabaseOnly(files: Files): string[] {
  return [...files].flatMap(([path, source]) => {
    if (!path.startsWith('server/') || OWN_WORDS.test(path)) return []
    const code = withoutComments(source)
    const said = (found: RegExpExecArray | null, instead: string) =>
      found === null
        ? []
        : [`${path} says "${found[0].trim()}", which only one database understands so: use ${instead}`]
    const texts = [...code.matchAll(SQL_TEXT)].map((match) => (match[1] ?? '').replace(/\$\{[^}]*\}?/g, ' '))
    return [
      ...texts.flatMap((text) => ONLY_ONE_KNOWS.flatMap(({ word, instead }) => said(word.exec(text), instead))),
      ...(OF_THE_WRITER.has(path) || path === 'server/db/invariants.ts'
        ? []
        : AROUND.flatMap(({ code: pattern, instead }) => said(pattern.exec(code), instead))),
    ]
  })
}
