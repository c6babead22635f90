import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, testApp } from '../../support/app.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

type Contact = {
  id: string
  email: string | null
  attributes: Record<string, unknown>
  consent: Record<string, string>
}
const put = (body: unknown) => t.call<Contact>('PUT', '/api/v1/contacts', body)
const list = (query: string) =>
  t.call<{ items: Contact[]; nextCursor: string | null; total: number }>('GET', `/api/v1/contacts${query}`)
const emails = async (query: string) => (await list(query)).body.items.map(({ email }) => email)

describe('a contact', () => {
  test('is made once, then merged; null deletes a value', async () => {
    const made = await put({ email: 'Ann@Example.com', attributes: { plan: 'free', city: 'Huế' }, tags: ['a'] })
    expect(made.status).toBe(201)
    const merged = await put({ email: 'ann@example.COM', attributes: { plan: 'pro', city: null } })
    expect([merged.status, merged.body.id]).toEqual([200, made.body.id])
    expect(merged.body).toMatchObject({
      email: expect.stringMatching(/ann@example.com/i),
      attributes: { plan: 'pro' },
      tags: ['a'],
    })
    expect(merged.body.attributes).not.toHaveProperty('city')
  })

  test('begins with unknown consent; a grant goes to the ledger with its proof', async () => {
    expect((await put({ email: 'a@example.com' })).body.consent).toEqual({ marketing: 'unknown' })
    const at = '2026-01-31T09:00:00+07:00'
    const { body } = await put({
      email: 'a@example.com',
      consent: { marketing: 'granted', source: 'Stall', text: 'Write to me', at },
    })
    expect(body.consent).toEqual({ marketing: 'granted' })
    expect((await t.call('GET', `/api/v1/contacts/${body.id}/consents`)).body).toMatchObject({
      items: [
        { topic: 'marketing', status: 'granted', source: 'Stall', text: 'Write to me', at: '2026-01-31T02:00:00.000Z' },
      ],
    })
  })

  test.each([
    [{}, /neither `email` nor `externalId`/],
    [{ email: 'nobody' }, /`email` is "nobody"; expected an email address/],
    [{ email: 'a@example.com', timezone: 'Mars/Base' }, /"Mars\/Base"; expected an IANA name/],
    [{ email: 'a@example.com', consent: { marketing: 'maybe' } }, /"maybe"; expected granted, withdrawn or unknown/],
    [
      { email: 'a@example.com', consent: { marketing: { status: 'granted', at: 'today' } } },
      /"today"; expected an instant/,
    ],
    [{ email: 7 }, /`email` is 7; expected a string/],
  ])('%j is 422 with a sentence', async (body, sentence) => {
    const answer = await t.call('PUT', '/api/v1/contacts', body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json'])
    expect(answer.body.detail).toMatch(sentence)
  })

  test('is 409 when email and externalId name two people', async () => {
    await put({ email: 'a@example.com' })
    await put({ externalId: 'b' })
    expect((await put({ email: 'a@example.com', externalId: 'b' })).status).toBe(409)
  })

  test('is changed by id, erased, and then gone', async () => {
    const { id } = (await put({ email: 'a@example.com' })).body
    expect((await t.call('PATCH', `/api/v1/contacts/${id}`, { externalId: 'x1' })).body).toMatchObject({
      externalId: 'x1',
    })
    expect((await t.call('DELETE', `/api/v1/contacts/${id}`)).status).toBe(204)
    for (const path of ['', '/journal', '/consents'])
      expect((await t.call('GET', `/api/v1/contacts/${id}${path}`)).status).toBe(404)
    expect((await t.call('GET', '/api/v1/contacts/abc')).status).toBe(404)
  })
})

describe('the list of contacts', () => {
  test('is paged by cursor without gaps or repeats, newest first', async () => {
    for (let i = 0; i < 7; i += 1) await put({ email: `c${i}@example.com` })
    const seen: (string | null)[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Awaited<ReturnType<typeof list>> = await list(`?limit=3&cursor=${cursor}`)
      seen.push(...body.items.map(({ email }) => email))
      cursor = body.nextCursor
    }
    expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `c${i}@example.com`))
    expect((await list('?limit=3')).body).toMatchObject({ total: 7, mailable: 0 })
  })

  test('finds by the beginning of address or name, page by page', async () => {
    await put({ email: 'mai@example.com', attributes: { name: 'Nguyễn Mai' } })
    await put({ email: 'x@example.com', attributes: { name: 'Mai Anh' } })
    expect(await emails('?q=MAI')).toEqual(['mai@example.com', 'x@example.com'])
    expect(await emails('?q=nguy%E1%BB%85n')).toContain('mai@example.com')
    const first = await list('?q=mai&limit=1')
    const rest = await emails(`?q=mai&limit=1&cursor=${first.body.nextCursor}`)
    expect([...first.body.items.map(({ email }) => email), ...rest]).toEqual(['mai@example.com', 'x@example.com'])
    expect(await emails('?email=X%40example.com')).toEqual(['x@example.com'])
    expect(await emails('?externalId=none')).toEqual([])
  })

  test('refuses limits and cursors that are none', async () => {
    expect((await list('?limit=0')).status).toBe(400)
    expect((await list('?limit=many')).status).toBe(400)
    expect((await list('?cursor=abc')).status).toBe(400)
  })
})

describe('events', () => {
  test('are recorded once per id, and known to the pickers', async () => {
    const event = { id: 'e1', name: 'Order placed', contact: { email: 'a@example.com' }, properties: { total: 5 } }
    const first = await t.call('POST', '/api/v1/events', event)
    expect(first).toMatchObject({ status: 202, body: { status: 'recorded' } })
    expect((await t.call('POST', '/api/v1/events', event)).body).toMatchObject({
      status: 'duplicate',
      contactId: first.body.contactId,
    })
    expect((await t.call('GET', '/api/v1/contacts/fields')).body).toMatchObject({
      events: [{ name: 'Order placed', properties: ['total'] }],
    })
  })

  test('come in batches of up to 1,000', async () => {
    const events = Array.from({ length: 1_000 }, (_, i) => ({ name: 'Visit', contact: { externalId: `p${i % 10}` } }))
    const answer = await t.call<{ events: unknown[] }>('POST', '/api/v1/events/batch', { events })
    expect([answer.status, answer.body.events.length]).toEqual([202, 1_000])
    expect((await t.call('POST', '/api/v1/events/batch', { events: [...events, events[0]] })).status).toBe(422)
  })
})

describe('settings', () => {
  const smtp = {
    kind: 'smtp',
    name: 'Relay',
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    username: 'u',
    password: 'hunter2',
  }

  test('a password goes in sealed and never comes out', async () => {
    const saved = await t.call<{ id: string }>('POST', '/api/v1/sending-accounts', smtp)
    expect(saved).toMatchObject({ status: 201, body: { hasPassword: true, isDefault: true } })
    expect((await t.call('GET', '/api/v1/sending-accounts')).text).not.toContain('hunter2')
    const row = await t.db.sql
      .selectFrom('sending_account')
      .select('password_sealed')
      .where('kind', '=', 'smtp')
      .executeTakeFirstOrThrow()
    expect(row.password_sealed).toMatch(/^v1:/)
    const { password: _, ...kept } = smtp
    expect((await t.call('PUT', `/api/v1/sending-accounts/${saved.body.id}`, kept)).body).toMatchObject({
      hasPassword: true,
    })
    expect(
      (await t.call('PUT', `/api/v1/sending-accounts/${saved.body.id}`, { ...smtp, password: '' })).body,
    ).toMatchObject({ hasPassword: false })
  })

  test('the status says what is missing', async () => {
    await t.commands('save-workspace', { postalAddress: '' })
    expect((await t.call('GET', '/api/v1/status')).body).toMatchObject({
      lagMs: 0,
      embeddedInbox: true,
      senderMissing: ['postalAddress'],
    })
  })

  test('the inbox shows what arrived, sandboxed', async () => {
    const raw = Buffer.from(
      'From: a@example.com\r\nTo: b@example.com\r\nSubject: Hi\r\nX-Perennial-Test: yes\r\nContent-Type: text/html\r\n\r\n<p>Hello</p><script>x</script>',
    )
    await t.commands('store-inbox-mail', {
      mails: [
        {
          mailFrom: 'a@example.com',
          rcptTo: ['b@example.com'],
          subject: 'Hi',
          headerFrom: 'a@example.com',
          messageId: 'x',
          raw,
        },
      ],
    })
    const page = await t.call<{ items: { id: string }[] }>('GET', '/api/v1/inbox?q=hi')
    expect(page.body.items).toMatchObject([{ subject: 'Hi', isTest: true, to: ['b@example.com'] }])
    const id = page.body.items[0]?.id
    expect((await t.call('GET', `/api/v1/inbox/${id}`)).body).toMatchObject({ htmlUrl: `/api/v1/inbox/${id}/html` })
    const html = await t.call('GET', `/api/v1/inbox/${id}/html`)
    expect(html.headers.get('content-security-policy')).toMatch(/^sandbox allow-popups/)
    expect((await t.call('GET', `/api/v1/inbox/${id}/raw`)).text).toBe(raw.toString())
    expect((await t.call('DELETE', '/api/v1/inbox')).status).toBe(204)
  })
})

test('health is open, and the API describes itself with every kind of step', async () => {
  expect((await t.raw('GET', '/healthz')).status).toBe(200)
  expect((await t.raw('GET', '/readyz')).body).toMatchObject({ status: 'ready' })
  const document = await t.raw('GET', '/api/openapi.json')
  expect(document.body).toMatchObject({
    openapi: '3.1.0',
    components: {
      schemas: {
        'Step.wait-until': expect.anything(),
        'Trigger.event': expect.anything(),
        Condition: expect.anything(),
      },
    },
  })
  expect((await t.raw('GET', '/api/docs')).text).toContain('/api/v1/contacts/{id}/journal')
})
