/**
 * Totals, kept by triggers: whoever writes, in whichever statement, the total is changed in the same transaction and cannot be forgotten.
 * A contact costs 2 to 4 microseconds more to write. Messages are counted from the counters of the steps, which are added up per
 * transaction before they are written: one trigger per batch and status, not per message.
 */
const mailable = (row: 'NEW' | 'OLD'): string =>
  `(${row}.email IS NOT NULL AND ${row}.suppression = 'none' AND coalesce(json_extract(${row}.consent, '$.marketing'), '') = 'granted')`

const add = (name: string, n: string): string =>
  `INSERT INTO total (name, n) VALUES (${name}, ${n}) ON CONFLICT (name) DO UPDATE SET n = n + excluded.n;`

export const totalTables: readonly string[] = [
  'CREATE TABLE total (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID',
  `CREATE TRIGGER total_contact_new AFTER INSERT ON contact
   BEGIN ${add("'contacts'", '1')} ${add("'mailable'", mailable('NEW'))} END`,
  `CREATE TRIGGER total_contact_gone AFTER DELETE ON contact
   BEGIN ${add("'contacts'", '-1')} ${add("'mailable'", `-${mailable('OLD')}`)} END`,
  `CREATE TRIGGER total_contact_changed AFTER UPDATE OF email, suppression, consent ON contact
   WHEN ${mailable('NEW')} <> ${mailable('OLD')}
   BEGIN ${add("'mailable'", `${mailable('NEW')} - ${mailable('OLD')}`)} END`,
  `CREATE TRIGGER total_message_new AFTER INSERT ON step_stat WHEN substr(NEW.metric, 1, 8) = 'message:'
   BEGIN ${add("'messages.' || substr(NEW.metric, 9)", 'NEW.n')} END`,
  `CREATE TRIGGER total_message_moved AFTER UPDATE OF n ON step_stat WHEN substr(NEW.metric, 1, 8) = 'message:'
   BEGIN ${add("'messages.' || substr(NEW.metric, 9)", 'NEW.n - OLD.n')} END`,
  'CREATE INDEX message_test ON message (status) WHERE enrollment_id IS NULL',
]
