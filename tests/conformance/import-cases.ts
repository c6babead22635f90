/** Contacts by the thousand: what every Store must do. */
import { expect, test } from 'vitest'
import type { ContactWrite, IdentityWrite } from '../../server/db/hot/import-store.ts'
import { type ContactId, fromColumn, type ImportId, partOf } from '../../shared/ids.ts'
import { type Given, type Inside, T } from './given.ts'

const person = (id: ContactId, overrides: Partial<ContactWrite> = {}): ContactWrite => ({
  id,
  part: partOf(id),
  email: `p${id}@example.com`,
  externalId: null,
  nameFolded: '',
  emailFolded: `p${id}@example.com`,
  timezone: null,
  locale: null,
  attributes: '{"first_name":"Ann \\"the\\" {1,2}"}',
  tags: '["vip"]',
  consent: '{"marketing":"granted"}',
  suppression: 'none',
  at: T,
  isIndexed: true,
  ...overrides,
})
const identity = (contactId: ContactId, value: string, isNew = true): IdentityWrite => ({
  kind: 'email',
  value,
  contactId,
  part: partOf(contactId),
  isNew,
})

async function newImport({ sql }: Given): Promise<ImportId> {
  const none = { rows: 0, created_count: 0, updated_count: 0, duplicates: 0, rejected: 0, read_bytes: 0 }
  const about = { file_name: 'a.csv', path: 'a.csv', size_bytes: 1, options: '{}', warnings: '[]', problem: null }
  const row = await sql
    .insertInto('import')
    .values({ ...none, ...about, status: 'running', created_at: T, finished_at: null })
    .returning('id')
    .executeTakeFirstOrThrow()
  return fromColumn<ImportId>(row.id)
}
const totals = async ({ sql }: Given) =>
  Object.fromEntries((await sql.selectFrom('total').selectAll().execute()).map(({ name, n }) => [name, n]))

export function importCases(inside: Inside): void {
  test('nothing given, nothing written', () =>
    inside(async (given) => {
      const { store } = given
      expect(await store.findIdentities('email', [])).toEqual([])
      expect(await store.newContactIds(0)).toEqual([])
      await store.insertContacts([])
      await store.updateContacts([])
      await store.putIdentities([])
      await store.insertConsents([])
      const importId = await newImport(given)
      await store.insertImportErrors(importId, [])
      expect([await store.noteImported(importId, []), await store.forgetImported(importId, 5)]).toEqual([[], 0])
    }))

  test('ids are new, and those inserted under them are counted', () =>
    inside(async (given) => {
      const { store, sql } = given
      const ids = await store.newContactIds(3)
      expect(new Set(ids).size).toBe(3)
      await store.insertContacts(ids.map((id, i) => person(id, i === 2 ? { suppression: 'hard' } : {})))
      const [next] = await store.newContactIds(1)
      expect(ids).not.toContain(next)
      const rows = await sql.selectFrom('contact').selectAll().orderBy('id').execute()
      expect(rows.map(({ id }) => id)).toEqual([...ids].sort((a, b) => a - b))
      expect(JSON.parse(rows[0]?.attributes ?? '')).toEqual({ first_name: 'Ann "the" {1,2}' })
      expect(await totals(given)).toEqual({ contacts: 3, mailable: 2 })
    }))

  test('an update that touches no index leaves address, consent and totals alone', () =>
    inside(async (given) => {
      const { store, sql } = given
      const [a, b] = await store.newContactIds(2)
      if (a === undefined || b === undefined) throw new Error('expected two ids')
      await store.insertContacts([person(a), person(b)])
      const changed = { email: null, emailFolded: '', consent: '{}', locale: 'vi', tags: '[]', at: T + 5 }
      await store.updateContacts([person(a, { ...changed, isIndexed: false }), person(b, changed)])
      const rows = await sql
        .selectFrom('contact')
        .select(['email', 'locale', 'tags', 'updated_at', 'created_at'])
        .orderBy('id')
        .execute()
      expect(rows).toEqual([
        { email: `p${a}@example.com`, locale: 'vi', tags: '[]', updated_at: T + 5, created_at: T },
        { email: null, locale: 'vi', tags: '[]', updated_at: T + 5, created_at: T },
      ])
      expect(await totals(given)).toEqual({ contacts: 2, mailable: 1 })
    }))

  test('an address can change hands in one batch, and belongs to one person only', () =>
    inside(async (given) => {
      const { store } = given
      const [a, b] = await store.newContactIds(2)
      if (a === undefined || b === undefined) throw new Error('expected two ids')
      await store.insertContacts([person(a), person(b)])
      await store.putIdentities([identity(a, 'x@example.com'), identity(b, 'y@example.com')])
      await store.putIdentities([identity(b, 'x@example.com', false), identity(a, 'z@example.com', false)])
      const found = await store.findIdentities('email', ['x@example.com', 'y@example.com', 'z@example.com'])
      expect(Object.fromEntries(found.map(({ value, contactId }) => [value, contactId]))).toEqual({
        'x@example.com': b,
        'z@example.com': a,
      })
      expect(await store.findIdentities('external', ['x@example.com'])).toEqual([])
      await expect(store.putIdentities([identity(a, 'x@example.com')])).rejects.toThrow()
    }))

  test('whom an import meets is new once, and forgotten in pieces', () =>
    inside(async (given) => {
      const { store } = given
      const importId = await newImport(given)
      const [a, b, c] = [1, 2, 3].map((id) => fromColumn<ContactId>(id)) as [ContactId, ContactId, ContactId]
      expect(await store.noteImported(importId, [a, b, a])).toEqual([true, true, false])
      expect(await store.noteImported(importId, [b, c])).toEqual([false, true])
      expect([await store.forgetImported(importId, 2), await store.forgetImported(importId, 2)]).toEqual([2, 1])
      expect(await store.noteImported(importId, [a])).toEqual([true])
    }))

  test('a refused row is kept once per column, the first word stays; consents are appended', () =>
    inside(async (given) => {
      const { store, sql } = given
      const importId = await newImport(given)
      const refused = { row: 7, column: 'email', code: 'bad-email', message: 'first', record: '{"a":"{1,\\"2"}' }
      await store.insertImportErrors(importId, [refused, { ...refused, message: 'second' }, { ...refused, column: '' }])
      await store.insertImportErrors(importId, [{ ...refused, message: 'third' }])
      const kept = await sql
        .selectFrom('import_error')
        .select(['column_name', 'message', 'record'])
        .orderBy('column_name')
        .execute()
      expect(kept).toEqual([
        { column_name: '', message: 'first', record: refused.record },
        { column_name: 'email', message: 'first', record: refused.record },
      ])
      const consent = {
        part: partOf(fromColumn<ContactId>(1)),
        contactId: fromColumn<ContactId>(1),
        topic: 'marketing',
        at: T,
      }
      const said = { source: 'form', text: null, address: null }
      await store.insertConsents([
        { ...consent, ...said, status: 'granted' },
        { ...consent, ...said, status: 'withdrawn' },
      ])
      const ledger = await sql.selectFrom('consent_record').select('status').orderBy('id').execute()
      expect(ledger.map(({ status }) => status)).toEqual(['granted', 'withdrawn'])
    }))
}
