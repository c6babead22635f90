/** The first schema. Comments in ../schema.ts say what each table promises; here are the keys and checks that keep it. */
import { contactTables } from './0001-contacts.ts'
import { contactTablesPostgres } from './0001-contacts-postgres.ts'
import { engineTables } from './0001-engine.ts'
import { engineTablesPostgres } from './0001-engine-postgres.ts'
import { installationTables } from './0001-installation.ts'
import { installationTablesPostgres } from './0001-installation-postgres.ts'
import { totalTables } from './0001-totals.ts'
import { totalTablesPostgres } from './0001-totals-postgres.ts'
import { valueFunctionsPostgres } from './0001-values-postgres.ts'
import type { Migration } from './migration.ts'

export const firstTables: Migration = {
  name: '0001-first-tables',
  sqlite: [...installationTables, ...contactTables, ...engineTables, ...totalTables],
  postgres: [
    ...valueFunctionsPostgres,
    ...installationTablesPostgres,
    ...contactTablesPostgres,
    ...engineTablesPostgres,
    ...totalTablesPostgres,
  ],
}
