/** Sending accounts and DKIM keys over HTTP: what is wrong, what is left of the day, what the DNS says. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SendingAccount, SendingDomain } from '../../../shared/api/settings.ts'
import { type AccountId, fromColumn } from '../../../shared/ids.ts'
import { setupBody, signedIn, type TestApp, testApp } from '../../support/app.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const smtp = {
  kind: 'smtp',
  host: 'smtp.example.com',
  port: 587,
  security: 'starttls',
  ratePerSecond: 14,
  quotaPerDay: 200,
}
const save = async (over = {}) =>
  (await t.call<SendingAccount>('POST', '/api/v1/sending-accounts', { ...smtp, ...over })).body
const read = async (id: string): Promise<SendingAccount | undefined> =>
  (await t.call<{ items: SendingAccount[] }>('GET', '/api/v1/sending-accounts')).body.items.find((one) => one.id === id)
const numberOf = (id: string) => fromColumn<AccountId>(Number(id))
const post = (path: string, body?: unknown) => t.call<SendingAccount>('POST', `/api/v1/sending-accounts/${path}`, body)

describe('a sending account', () => {
  test('shows its quota and when the day begins anew, and keeps it when a form does not know it', async () => {
    const saved = await save()
    expect(saved.quota).toEqual({ perDay: 200, used: 0, resetsAt: '2026-03-03T00:00:00.000Z' })
    const { quotaPerDay: _, ...older } = smtp
    await t.call('PUT', `/api/v1/sending-accounts/${saved.id}`, older)
    expect((await read(saved.id))?.quotaPerDay).toBe(200)
    await t.call('PUT', `/api/v1/sending-accounts/${saved.id}`, { ...smtp, quotaPerDay: null })
    expect((await read(saved.id))?.quota).toBeNull()
  })

  test('shows what is wrong, since when, and when it is tried next; the beginning stays', async () => {
    const { id } = await save()
    const note = (code: 'silent' | 'no-connection') =>
      t.commands('note-account', {
        id: numberOf(id),
        trouble: { code, response: 'connect ECONNREFUSED', retryAt: t.now() + 60_000 },
      })
    const since = new Date(t.now()).toISOString()
    await note('silent')
    t.pass(120_000)
    await note('no-connection')
    expect(await read(id)).toMatchObject({
      status: 'active',
      reachableSince: null,
      trouble: { code: 'no-connection', since, response: 'connect ECONNREFUSED' },
    })
    await post(`${id}/retry`)
    expect((await read(id))?.trouble?.retryAt).toBeNull()
    await t.commands('note-account', { id: numberOf(id), trouble: null })
    expect(await read(id)).toMatchObject({ trouble: null, reachableSince: new Date(t.now()).toISOString() })
  })

  test('paused by hand says by whom, and the sender neither resumes nor explains it otherwise', async () => {
    const { id } = await save()
    expect((await post(`${id}/pause`)).body).toMatchObject({ pausedReason: 'by-hand', pausedBy: 'PERENNIAL_API_KEY' })
    await t.commands('set-account-status', { id: numberOf(id), status: 'paused', reason: 'auth-refused' })
    await t.commands('set-account-status', { id: numberOf(id), status: 'active', reason: null })
    expect(await read(id)).toMatchObject({ status: 'paused', pausedReason: 'by-hand', trouble: null })
    expect((await post(`${id}/resume`)).body).toMatchObject({ status: 'active', pausedBy: null })
  })

  test('paused by a person says the person’s name', async () => {
    const cookie = await signedIn(t)
    const { id } = await save()
    const headers = { cookie, origin: 'http://127.0.0.1:3000', 'content-type': 'application/json' }
    const answer = await t.raw('POST', `/api/v1/sending-accounts/${id}/pause`, { headers, body: '{}' })
    expect(answer.body).toMatchObject({ pausedBy: setupBody().name })
  })

  test('paused by itself stays paused since the first refusal, and says what the server said', async () => {
    const { id } = await save()
    const refuse = () =>
      t.commands('set-account-status', {
        id: numberOf(id),
        status: 'paused',
        reason: 'auth-refused',
        response: '535 5.7.8 no',
        retryAt: t.now() + 60_000,
      })
    const pausedAt = new Date(t.now()).toISOString()
    await refuse()
    t.pass(60_000)
    await refuse()
    expect(await read(id)).toMatchObject({
      status: 'paused',
      pausedAt,
      pausedBy: null,
      pausedReason: 'auth-refused',
      trouble: { code: 'auth-refused', since: pausedAt, response: '535 5.7.8 no' },
    })
  })

  test.each([[{ quotaPerDay: 0 }], [{ quotaPerDay: 1.5 }], [{ quotaPerDay: 'many' }], [{ security: 'maybe' }]])(
    'refuses %j',
    async (over) => {
      expect((await t.call('POST', '/api/v1/sending-accounts', { ...smtp, ...over })).status).toBe(422)
    },
  )
})

describe('a DKIM key', () => {
  const create = (body: object = {}) => t.call<SendingDomain>('POST', '/api/v1/sending-domains', body)
  const list = async () => (await t.call<{ items: SendingDomain[] }>('GET', '/api/v1/sending-domains')).body.items
  const act = (id: string, verb: string, body?: object) =>
    t.call<SendingDomain>('POST', `/api/v1/sending-domains/${id}/${verb}`, body ?? {})
  const publish = ({ record }: SendingDomain, value = record.value) =>
    t.dns.set(record.name, [[value.slice(0, 255), value.slice(255)]])

  test('is made for the domain mail comes from, and its private half never comes out', async () => {
    const made = await create()
    expect(made).toMatchObject({
      status: 201,
      body: { domain: 'example.com', algorithm: 'rsa-sha256', isSigning: false, isReadable: true, check: null },
    })
    expect(made.body.record.name).toBe(`${made.body.selector}._domainkey.example.com`)
    expect(made.body.record.chunks.every((chunk) => chunk.length <= 255)).toBe(true)
    const text = JSON.stringify(await list())
    expect(text).not.toMatch(/PRIVATE|v1:/)
    const row = await t.db.sql.selectFrom('sending_domain').selectAll().executeTakeFirstOrThrow()
    expect(row.private_key_sealed).toMatch(/^v1:/)
  })

  test('signs only once its record was seen, or by force', async () => {
    const { body: key } = await create({ algorithm: 'ed25519-sha256' })
    expect((await act(key.id, 'check')).body.check).toMatchObject({ status: 'missing', found: [] })
    expect((await act(key.id, 'signing', { on: true })).status).toBe(409)
    publish(key, 'v=DKIM1; k=ed25519; p=b3RoZXI=')
    expect((await act(key.id, 'check')).body.check).toMatchObject({ status: 'other-key' })
    publish(key)
    expect((await act(key.id, 'check')).body).toMatchObject({
      check: { status: 'seen' },
      seenAt: new Date(t.now()).toISOString(),
    })
    expect((await act(key.id, 'signing', { on: true })).body.isSigning).toBe(true)
    expect((await act(key.id, 'signing', { on: false })).body.isSigning).toBe(false)
    t.dns.clear()
    await act(key.id, 'check')
    expect((await act(key.id, 'signing', { on: true, force: true })).body.isSigning).toBe(true)
  })

  test('never gets the name of an older one, not even of one made and removed on the same day', async () => {
    const selectors = new Set<string>()
    for (let made = 0; made < 3; made++) {
      const { body: key } = await create()
      expect(key.selector).toMatch(/^pn\d{6}[0-9a-f]{6}$/)
      selectors.add(key.selector)
      await t.call('DELETE', `/api/v1/sending-domains/${key.id}`)
    }
    expect(selectors.size).toBe(3)
  })

  test('changes hands: the old one signs until the new one is switched on, and both have their own record', async () => {
    const { body: old } = await create()
    await act(old.id, 'signing', { on: true, force: true })
    const { body: fresh } = await create()
    expect(fresh.selector).not.toBe(old.selector)
    expect((await list()).map(({ isSigning }) => isSigning)).toEqual([true, false])
    await act(fresh.id, 'signing', { on: true, force: true })
    expect((await list()).map(({ isSigning }) => isSigning)).toEqual([false, true])
    expect((await t.call('DELETE', `/api/v1/sending-domains/${old.id}`)).status).toBe(204)
    expect((await t.call('DELETE', `/api/v1/sending-domains/${old.id}`)).status).toBe(404)
  })

  test('takes a domain of any script, and nothing that is none', async () => {
    expect((await create({ domain: 'Công-ty.vn', algorithm: 'ed25519-sha256' })).body.domain).toBe('xn--cng-ty-ixa.vn')
    for (const domain of ['nodots', 'a b.example', '-x.example', 'x..example', 'x.example\r\nBcc: y', '../etc'])
      expect((await create({ domain })).status, domain).toBe(422)
  })

  test('that another SECRET_KEY sealed says so and cannot be switched on', async () => {
    const { body: key } = await create({ algorithm: 'ed25519-sha256' })
    await t.db.sql.updateTable('sending_domain').set({ private_key_sealed: 'v1:00000000:a:b:c' }).execute()
    expect((await list())[0]?.isReadable).toBe(false)
    expect((await act(key.id, 'signing', { on: true, force: true })).status).toBe(422)
  })
})
