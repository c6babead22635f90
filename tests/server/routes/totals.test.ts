import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContactId } from '../../../shared/ids.ts'
import { API_KEY, importFile, type TestApp, testApp } from '../../support/app.ts'
import { planOf } from '../../support/database.ts'
import { twoMails } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const totals = async () => {
  const { body } = await t.call<{ total: number; mailable: number }>('GET', '/api/v1/contacts?limit=1')
  return [body.total, body.mailable]
}
const counted = async () => {
  const rows = await t.db.sql.selectFrom('message').select(['status']).execute()
  const counts: Record<string, number> = {}
  for (const { status } of rows) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const shown = async () => (await t.call<{ counts: Record<string, number> }>('GET', '/api/v1/messages')).body.counts

describe('totals', () => {
  test('follow every way a contact becomes mailable or stops being so', async () => {
    expect(await totals()).toEqual([0, 0])
    await importFile(t, 'email\na@example.com\nb@example.com\n', 'consent=granted')
    await t.world.contact({ externalId: 'without address', consent: granted })
    expect(await totals()).toEqual([3, 2])
    const a = (await t.call<{ items: { id: string }[] }>('GET', '/api/v1/contacts?email=a@example.com')).body.items[0]
    const id = Number(a?.id) as ContactId
    await t.commands('unsubscribe', { contactId: id, messageId: null, topic: null, source: 'link', reason: null })
    expect(await totals()).toEqual([3, 1])
    await t.commands('resubscribe', { contactId: id, topic: 'marketing', source: 'page' })
    expect(await totals()).toEqual([3, 2])
    await t.commands('put-contact', { ref: { id }, patch: { email: null, externalId: 'a' }, trigger: false })
    expect(await totals()).toEqual([3, 1])
    await t.commands('erase-contact', { id })
    expect(await totals()).toEqual([2, 1])
    expect((await t.call('GET', '/api/v1/status')).body).toMatchObject({ contacts: 2 })
  })

  test('of messages are the messages, through queue, delivery, failure and tests', async () => {
    const workflow = await t.world.publish(twoMails())
    for (const name of ['a', 'b', 'c']) {
      const contactId = await t.world.subscriber(`${name}@example.com`)
      await t.commands('enroll', { workflowId: workflow, contact: { id: contactId }, properties: {} })
    }
    t.world.answer = (message) => (message.contact.email.startsWith('b') ? 'bounce' : 'accept')
    await t.world.settle()
    await t.commands('queue-test-send', {
      workflowId: workflow,
      emailKey: 'hello',
      contactId: null,
      sends: [
        {
          to: 'me@example.com',
          properties: {},
          email: { key: 'hello', locale: '', subject: 's', preheader: '', html: '', text: '', links: [] },
        },
      ],
    })
    expect(await shown()).toEqual(await counted())
    expect(await shown()).toMatchObject({ sent: 2, failed: 1, queued: 1 })
    expect((await t.call('GET', '/api/v1/status')).body).toMatchObject({ queued: 1, uncertain: 0, workflows: 1 })
    await t.world.pass(30 * 86_400_000)
    expect(await shown()).toEqual(await counted())
  })

  test('no page of lists and numbers counts contacts or messages row by row', async () => {
    const plan = (text: string) => planOf(t.db, text)
    expect(await plan('SELECT status, count(*) FROM message WHERE enrollment_id IS NULL GROUP BY status')).toContain(
      'message_test',
    )
    expect(
      await plan(
        "SELECT not_before FROM message WHERE account_id = 1 AND lane = 0 AND status IN ('queued', 'deferred') ORDER BY not_before LIMIT 1",
      ),
    ).toMatch(/message_ready.*account_id ?= ?.+ AND .*lane ?=/s)
  })

  test('an audience counted in slices is whom the condition fits, newest first in the sample', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `p${i}@example.com,${i % 2 === 0 ? 'pro' : 'free'}`)
    await importFile(t, `email,plan\n${rows.join('\n')}\n`, 'consent=granted')
    const condition = { attribute: 'plan', is: 'equals', value: 'pro' }
    const { body } = await t.call('POST', '/api/v1/audience/count', { condition })
    expect(body).toMatchObject({ total: 20, mailable: 20 })
    expect((body.sample as { email: string }[]).map(({ email }) => email)).toEqual([
      'p38@example.com',
      'p36@example.com',
      'p34@example.com',
    ])
    expect((await t.call('POST', '/api/v1/audience/count', { condition: null })).body).toMatchObject({ total: 40 })
  })
})

const granted = { marketing: { status: 'granted', source: 'test', text: null, at: null, address: null } } as const

describe('the last use of a key', () => {
  const listed = async () =>
    (await t.call<{ items: { name: string; lastUsedAt: string | null }[] }>('GET', '/api/v1/api-keys')).body.items.find(
      ({ name }) => name === 'CRM',
    )?.lastUsedAt

  test('is written, at most once a minute, and never for the key of the environment', async () => {
    const made = await t.call<{ key: string }>('POST', '/api/v1/api-keys', { name: 'CRM', scopes: ['contacts:read'] })
    const use = () => t.raw('GET', '/api/v1/contacts', { headers: { authorization: `Bearer ${made.body.key}` } })
    expect(await listed()).toBeNull()
    const first = new Date(t.now()).toISOString()
    await use()
    await expect.poll(listed).toBe(first)
    t.pass(59_000)
    await Promise.all([use(), use()])
    expect(await listed()).toBe(first)
    t.pass(1_000)
    await use()
    await expect.poll(listed).toBe(new Date(t.now()).toISOString())
    await t.raw('GET', '/api/v1/contacts', { headers: { authorization: `Bearer ${API_KEY}` } })
    expect(t.errors).toEqual([])
  })
})
