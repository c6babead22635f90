/** What the pages of a million contacts and millions of messages need, and what they do not. */
import type { Migration } from './migration.ts'

const statements = [
  // Addresses are looked for where identities are kept: one index less to write for each contact.
  'DROP INDEX contact_email',
  // Few among millions, or the oldest: the log of messages would be read from its end until it meets them.
  "CREATE INDEX message_waiting ON message (id) WHERE status IN ('queued', 'deferred')",
  'DROP INDEX message_attention',
  "CREATE INDEX message_attention ON message (status, id) WHERE status IN ('uncertain', 'failed', 'skipped')",
  // Ids grow, so both are written at the end of each workflow: 1.5 us a message.
  'CREATE INDEX message_workflow ON message (workflow_id, id)',
]

export const manyContacts: Migration = { name: '0005-many-contacts', sqlite: statements, postgres: statements }
