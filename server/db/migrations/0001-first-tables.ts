/** The first schema. Comments in ../schema.ts say what each table promises; here are the keys and checks that keep it. */
import { contactTables } from './0001-contacts.ts'
import { engineTables } from './0001-engine.ts'
import { installationTables } from './0001-installation.ts'
import { totalTables } from './0001-totals.ts'
import type { Migration } from './migration.ts'

export const firstTables: Migration = {
  name: '0001-first-tables',
  sqlite: [...installationTables, ...contactTables, ...engineTables, ...totalTables],
  postgres: [],
}
