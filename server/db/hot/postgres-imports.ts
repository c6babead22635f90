/** Contacts by the thousand, for PostgreSQL. */
import { type ContactId, fromColumn, type ImportId } from '../../../shared/ids.ts'
import type {
  ConsentWrite,
  ContactIdentity,
  ContactWrite,
  IdentityWrite,
  ImportErrorWrite,
  ImportStore,
} from './import-store.ts'
import { columnsOf, type Run } from './postgres-run.ts'

const CONTACT_TYPES = {
  id: 'bigint',
  part: 'smallint',
  email: 'text',
  externalId: 'text',
  nameFolded: 'text',
  emailFolded: 'text',
  timezone: 'text',
  locale: 'text',
  attributes: 'text',
  tags: 'text',
  consent: 'text',
  suppression: 'text',
  at: 'bigint',
} as const

export function postgresImports(run: Run): ImportStore {
  return { ...contacts(run), ...around(run) }
}

function contacts(run: Run) {
  return {
    findIdentities: (kind: ContactIdentity['kind'], values: readonly string[]) =>
      run.rows<ContactIdentity>(
        `SELECT kind, value, contact_id AS "contactId" FROM contact_identity WHERE kind = $1 AND value = ANY ($2::text[])`,
        [kind, values],
      ),
    async newContactIds(count: number) {
      const rows = await run.rows<{ id: number }>(
        `SELECT nextval(pg_get_serial_sequence('contact', 'id')) AS id FROM generate_series(1, $1::int)`,
        [count],
      )
      return rows.map(({ id }) => fromColumn<ContactId>(id))
    },
    async insertContacts(rows: readonly ContactWrite[]) {
      if (rows.length === 0) return
      const { values, from } = columnsOf(rows, CONTACT_TYPES)
      await run.changes(
        `INSERT INTO contact (id, part, email, external_id, name_folded, email_folded, timezone, locale, attributes, tags, consent,
           suppression, created_at, updated_at)
         SELECT w.id, w.part, w.email, w."externalId", w."nameFolded", w."emailFolded", w.timezone, w.locale, w.attributes::jsonb,
           w.tags::jsonb, w.consent::jsonb, w.suppression, w.at, w.at FROM ${from} ORDER BY w.i`,
        values,
      )
    },
    // Two statements: naming an indexed column costs the update that touches no index, and `consent` wakes the trigger of the totals.
    async updateContacts(rows: readonly ContactWrite[]) {
      const indexed = rows.filter(({ isIndexed }) => isIndexed)
      const touched = rows.filter(({ isIndexed }) => !isIndexed)
      const always = `timezone = w.timezone, locale = w.locale, attributes = w.attributes::jsonb, tags = w.tags::jsonb, updated_at = w.at`
      const all = `${always}, email = w.email, external_id = w."externalId", name_folded = w."nameFolded",
        email_folded = w."emailFolded", consent = w.consent::jsonb, suppression = w.suppression`
      for (const [some, sets] of [
        [touched, always],
        [indexed, all],
      ] as const) {
        if (some.length === 0) continue
        const { values, from } = columnsOf(some, CONTACT_TYPES)
        await run.changes(`UPDATE contact c SET ${sets} FROM ${from} WHERE c.id = w.id`, values)
      }
    },
    async putIdentities(rows: readonly IdentityWrite[]) {
      const replaced = rows.filter(({ isNew }) => !isNew)
      // Somebody may take over what another gives up.
      if (replaced.length > 0) {
        const { values, from } = columnsOf(replaced, { contactId: 'bigint', kind: 'text' })
        await run.changes(
          `DELETE FROM contact_identity c USING ${from} WHERE c.contact_id = w."contactId" AND c.kind = w.kind`,
          values,
        )
      }
      if (rows.length === 0) return
      const { values, from } = columnsOf(rows, { kind: 'text', value: 'text', part: 'smallint', contactId: 'bigint' })
      await run.changes(
        `INSERT INTO contact_identity (kind, value, part, contact_id) SELECT w.kind, w.value, w.part, w."contactId" FROM ${from}`,
        values,
      )
    },
  }
}

function around(run: Run) {
  return {
    async insertConsents(rows: readonly ConsentWrite[]) {
      if (rows.length === 0) return
      const { values, from } = columnsOf(rows, {
        part: 'smallint',
        contactId: 'bigint',
        topic: 'text',
        status: 'text',
        source: 'text',
        text: 'text',
        address: 'text',
        at: 'bigint',
      })
      await run.changes(
        `INSERT INTO consent_record (part, contact_id, topic, status, source, text, address, at)
         SELECT w.part, w."contactId", w.topic, w.status, w.source, w.text, w.address, w.at FROM ${from} ORDER BY w.i`,
        values,
      )
    },
    async noteImported(importId: ImportId, ids: readonly ContactId[]) {
      const rows = await run.rows<{ id: ContactId }>(
        `INSERT INTO import_person (import_id, contact_id) SELECT DISTINCT $1::bigint, id FROM unnest($2::bigint[]) AS w (id)
         ON CONFLICT DO NOTHING RETURNING contact_id AS id`,
        [importId, ids],
      )
      const first = new Set(rows.map(({ id }) => id))
      // Met twice in one call: the first time only.
      return ids.map((id) => first.delete(id))
    },
    forgetImported: (importId: ImportId, limit: number) =>
      run.changes(
        `DELETE FROM import_person WHERE import_id = $1 AND contact_id IN
           (SELECT contact_id FROM import_person WHERE import_id = $1 ORDER BY contact_id LIMIT $2)`,
        [importId, limit],
      ),
    async insertImportErrors(importId: ImportId, errors: readonly ImportErrorWrite[]) {
      if (errors.length === 0) return
      const { values, from } = columnsOf(errors, {
        row: 'bigint',
        column: 'text',
        code: 'text',
        message: 'text',
        record: 'text',
      })
      await run.changes(
        `INSERT INTO import_error (import_id, row, column_name, code, message, record)
         SELECT $${values.length + 1}::bigint, w."row", w."column", w.code, w.message, w.record FROM ${from} ORDER BY w.i
         ON CONFLICT DO NOTHING`,
        [...values, importId],
      )
    },
  }
}
