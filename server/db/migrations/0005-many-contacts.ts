/** What a million contacts need: one index less to write for each, as addresses are looked for where identities are kept. */
import type { Migration } from './migration.ts'

export const manyContacts: Migration = {
  name: '0005-many-contacts',
  sqlite: ['DROP INDEX contact_email'],
  postgres: ['DROP INDEX contact_email'],
}
