/** Contacts by the thousand, for SQLite: prepared statements per row inside the caller's transaction. */
import type Sqlite from 'better-sqlite3'
import { type ContactId, fromColumn, type ImportId } from '../../../shared/ids.ts'
import type {
  ConsentWrite,
  ContactIdentity,
  ContactWrite,
  IdentityWrite,
  ImportErrorWrite,
  ImportStore,
} from './import-store.ts'
import { lazily } from './lazily.ts'

export function sqliteImports(raw: Sqlite.Database): ImportStore {
  const statements = lazily(() => prepare(raw))
  return {
    async findIdentities(kind: ContactIdentity['kind'], values: readonly string[]) {
      const { identity } = statements()
      const found: ContactIdentity[] = []
      for (const value of values) {
        const row = identity.get(kind, value)
        if (row !== undefined) found.push({ kind, value, contactId: row.contactId })
      }
      return found
    },
    async newContactIds(count: number) {
      // AUTOINCREMENT: an id that was given out is never given again, and an id above the last becomes the last.
      const last = statements().lastContact.get()?.seq ?? 0
      return Array.from({ length: count }, (_, i) => fromColumn<ContactId>(last + 1 + i))
    },
    async insertContacts(rows: readonly ContactWrite[]) {
      const { insert } = statements()
      for (const row of rows) {
        const { id, part, email, externalId, nameFolded, emailFolded, timezone, locale, attributes, tags } = row
        const { consent, suppression, at } = row
        const who = [id, part, email, externalId, nameFolded, emailFolded, timezone, locale, attributes, tags] as const
        insert.run(...who, consent, suppression, at, at)
      }
    },
    async updateContacts(rows: readonly ContactWrite[]) {
      const { update, touch } = statements()
      for (const row of rows) {
        const { id, email, externalId, nameFolded, emailFolded, timezone, locale, attributes, tags } = row
        const { consent, suppression, at, isIndexed } = row
        // Naming an indexed column rewrites its index, and `consent` wakes the trigger of the totals, for the same value too.
        if (!isIndexed) touch.run(timezone, locale, attributes, tags, at, id)
        else {
          const who = [email, externalId, nameFolded, emailFolded, timezone, locale, attributes, tags] as const
          update.run(...who, consent, suppression, at, id)
        }
      }
    },
    async putIdentities(rows: readonly IdentityWrite[]) {
      const { forget, remember } = statements()
      // Somebody may take over what another gives up.
      for (const { kind, contactId, isNew } of rows) if (!isNew) forget.run(contactId, kind)
      for (const { kind, value, part, contactId } of rows) remember.run(kind, value, part, contactId)
    },
    async insertConsents(rows: readonly ConsentWrite[]) {
      const { consent } = statements()
      for (const { part, contactId, topic, status, source, text, address, at } of rows)
        consent.run(part, contactId, topic, status, source, text, address, at)
    },
    async noteImported(importId: ImportId, ids: readonly ContactId[]) {
      const { person } = statements()
      return ids.map((id) => person.run(importId, id).changes === 1)
    },
    async forgetImported(importId: ImportId, limit: number) {
      return statements().forgetPeople.run(importId, importId, limit).changes
    },
    async insertImportErrors(importId: ImportId, errors: readonly ImportErrorWrite[]) {
      const { error } = statements()
      for (const { row, column, code, message, record } of errors)
        error.run(importId, row, column, code, message, record)
    },
  }
}

function prepare(raw: Sqlite.Database) {
  return {
    identity: raw.prepare<[string, string], { contactId: ContactId }>(
      'SELECT contact_id AS contactId FROM contact_identity WHERE kind = ? AND value = ?',
    ),
    lastContact: raw.prepare<[], { seq: number }>(`SELECT seq FROM sqlite_sequence WHERE name = 'contact'`),
    insert: raw.prepare<(string | number | null)[]>(
      `INSERT INTO contact (id, part, email, external_id, name_folded, email_folded, timezone, locale, attributes, tags, consent,
         suppression, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    update: raw.prepare<(string | number | null)[]>(
      `UPDATE contact SET email = ?, external_id = ?, name_folded = ?, email_folded = ?, timezone = ?, locale = ?, attributes = ?,
         tags = ?, consent = ?, suppression = ?, updated_at = ? WHERE id = ?`,
    ),
    touch: raw.prepare<(string | number | null)[]>(
      'UPDATE contact SET timezone = ?, locale = ?, attributes = ?, tags = ?, updated_at = ? WHERE id = ?',
    ),
    forget: raw.prepare<[number, string]>('DELETE FROM contact_identity WHERE contact_id = ? AND kind = ?'),
    remember: raw.prepare<(string | number)[]>(
      'INSERT INTO contact_identity (kind, value, part, contact_id) VALUES (?, ?, ?, ?)',
    ),
    consent: raw.prepare<(string | number | null)[]>(
      `INSERT INTO consent_record (part, contact_id, topic, status, source, text, address, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    person: raw.prepare<[number, number]>(
      'INSERT INTO import_person (import_id, contact_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
    ),
    forgetPeople: raw.prepare<[number, number, number]>(
      `DELETE FROM import_person WHERE import_id = ? AND contact_id IN
         (SELECT contact_id FROM import_person WHERE import_id = ? ORDER BY contact_id LIMIT ?)`,
    ),
    error: raw.prepare<(string | number)[]>(
      `INSERT INTO import_error (import_id, row, column_name, code, message, record) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
  }
}
