/** What an import does to a contact is what saving the same values one by one does. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContactPatch } from '../../../server/commands/contract.ts'
import { packRows } from '../../../server/commands/import-row.ts'
import type { Record } from '../../support/imported-row.ts'
import { importedRow } from '../../support/imported-row.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

const EMAILS = [
  'a@example.com',
  'B@example.com',
  'b@example.com',
  'c@example.com',
  'gone@example.com',
  'erased@example.com',
]
const record: fc.Arbitrary<Record> = fc
  .record(
    {
      email: fc.constantFrom(...EMAILS),
      externalId: fc.constantFrom('1', '2', '3'),
      timezone: fc.constantFrom('Asia/Tokyo', 'Europe/Berlin'),
      locale: fc.constantFrom('vi', 'en', 'zh'),
      attributes: fc.dictionary(
        fc.constantFrom('first_name', 'last_name', 'plan', '2', '10', 'constructor'),
        fc.oneof(fc.constantFrom('Thị Mai', 'Nguyễn', '2026-01-02', 'pro'), fc.integer(), fc.boolean()),
        { maxKeys: 4 },
      ),
      addTags: fc.uniqueArray(fc.constantFrom('vip', 'beta', 'änd'), { maxLength: 2 }),
    },
    { requiredKeys: [] },
  )
  .filter(({ email, externalId }) => email !== undefined || externalId !== undefined)

const basis = { consentSource: 'fair', consentText: 'Yes please' }
const KEYS = ['first_name', 'last_name', 'plan', '2', '10', 'constructor']
const columns = KEYS.map((key) => ({ name: key, target: `attributes.${key}`, type: 'text' as const }))
const file = { encoding: 'utf-8', delimiter: ',', header: true, mapping: {}, columns }

let alone: World
let together: World
beforeEach(async () => {
  ;[alone, together] = [await createWorld(), await createWorld()]
})
afterEach(async () => {
  await alone.close()
  await together.close()
})

/** The same people in both: known, withdrawn, suppressed, erased. */
async function population(world: World): Promise<void> {
  const marketing = (status: 'granted' | 'withdrawn') => ({
    marketing: { status, source: 'test', text: null, at: null, address: null },
  })
  await world.contact({ email: 'a@example.com', externalId: '1', attributes: { plan: 'free', last_name: 'Weber' } })
  const gone = await world.contact({ email: 'gone@example.com', consent: marketing('granted'), tags: ['old'] })
  await world.commands('unsubscribe', { contactId: gone, messageId: null, topic: null, source: 'page', reason: null })
  const erased = await world.contact({ email: 'erased@example.com', consent: marketing('granted') })
  await world.commands('erase-contact', { id: erased })
}

/** Without what an import may choose: the ids of new people and of statements. */
async function stateOf(world: World) {
  const { sql } = world.db
  const people = await sql.selectFrom('contact').selectAll().orderBy('id').execute()
  const consents = await sql.selectFrom('consent_record').selectAll().orderBy('contact_id').orderBy('id').execute()
  return {
    people,
    identities: await sql.selectFrom('contact_identity').selectAll().orderBy('kind').orderBy('value').execute(),
    consents: consents.map(({ id: _, ...row }) => row),
    attributes: await sql.selectFrom('attribute_definition').selectAll().orderBy('key').execute(),
    totals: await sql.selectFrom('total').selectAll().orderBy('name').execute(),
    erased: await sql
      .selectFrom('erased_address')
      .select('hash')
      .execute()
      .then((rows) => rows.length),
  }
}

const patchOf = ({ attributes, addTags, ...identity }: Record, isGranted: boolean): ContactPatch => ({
  ...identity,
  attributes: attributes ?? {},
  addTags: addTags ?? [],
  ...(isGranted
    ? {
        consent: {
          marketing: {
            status: 'granted',
            source: 'fair',
            text: 'Yes please',
            at: null,
            address: identity.email ?? null,
          },
        },
      }
    : {}),
})

/** What an import may not do and saving may: turn a withdrawn consent into a granted one. */
async function mayGrant(world: World, { email, externalId }: Record): Promise<boolean> {
  const values = [email?.toLowerCase(), externalId].flatMap((value) => value ?? [])
  const rows = await world.db.sql
    .selectFrom('contact_identity as i')
    .innerJoin('contact as c', 'c.id', 'i.contact_id')
    .select('c.consent')
    .where('i.value', 'in', values)
    .execute()
  const isErased = email === 'erased@example.com' && (await stateOf(world)).erased > 0
  return !isErased && rows.every(({ consent }) => !consent.includes('withdrawn'))
}

describe('a chunk of an import', () => {
  test('leaves what saving its rows one by one leaves', { timeout: 120_000 }, async () => {
    const story = fc.tuple(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 12 }),
    )
    await fc.assert(
      fc
        .asyncProperty(story, async ([records, isGranted, cut]) => {
          await population(alone)
          await population(together)
          let conflicts = 0
          for (const one of records) {
            const patch = patchOf(one, isGranted && (await mayGrant(alone, one)))
            try {
              await alone.commands('put-contact', { patch, trigger: false })
            } catch (error) {
              if (!(error instanceof Error) || error.name !== 'conflict') throw error
              conflicts += 1
            }
          }
          const consent = isGranted ? ('granted' as const) : ('unknown' as const)
          const options = { ...file, ...basis, consent, trigger: false }
          const { id } = await together.commands('create-import', { fileName: 'f', path: 'f', sizeBytes: 1, options })
          const rows = records.map((one, i) => importedRow(i + 2, one))
          const parts = [rows.slice(0, cut), rows.slice(cut)].filter((part) => part.length > 0)
          let after = 0
          for (const part of parts) {
            const chunk = { importId: id, after, rows: packRows(part), errors: [], readBytes: 1 }
            const { counts } = await together.commands('import-chunk', chunk)
            after = counts.rows
          }
          const state = await together.db.sql.selectFrom('import').selectAll().executeTakeFirstOrThrow()
          expect(state.rejected).toBe(conflicts)
          expect(state.created_count + state.updated_count + state.duplicates + state.rejected).toBe(records.length)
          expect(await stateOf(together)).toEqual(await stateOf(alone))
        })
        .beforeEach(async () => {
          await alone.close()
          await together.close()
          ;[alone, together] = [await createWorld(), await createWorld()]
        }),
      { numRuns: 30 },
    )
  })

  test('is not written when the one before it was not', async () => {
    const options = { ...file, ...basis, consent: 'unknown' as const, trigger: false }
    const { id } = await together.commands('create-import', { fileName: 'f', path: 'f', sizeBytes: 1, options })
    const chunk = {
      importId: id,
      after: 1,
      rows: packRows([importedRow(3, { email: 'a@example.com' })]),
      errors: [],
      readBytes: 1,
    }
    await expect(together.commands('import-chunk', chunk)).rejects.toMatchObject({ name: 'conflict' })
    expect(await together.db.sql.selectFrom('contact').select('id').execute()).toEqual([])
    expect(together.now()).toBe(MONDAY)
  })
})
