import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ConsentChange } from '../../../server/commands/contract.ts'
import type { ContactId } from '../../../shared/ids.ts'
import { importFile, type TestApp, testApp } from '../../support/app.ts'
import { allRows } from '../../support/database.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const consent = (status: ConsentChange['status']) => ({
  marketing: { status, source: 'form', text: null, at: null, address: null },
})
const put = async (email: string, status?: ConsentChange['status']): Promise<ContactId> =>
  (
    await t.commands('put-contact', {
      patch: { email, ...(status === undefined ? {} : { consent: consent(status) }) },
      trigger: true,
    })
  ).id
const stateOf = async (id: ContactId) => {
  const row = await t.db.sql.selectFrom('contact').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return { suppression: row.suppression, marketing: (JSON.parse(row.consent) as Record<string, string>).marketing }
}
const found = async (email: string): Promise<ContactId> => {
  const row = await t.db.sql
    .selectFrom('contact')
    .select('id')
    .where('email_folded', '=', email)
    .executeTakeFirstOrThrow()
  return row.id as ContactId
}

describe('the objection of somebody who was erased', () => {
  test.each(['granted', 'withdrawn', undefined] as const)(
    'is in force when a file with consent brings the address back (consent before: %s)',
    async (before) => {
      await t.commands('erase-contact', { id: await put('ann@example.com', before) })
      await importFile(t, 'email\nANN@Example.com\n', 'consent=granted')
      expect(await stateOf(await found('ann@example.com'))).toEqual({ suppression: 'none', marketing: 'withdrawn' })
    },
  )

  test('keeps a suppression, which nothing lifts', async () => {
    const id = await put('ann@example.com', 'granted')
    await t.commands('unsubscribe', { contactId: id, messageId: null, topic: null, source: 'link', reason: null })
    await t.commands('erase-contact', { id })
    const again = await put('ann@example.com', 'granted')
    expect(await stateOf(again)).toEqual({ suppression: 'global', marketing: 'granted' })
  })

  test('is met by an event as well', async () => {
    await t.commands('erase-contact', { id: await put('ann@example.com', 'granted') })
    await t.commands('record-events', {
      events: [
        { idemKey: null, name: 'Visited', contact: { email: 'ann@example.com' }, properties: {}, occurredAt: null },
      ],
    })
    expect(await stateOf(await found('ann@example.com'))).toMatchObject({ marketing: 'withdrawn' })
  })

  test('is met by a contact who is given the address later', async () => {
    await t.commands('erase-contact', { id: await put('ann@example.com', 'withdrawn') })
    const bob = await put('bob@example.com', 'granted')
    await t.commands('put-contact', { ref: { id: bob }, patch: { email: 'ann@example.com' }, trigger: true })
    expect(await stateOf(bob)).toMatchObject({ marketing: 'withdrawn' })
  })

  test('gives way to a new consent of their own, and lasts through a second erasure', async () => {
    await t.commands('erase-contact', { id: await put('ann@example.com', 'withdrawn') })
    const again = await put('ann@example.com', 'granted')
    expect(await stateOf(again)).toMatchObject({ marketing: 'granted' })
    await t.commands('erase-contact', { id: again })
    expect(await stateOf(await put('ann@example.com'))).toMatchObject({ marketing: 'withdrawn' })
  })

  test('does not touch anybody else', async () => {
    await t.commands('erase-contact', { id: await put('ann@example.com', 'withdrawn') })
    expect(await stateOf(await put('anna@example.com', 'granted'))).toMatchObject({ marketing: 'granted' })
  })
})

describe('an erased address', () => {
  test('is in no table any more', async () => {
    const headers = { 'idempotency-key': 'k1' }
    await t.call('POST', '/api/v1/events', { name: 'Visited', contact: { email: 'ann@example.com' } }, headers)
    await importFile(t, 'email,timezone,note\nann@example.com,Mars/Base,x\n')
    await t.commands('store-inbox-mail', {
      mails: [
        {
          mailFrom: 'a@b.example',
          rcptTo: ['Ann@example.com'],
          subject: 'Hello',
          headerFrom: 'a@b.example',
          messageId: 'm1',
          raw: Buffer.from('To: Ann@example.com\r\n\r\nHello'),
        },
      ],
    })
    const id = await found('ann@example.com')
    await t.commands('put-contact', { ref: { id }, patch: { attributes: { first_name: 'Ann' } }, trigger: true })
    await t.commands('erase-contact', { id })
    const tables = await allRows(t.db)
    expect(tables.has('erased_address')).toBe(true)
    for (const [table, rows] of tables) {
      const text = JSON.stringify(rows, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
      )
      expect(text.toLowerCase(), table).not.toContain('ann@example.com')
    }
  })
})
