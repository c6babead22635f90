/** What a million contacts need. */
import type { Migration } from './migration.ts'

export const manyContacts: Migration = { name: '0005-many-contacts', sqlite: [], postgres: [] }
