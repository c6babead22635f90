import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { packRows } from '../../../server/commands/import-row.ts'
import { twoMails } from '../../support/documents.ts'
import { importedRow } from '../../support/imported-row.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const consent = (status: 'granted' | 'withdrawn') => ({
  marketing: { status, source: 'form', text: 'Yes please', at: null, address: null },
})
/** JSON as JSON.stringify writes it: PostgreSQL keeps documents, not their text. */
async function row(id: number) {
  const found = await world.db.sql.selectFrom('contact').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const same = (json: string) => JSON.stringify(JSON.parse(json))
  return {
    ...found,
    attributes: same(found.attributes),
    tags: same(found.tags),
    consent: same(found.consent),
  }
}

const options = {
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
  mapping: {},
  consent: 'granted',
  consentSource: 'fair',
  consentText: null,
  trigger: false,
} as const

describe('what one contact may hold', () => {
  const many = (count: number, prefix = 'a') =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${prefix}${i}`, i]))
  const tags = (count: number, prefix = 't') => Array.from({ length: count }, (_, i) => `${prefix}${i}`)
  const topics = (count: number) =>
    Object.fromEntries(tags(count).map((topic) => [topic, { ...consent('granted').marketing }]))
  const email = 'a@example.com'

  test('is 1,000 attributes, 200 tags and 100 consent topics; more is refused in a sentence and changes nothing', async () => {
    const id = await world.contact({ email, attributes: many(1_000), tags: tags(200), consent: topics(100) })
    const before = await row(id)
    for (const [patch, what] of [
      [{ attributes: { one: 1 } }, /1001 attributes; expected at most 1000/],
      [{ addTags: ['one'] }, /201 tags; expected at most 200/],
      [{ consent: consent('granted') }, /101 consent topics; expected at most 100/],
    ] as const)
      await expect(world.contact({ email, ...patch })).rejects.toMatchObject({
        status: 422,
        name: 'too-much',
        message: expect.stringMatching(what),
      })
    expect(await row(id)).toEqual(before)
    await world.contact({ email, attributes: { a0: null, one: 1 }, addTags: ['one'], removeTags: ['t0'] })
  })

  test('holds for files as well: the row is refused with its reason', async () => {
    const id = await world.contact({ email, attributes: many(900), tags: tags(199) })
    const { id: importId } = await world.commands('create-import', {
      fileName: 'f.csv',
      path: 'f',
      sizeBytes: 10,
      options,
    })
    const rows = [
      importedRow(2, { email, attributes: many(200, 'b') }),
      importedRow(3, { email, addTags: ['x', 'y'] }),
      importedRow(4, { email, attributes: { b0: 1 }, addTags: ['x'] }),
    ]
    const { counts } = await world.commands('import-chunk', {
      importId,
      after: 0,
      rows: packRows(rows),
      errors: [],
      readBytes: 1,
    })
    expect(counts).toMatchObject({ rows: 3, rejected: 2, updated: 1 })
    expect(Object.keys(JSON.parse((await row(id)).attributes))).toHaveLength(901)
    const refused = await world.db.sql
      .selectFrom('import_error')
      .select(['row', 'code', 'message'])
      .orderBy('row')
      .execute()
    expect(refused).toMatchObject([
      { row: 2, code: 'too-much', message: expect.stringContaining('1100 attributes') },
      { row: 3, code: 'too-much', message: expect.stringContaining('201 tags') },
    ])
  })
})

describe('put-contact', () => {
  test('merges: what is not named stays, null deletes, tags are sorted', async () => {
    const first = await world.contact({
      email: 'Ada@Example.com',
      attributes: { plan: 'pro', city: 'Paris' },
      tags: ['b', 'a'],
    })
    const same = await world.contact({
      email: 'ada@example.COM',
      attributes: { city: null, age: 36 },
      addTags: ['c'],
      removeTags: ['b'],
    })
    expect(same).toBe(first)
    const { attributes, tags } = await row(first)
    expect([JSON.parse(attributes), JSON.parse(tags)]).toEqual([{ plan: 'pro', age: 36 }, ['a', 'c']])
  })

  test('an email and an externalId that name two people are a conflict, and nothing is written', async () => {
    await world.contact({ email: 'ada@example.com' })
    await world.contact({ externalId: 'crm-7' })
    const both = world.contact({ email: 'ada@example.com', externalId: 'crm-7', attributes: { plan: 'pro' } })
    await expect(both).rejects.toMatchObject({ name: 'conflict', status: 409 })
    expect((await row(1)).attributes).toBe('{}')
  })

  test('a body without any identity is 422, and so is an address nobody can have', async () => {
    await expect(world.contact({ attributes: { a: 1 } })).rejects.toMatchObject({ status: 422, name: 'no-identity' })
    await expect(world.contact({ email: 'not an address' })).rejects.toMatchObject({ status: 422, name: 'bad-email' })
    expect(await world.db.sql.selectFrom('contact').select('id').execute()).toEqual([])
  })

  test('an address that changed hands is free again', async () => {
    const ada = await world.contact({ email: 'old@example.com', externalId: 'x' })
    await world.contact({ externalId: 'x', email: 'new@example.com' })
    expect(await world.contact({ email: 'old@example.com' })).not.toBe(ada)
  })

  test('the ledger keeps every statement, and no consent lifts a suppression', async () => {
    const ada = await world.contact({ email: 'ada@example.com', consent: consent('granted') })
    await world.commands('unsubscribe', {
      contactId: ada,
      messageId: null,
      topic: null,
      source: 'page',
      reason: 'too many',
    })
    await world.contact({ email: 'ada@example.com', consent: consent('granted') })
    expect(await row(ada)).toMatchObject({ suppression: 'global', consent: '{"marketing":"granted"}' })
    const ledger = await world.db.sql.selectFrom('consent_record').select(['status', 'text']).execute()
    expect(ledger.map((entry) => entry.status)).toEqual(['granted', 'withdrawn', 'granted'])
    await world.commands('resubscribe', { contactId: ada, topic: 'marketing', source: 'page' })
    expect((await row(ada)).suppression).toBe('none')
  })

  test('learns the type of an attribute from its first value', async () => {
    await world.contact({ email: 'ada@example.com', attributes: { n: 1, b: true, d: '2026-03-01', t: 'x' } })
    await world.contact({ email: 'ada@example.com', attributes: { n: 'text now' } })
    const learned = await world.db.sql
      .selectFrom('attribute_definition')
      .select(['key', 'type'])
      .orderBy('key')
      .execute()
    expect(Object.fromEntries(learned.map(({ key, type }) => [key, type]))).toEqual({
      b: 'boolean',
      d: 'date',
      n: 'number',
      t: 'text',
    })
  })
})

describe('record-events', () => {
  const event = (idemKey: string | null, contact = { email: 'new@example.com' }) => ({
    idemKey,
    name: 'Signed up',
    contact,
    properties: { source: 'ad' },
    occurredAt: null,
  })

  test('makes an unknown address a contact without consent, and enrolls it once per key', async () => {
    await world.publish(twoMails())
    const once = await world.commands('record-events', { events: [event('k1'), event('k1')] })
    expect(once.events.map(({ status }) => status)).toEqual(['recorded', 'duplicate'])
    expect(await row(once.events[0]?.contactId ?? 0)).toMatchObject({ email: 'new@example.com', consent: '{}' })
    const entries = await world.db.sql.selectFrom('enrollment').select('entry_event').execute()
    expect(entries.map((entry) => JSON.parse(entry.entry_event ?? 'null'))).toMatchObject([
      { name: 'Signed up', occurredAt: MONDAY, properties: { source: 'ad' } },
    ])
  })

  test('is all or nothing: an unknown id undoes the events before it', async () => {
    const events = [event(null), { ...event(null), contact: { id: 99 as never } }]
    await expect(world.commands('record-events', { events })).rejects.toMatchObject({ status: 404 })
    expect(await world.db.sql.selectFrom('event').select('id').execute()).toEqual([])
  })
})

describe('import-chunk', () => {
  test('counts new, known, twice and refused, and lifts no withdrawal', async () => {
    const gone = await world.contact({ email: 'gone@example.com', consent: consent('withdrawn') })
    await world.contact({ email: 'a@example.com' })
    await world.contact({ externalId: 'b' })
    const { id } = await world.commands('create-import', { fileName: 'f.csv', path: 'f', sizeBytes: 10, options })
    const rows = [
      { email: 'new@example.com' },
      { email: 'NEW@example.com', attributes: { plan: 'pro' } },
      { email: 'gone@example.com' },
      { email: 'a@example.com', externalId: 'b' },
    ].map((patch, n) => importedRow(n + 2, patch))
    const errors6 = [{ row: 6, column: 'email', code: 'bad-email', message: 'no', record: '' }]
    const chunk = { importId: id, after: 0, rows: packRows(rows), errors: errors6, readBytes: 10 }
    const { counts } = await world.commands('import-chunk', chunk)
    expect(counts).toEqual({ rows: 5, created: 1, updated: 1, duplicates: 1, rejected: 2 })
    expect((await row(gone)).consent).toBe('{"marketing":"withdrawn"}')
    const errors = await world.db.sql.selectFrom('import_error').select(['row', 'code']).orderBy('row').execute()
    expect(errors).toEqual([
      { row: 5, code: 'conflict' },
      { row: 6, code: 'bad-email' },
    ])
    await world.commands('finish-import', { id, status: 'completed', warnings: [], problem: null })
  })

  test('a cancelled import tells its reader to stop', async () => {
    const { id } = await world.commands('create-import', { fileName: 'f.csv', path: 'f', sizeBytes: 10, options })
    await world.commands('cancel-import', { id })
    const rows = [importedRow(2, { email: 'x@example.com' })]
    const chunk = { importId: id, after: 0, rows: packRows(rows), errors: [], readBytes: 1 }
    expect(await world.commands('import-chunk', chunk)).toMatchObject({ cancelled: true })
    expect(await world.db.sql.selectFrom('contact').select('id').execute()).toEqual([])
  })
})

describe('erase-contact', () => {
  test('leaves no word about the person, and every number as it was', async () => {
    await world.publish(twoMails({ audience: { attribute: 'secret', is: 'exists' } }))
    const ada = await world.subscriber('ada@secret.example.com', { secret: 'hush-hush' })
    await world.event(ada, 'Signed up', { note: 'hush-hush' })
    await world.settle()
    const before = await world.db.sql
      .selectFrom('step_stat')
      .selectAll()
      .where('metric', 'in', ['entered', 'message:sent'])
      .execute()
    await world.commands('erase-contact', { id: ada })
    const after = await world.db.sql
      .selectFrom('step_stat')
      .selectAll()
      .where('metric', 'in', ['entered', 'message:sent'])
      .execute()
    expect(after).toEqual(before)
    for (const table of [
      'contact',
      'contact_identity',
      'event',
      'consent_record',
      'enrollment',
      'enrollment_log',
      'message',
    ] as const) {
      const text = JSON.stringify(await world.db.sql.selectFrom(table).selectAll().execute())
      expect(text).not.toMatch(/hush-hush|secret\.example/)
    }
    await expect(world.commands('erase-contact', { id: ada })).rejects.toMatchObject({ status: 404 })
  })
})
