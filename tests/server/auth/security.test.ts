import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { staticRoutes } from '../../../server/ops/static-files.ts'
import { API_KEY, cookieOf, importFile, ORIGIN, PASSWORD, signedIn, type TestApp, testApp } from '../../support/app.ts'

// A password costs 80 ms of a core on purpose; a busy machine has few.
vi.setConfig({ testTimeout: 60_000 })
let t: TestApp
afterEach(() => t.close())

const json = { 'content-type': 'application/json' }
type Sent = { headers?: Record<string, string>; from?: string; email?: string }

const signIn = async (password: string, { headers = {}, from, email = 'mai@example.com' }: Sent = {}) => {
  const env = from === undefined ? {} : { incoming: { socket: { remoteAddress: from } } }
  const init = { method: 'POST', headers: { ...json, ...headers }, body: JSON.stringify({ email, password }) }
  return (await t.app.request('/api/v1/session', init, env)) as Response
}
const cookieFrom = (response: Response) => cookieOf({ headers: response.headers })
const isIn = async (cookie: string) => (await t.raw('GET', '/api/v1/workspace', { headers: { cookie } })).status === 200

describe('guessing passwords', () => {
  test('a hundred at once are no more tries than one after another', async () => {
    t = await testApp()
    await signedIn(t)
    const answers = await Promise.all(Array.from({ length: 25 }, (_, i) => signIn(`wrong password ${i}`)))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
  })

  test('of many accounts from one address is stopped, from another address it is not', async () => {
    t = await testApp()
    await signedIn(t)
    for (let i = 0; i < 10; i += 1) await signIn('wrong password', { from: '203.0.113.7', email: `p${i}@example.com` })
    expect((await signIn(PASSWORD, { from: '203.0.113.7' })).status).toBe(429)
    expect((await signIn(PASSWORD, { from: '203.0.113.8' })).status).toBe(200)
  })

  test('counts the address a trusted proxy forwards, and not what others claim', async () => {
    t = await testApp({ trustedProxies: ['10.0.0.1'] })
    await signedIn(t)
    const via = (from: string, forwarded: string, email: string) =>
      signIn('wrong password', { from, headers: { 'x-forwarded-for': forwarded }, email })
    for (let i = 0; i < 10; i += 1) await via('10.0.0.1', `198.51.100.${i}, 203.0.113.7`, `p${i}@example.com`)
    const behind = (forwarded: string, from = '10.0.0.1') =>
      signIn(PASSWORD, { from, headers: { 'x-forwarded-for': forwarded } })
    expect((await behind('203.0.113.7')).status).toBe(429)
    expect((await behind('203.0.113.9')).status).toBe(200)
    // Whoever is no proxy cannot choose whom they are counted as.
    for (let i = 0; i < 10; i += 1) await via('192.0.2.1', `203.0.113.${100 + i}`, `q${i}@example.com`)
    expect((await behind('203.0.113.200', '192.0.2.1')).status).toBe(429)
  })

  test('with a session in hand is no way round', async () => {
    t = await testApp()
    const cookie = await signedIn(t)
    const change = (current: string) =>
      t.raw('PATCH', '/api/v1/profile', {
        headers: { cookie, origin: ORIGIN, ...json },
        body: JSON.stringify({ password: { current, next: 'another long password' } }),
      })
    for (let i = 0; i < 10; i += 1) expect((await change(`wrong ${i}`)).status).toBe(422)
    expect((await change(PASSWORD)).status).toBe(429)
  })
})

describe('a session', () => {
  test('is replaced when its browser signs in again', async () => {
    t = await testApp()
    const first = await signedIn(t)
    const second = cookieFrom(await signIn(PASSWORD, { headers: { cookie: first, origin: ORIGIN } }))
    expect(second).not.toBe(first)
    expect([await isIn(first), await isIn(second)]).toEqual([false, true])
  })

  test('ends everywhere when the password changes, and goes on under a new token where it was changed', async () => {
    t = await testApp()
    const here = await signedIn(t)
    const elsewhere = cookieFrom(await signIn(PASSWORD))
    const answer = await t.raw('PATCH', '/api/v1/profile', {
      headers: { cookie: here, origin: ORIGIN, ...json },
      body: JSON.stringify({ password: { current: PASSWORD, next: 'another long password' } }),
    })
    const now = cookieOf(answer)
    expect([await isIn(here), await isIn(elsewhere), await isIn(now)]).toEqual([false, false, true])
    expect((await signIn(PASSWORD)).status).toBe(401)
    expect((await signIn('another long password')).status).toBe(200)
  })

  test('has a cookie for https alone where the product is reached by https', async () => {
    t = await testApp({ publicUrl: 'https://mail.example.com' })
    const answer = await t.raw('POST', '/api/v1/setup', {
      headers: json,
      body: JSON.stringify({ email: 'a@example.com', password: PASSWORD, name: 'A', workspace: 'W' }),
    })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^perennial_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
  })

  test.each([
    ['http://localhost:3000', 200],
    ['http://192.168.1.20:3000', 200],
    ['http://mail-server:3000', 200],
    ['http://evil.example:3000', 403],
  ])('may be used from %s only if nobody else can own that name: %d', async (origin, status) => {
    t = await testApp()
    const cookie = await signedIn(t)
    const answer = await t.raw('PATCH', '/api/v1/profile', {
      headers: { cookie, origin, host: new URL(origin).host, ...json },
      body: '{"name":"New"}',
    })
    expect(answer.status).toBe(status)
  })
})

describe('a preview', () => {
  test('is for the session that asked for it, under a name nobody can guess', async () => {
    t = await testApp()
    const mine = await signedIn(t)
    const theirs = cookieFrom(await signIn(PASSWORD))
    const mjml =
      '<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>'
    const made = await t.raw('POST', '/api/v1/preview', {
      headers: { cookie: mine, origin: ORIGIN, ...json },
      body: JSON.stringify({ email: { subject: 'S', mjml }, messageClass: 'transactional' }),
    })
    const url = String(made.body.url)
    expect(url).toMatch(/^\/preview\/[\w-]{32}$/)
    const seen = async (headers: Record<string, string>) => (await t.raw('GET', url, { headers })).status
    expect(await seen({ cookie: mine })).toBe(200)
    expect(await seen({ cookie: theirs })).toBe(404)
    expect(await seen({})).toBe(404)
    expect(await seen({ authorization: `Bearer ${API_KEY}` })).toBe(404)
    const page = await t.raw('GET', url, { headers: { cookie: mine } })
    expect(page.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-scripts)/)
  })
})

describe('files', () => {
  test('of the interface are only those of its folder', async () => {
    t = await testApp()
    const web = join(t.dataDir, 'web')
    mkdirSync(join(web, 'assets'), { recursive: true })
    writeFileSync(join(web, 'index.html'), 'the page')
    writeFileSync(join(web, 'assets', 'a.js'), 'script')
    writeFileSync(join(t.dataDir, 'secret.key'), 'the secret')
    const app = staticRoutes(web)
    for (const path of [
      '/../secret.key',
      '/%2e%2e/secret.key',
      '/assets/..%2f..%2fsecret.key',
      '/assets/../../secret.key',
      '/..\\secret.key',
      '/%00/secret.key',
    ]) {
      const text = await (await app.request(path)).text()
      expect(text, path).not.toContain('the secret')
    }
    expect(await (await app.request('/assets/a.js')).text()).toBe('script')
    expect((await app.request('/assets/missing.js')).status).toBe(404)
  })

  test('of imports keep the name they came with as a label only', async () => {
    t = await testApp()
    const name = '../../../secret"\r\nx: y.csv'
    const state = await importFile(t, 'email\nnobody\n', `consent=unknown&fileName=${encodeURIComponent(name)}`)
    expect(state).toMatchObject({ status: 'completed', rejected: 1, fileName: name })
    expect(readdirSync(t.dataDir)).toEqual(['imports'])
    const file = await t.call('GET', `/api/v1/imports/${String(state.id)}/rejected.csv`)
    expect(file.headers.get('content-disposition')).toBe(`attachment; filename="rejected-${String(state.id)}.csv"`)
  })

  test('to take home run nothing: neither a header nor a refused row begins like a formula', async () => {
    t = await testApp()
    await t.call('PUT', '/api/v1/contacts', { email: 'a@example.com', attributes: { '=cmd()': '@SUM(1)' } })
    const [header, row] = (await t.call('GET', '/api/v1/contacts/export')).text.split('\r\n')
    expect(header).toMatch(/,'=cmd\(\)$/)
    expect(row).toMatch(/,'@SUM\(1\)$/)
    const state = await importFile(t, '=email,note\n=1+1,x\n', 'consent=unknown&mapping={"=email":"email"}')
    const refused =
      (await t.call('GET', `/api/v1/imports/${String(state.id)}/rejected.csv`)).text.split('\r\n')[1] ?? ''
    for (const cell of refused.split(',')) expect(cell).not.toMatch(/^[=@+]/)
  })

  test('a mapping cannot reach into objects', async () => {
    t = await testApp()
    const mapping = encodeURIComponent('{"__proto__":"email","constructor":"externalId","mail":"attributes.__proto__"}')
    const state = await importFile(
      t,
      'mail,constructor,email\nx,7,a@example.com\n',
      `consent=unknown&mapping=${mapping}`,
    )
    expect(state).toMatchObject({ status: 'completed' })
    expect({}).not.toHaveProperty('email')
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
