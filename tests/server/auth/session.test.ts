import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { hashPassword, isPassword, NOBODYS_HASH } from '../../../server/auth/password.ts'
import { scopesOfRole } from '../../../server/auth/scopes.ts'
import { cookieOf, ORIGIN, PASSWORD, setupBody, signedIn, type TestApp, testApp } from '../../support/app.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const json = { 'content-type': 'application/json' }
const signIn = (email: string, password: string) =>
  t.raw('POST', '/api/v1/session', { headers: json, body: JSON.stringify({ email, password }) })

// A password costs 80 ms of a core on purpose; a busy machine has few.
vi.setConfig({ testTimeout: 60_000 })

describe('set-up', () => {
  test('makes the owner once, then answers 409', async () => {
    expect((await t.raw('GET', '/api/v1/session')).body).toMatchObject({ needsSetup: true, user: null })
    const first = await t.raw('POST', '/api/v1/setup', { headers: json, body: JSON.stringify(setupBody()) })
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ needsSetup: false, user: { email: 'mai@example.com', role: 'owner' } })
    const again = await t.raw('POST', '/api/v1/setup', { headers: json, body: JSON.stringify(setupBody()) })
    expect(again.status).toBe(409)
  })

  test('needs no more than email, password, name and workspace', async () => {
    const body = JSON.stringify({ email: 'a@example.com', password: PASSWORD, name: 'A', workspace: 'W' })
    expect((await t.raw('POST', '/api/v1/setup', { headers: json, body })).status).toBe(201)
  })

  test('says which field is wrong and what is expected, and repeats no password', async () => {
    const body = JSON.stringify(setupBody({ password: 'short', timezone: 'Mars/Base' }))
    const short = await t.raw('POST', '/api/v1/setup', { headers: json, body })
    expect(short.status).toBe(422)
    expect(short.body.detail).toBe('`password` is a text of 5 characters; expected at least 10 characters.')
    const zone = await t.raw('POST', '/api/v1/setup', {
      headers: json,
      body: JSON.stringify(setupBody({ timezone: 'Mars/Base' })),
    })
    expect([zone.status, zone.body.detail]).toEqual([422, expect.stringContaining('"Mars/Base"')])
  })

  test('gives a cookie that scripts cannot read', async () => {
    const { headers } = await t.raw('POST', '/api/v1/setup', { headers: json, body: JSON.stringify(setupBody()) })
    expect(headers.get('set-cookie')).toMatch(/HttpOnly/)
    expect(headers.get('set-cookie')).toMatch(/SameSite=Lax/)
    expect(headers.get('set-cookie')).not.toMatch(/Secure/)
  })
})

describe('signing in', () => {
  test('works with any case of the address, and signing out ends it', async () => {
    await signedIn(t)
    const cookie = cookieOf(await signIn('MAI@example.com', PASSWORD))
    expect((await t.raw('GET', '/api/v1/workspace', { headers: { cookie } })).status).toBe(200)
    await t.raw('DELETE', '/api/v1/session', { headers: { cookie, origin: ORIGIN, ...json } })
    expect((await t.raw('GET', '/api/v1/workspace', { headers: { cookie } })).status).toBe(401)
  })

  test('answers known and unknown people the same', async () => {
    await signedIn(t)
    const known = await signIn('mai@example.com', 'wrong password')
    const unknown = await signIn('nobody@example.com', 'wrong password')
    expect(known.status).toBe(401)
    const { requestId: _one, ...answer } = known.body
    expect([unknown.status, unknown.body]).toEqual([known.status, { ...answer, requestId: expect.any(String) }])
  })

  test('after 10 failures is 429 with Retry-After, also for the right password, until the time has passed', async () => {
    await signedIn(t)
    for (let i = 0; i < 10; i += 1) expect((await signIn('mai@example.com', `wrong ${i}`)).status).toBe(401)
    const locked = await signIn('mai@example.com', PASSWORD)
    expect(locked.status).toBe(429)
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0)
    t.pass(Number(locked.headers.get('retry-after')) * 1_000)
    expect((await signIn('mai@example.com', PASSWORD)).status).toBe(200)
  })

  test('a session ends after 30 days', async () => {
    const cookie = await signedIn(t)
    t.pass(31 * 86_400_000)
    expect((await t.raw('GET', '/api/v1/workspace', { headers: { cookie } })).status).toBe(401)
  })
})

describe('a state change with a cookie', () => {
  const change = async (headers: Record<string, string>) =>
    (await t.raw('PATCH', '/api/v1/profile', { headers, body: '{"name":"New"}' })).status

  test('needs our Origin and application/json', async () => {
    const cookie = await signedIn(t)
    expect(await change({ cookie, origin: ORIGIN, ...json })).toBe(200)
    expect(await change({ cookie, ...json })).toBe(403)
    expect(await change({ cookie, origin: 'https://evil.example', ...json })).toBe(403)
    expect(await change({ cookie, origin: 'null', ...json })).toBe(403)
    expect(await change({ cookie, origin: ORIGIN, 'content-type': 'text/plain' })).toBe(403)
    expect(await change({ cookie, origin: ORIGIN })).toBe(403)
  })

  test('is not helped by a wrong key: the header never falls back to the cookie', async () => {
    const cookie = await signedIn(t)
    expect(await change({ cookie, origin: ORIGIN, authorization: 'Bearer nonsense', ...json })).toBe(401)
  })
})

describe('API keys', () => {
  test('may do what their scopes say, and nothing after they are revoked', async () => {
    const made = await t.call<{ id: string; key: string }>('POST', '/api/v1/api-keys', {
      name: 'CRM',
      scopes: ['contacts:read'],
    })
    expect(made.body.key).toMatch(/^pk_[\w-]{43}$/)
    const headers = { authorization: `Bearer ${made.body.key}`, ...json }
    expect((await t.raw('GET', '/api/v1/contacts', { headers })).status).toBe(200)
    const refused = await t.raw('PUT', '/api/v1/contacts', { headers, body: '{"email":"a@example.com"}' })
    expect([refused.status, refused.body.detail]).toEqual([403, 'This needs the scope contacts:write.'])
    expect((await t.call<{ items: { name: string }[] }>('GET', '/api/v1/api-keys')).text).not.toContain(made.body.key)
    await t.call('DELETE', `/api/v1/api-keys/${made.body.id}`)
    expect((await t.raw('GET', '/api/v1/contacts', { headers })).status).toBe(401)
  })

  test('every route but the public ones asks who is there', async () => {
    const open = new Set([
      'GET /api/v1/session',
      'POST /api/v1/session',
      'DELETE /api/v1/session',
      'POST /api/v1/setup',
    ])
    for (const [path, operations] of Object.entries(t.app.document().paths ?? {}))
      for (const method of Object.keys(operations)) {
        if (open.has(`${method.toUpperCase()} ${path}`)) continue
        const answer = await t.raw(method.toUpperCase(), path.replace(/\{\w+\}/g, '1'), { headers: json })
        expect(answer.status, `${method} ${path}`).toBe(401)
      }
  })
})

describe('Idempotency-Key', () => {
  test('gives the first answer again, refuses another body, and forgets after 24 hours', async () => {
    const key = { 'idempotency-key': 'order-1' }
    const body = { name: 'Signed up', contact: { email: 'a@example.com' } }
    const first = await t.call('POST', '/api/v1/events', body, key)
    const again = await t.call('POST', '/api/v1/events', body, key)
    expect(first.status).toBe(202)
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([202, first.text, 'true'])
    expect((await t.call('POST', '/api/v1/events', { ...body, name: 'Other' }, key)).status).toBe(422)
    t.pass(25 * 3_600_000)
    expect((await t.call('POST', '/api/v1/events', { ...body, name: 'Other' }, key)).status).toBe(202)
  })

  test('never keeps an answer with a key in it', async () => {
    await t.call('POST', '/api/v1/api-keys', { name: 'CRM', scopes: ['metrics'] }, { 'idempotency-key': 'k' })
    expect(await t.db.sql.selectFrom('idempotency').selectAll().execute()).toEqual([])
  })
})

describe('a password', () => {
  test('is known again in either form of its letters, and nothing else is', async () => {
    const stored = await hashPassword('mật khẩu dài')
    expect(await isPassword('mật khẩu dài'.normalize('NFD'), stored)).toBe(true)
    expect(await isPassword('mat khau dai', stored)).toBe(false)
    expect(await isPassword('', NOBODYS_HASH)).toBe(false)
  })
  test('roles hold scopes', () => {
    expect(scopesOfRole('viewer').has('contacts:write')).toBe(false)
    expect(scopesOfRole('editor').has('settings:write')).toBe(false)
    expect(scopesOfRole('owner').has('settings:write')).toBe(true)
    expect(scopesOfRole('stranger').size).toBe(0)
  })
})
