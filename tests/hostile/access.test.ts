/** Who may do what, over every route there is: scopes, other sites, reading that writes, what stands in the headers of answers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SCOPES } from '../../shared/api/settings.ts'
import { API_KEY } from '../support/app.ts'
import { KEYED, type SmallWorld, smallWorld, tableHashes } from './small-world.ts'

let t: SmallWorld
beforeAll(async () => {
  t = await smallWorld()
}, 180_000)
afterAll(() => t.close())

const json = { 'content-type': 'application/json' }
type Route = { method: string; path: string; url: string }
const routes = (): Route[] =>
  Object.entries(t.app.document().paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path, url: path.replace(/\{\w+\}/g, '1') })),
  )
const PUBLIC = /^(GET|POST|DELETE) \/api\/v1\/session$|^POST \/api\/v1\/setup$/
const isPublic = ({ method, path }: Route) => PUBLIC.test(`${method} ${path}`)
/** Of a stream only the head is wanted. */
async function statusOf(method: string, url: string, headers: Record<string, string>, body: string | null = null) {
  const response = await t.app.request(url, { method, headers, body })
  await response.body?.cancel()
  return response
}

describe('an API key', () => {
  test('of one scope opens the routes of that scope and no other', { timeout: 60_000 }, async () => {
    const openedBy = new Map<string, string[]>()
    for (const scope of SCOPES) {
      const { body } = await t.call<{ key: string }>('POST', '/api/v1/api-keys', { name: scope, scopes: [scope] })
      for (const route of routes()) {
        const body_ = route.method === 'GET' ? null : '{}'
        // A body that is no JSON of the route: whoever may pass is refused for that, and nothing is changed.
        const headers = { authorization: `Bearer ${body.key}`, 'content-type': 'application/x-none' }
        if (route.method === 'DELETE' || /\/(cancel|pause|resume|archive|restore|publish)$/.test(route.path)) continue
        const { status } = await statusOf(route.method, route.url, headers, body_)
        if (status === 403) continue
        const name = `${route.method} ${route.path}`
        openedBy.set(name, [...(openedBy.get(name) ?? []), scope])
      }
    }
    for (const route of routes()) {
      const name = `${route.method} ${route.path}`
      const scopes = openedBy.get(name)
      if (scopes === undefined || isPublic(route) || name === 'PATCH /api/v1/profile') continue
      expect(scopes, name).toHaveLength(1)
      const kind = route.method === 'GET' ? 'read' : 'write'
      // Looking at what is not saved is reading, though it takes a body.
      const isLook = /\/(preview|count|simulate)$/.test(route.path) || /metrics/.test(scopes[0] ?? '')
      if (!isLook) expect(scopes[0], name).toMatch(new RegExp(`:${kind}$`))
    }
  })

  test('that is wrong, empty, huge or of another kind is nobody’s', async () => {
    for (const authorization of [
      'Bearer',
      'Bearer ',
      `Bearer ${'x'.repeat(5_000)}`,
      `Basic ${API_KEY}`,
      `bearer  ${API_KEY}`,
      `Bearer ${API_KEY}x`,
      `Bearer ${API_KEY.slice(0, -1)}`,
      `Bearer ${API_KEY}, Bearer ${API_KEY}`,
    ]) {
      const { status } = await t.raw('GET', '/api/v1/contacts', { headers: { authorization } })
      expect(status, authorization.slice(0, 40)).toBe(401)
    }
  })
})

describe('another site', () => {
  const FOREIGN: readonly Record<string, string>[] = [
    {},
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:3000.evil.example' },
    { origin: 'http://127.0.0.1:3001' },
    { origin: 'https://127.0.0.1:3000' },
    { origin: 'http://evil.example', host: 'evil.example' },
    { origin: '' },
  ]
  const FORMS = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; a=application/json',
    '',
  ]

  test('changes nothing with the cookie of somebody who is signed in, on no route', { timeout: 60_000 }, async () => {
    const before = await tableHashes(t)
    for (const { method, url } of routes().filter((route) => route.method !== 'GET')) {
      for (const headers of FOREIGN) {
        const { status } = await statusOf(method, url, { cookie: t.cookie, ...json, ...headers }, '{}')
        expect(status, `${method} ${url} ${JSON.stringify(headers)}`).toBe(403)
      }
      for (const type of FORMS) {
        if (method === 'DELETE' || (type.startsWith('multipart') && url.includes('/import'))) continue
        const { status } = await statusOf(
          method,
          url,
          { cookie: t.cookie, origin: t.origin, 'content-type': type },
          '{}',
        )
        expect(status, `${method} ${url} ${type}`).toBe(403)
      }
    }
    expect(await tableHashes(t)).toEqual(before)
  })

  test('signs nobody in or up with a form', async () => {
    for (const url of ['/api/v1/session', '/api/v1/setup'])
      for (const type of FORMS) {
        const answer = await t.raw('POST', url, {
          headers: { 'content-type': type, origin: 'https://evil.example' },
          body: 'email=a',
        })
        expect([403, 415], `${url} ${type}`).toContain(answer.status)
        expect(answer.headers.get('set-cookie')).toBeNull()
      }
  })
})

/** That a link was looked at, opened or clicked is what may be noted while reading. */
const VIEWS = new Set(['link_view', 'message_event'])
const everythingButViews = async () => Object.entries(await tableHashes(t)).filter(([name]) => !VIEWS.has(name))

describe('reading', () => {
  test('writes nothing, on no route and with no caller', { timeout: 60_000 }, async () => {
    const message = 1
    const links = [
      t.signer.unsubscribeUrl('', { contactId: 1 as never, messageId: message as never }),
      '/t/c/nonsense',
      '/t/o/nonsense',
      '/u/nonsense',
    ]
    const urls = [
      ...routes()
        .filter(({ method, path }) => method === 'GET' && !path.endsWith('/stream'))
        .map(({ url }) => url),
      ...links,
      '/',
      '/healthz',
      '/readyz',
      '/metrics',
      '/api/docs',
      '/api/openapi.json',
      '/preview/x',
    ]
    const before = await everythingButViews()
    for (const url of urls)
      for (const headers of [{}, KEYED, { cookie: t.cookie }] as Record<string, string>[])
        for (const method of ['GET', 'HEAD', 'OPTIONS']) {
          const { status } = await statusOf(method, url, headers)
          expect(status, `${method} ${url}`).toBeLessThan(500)
        }
    expect(await everythingButViews()).toEqual(before)
  })

  test('follows a link of a mail to where the mail says and nowhere else', async () => {
    for (const token of [
      'https://evil.example',
      '//evil.example',
      encodeURIComponent('https://evil.example'),
      '1.aaaaaaaaaaaaaaaaaaaaaa',
      '..%2f..%2f',
      '%00',
    ])
      for (const kind of ['c', 'o'])
        for (const query of ['', '?u=https://evil.example', '?url=//evil.example&next=https://evil.example']) {
          const answer = await t.app.request(`/t/${kind}/${token}${query}`, { redirect: 'manual' })
          expect([404, 400], `/t/${kind}/${token}`).toContain(answer.status)
          expect(answer.headers.get('location')).toBeNull()
        }
  })
})

describe('an answer of any kind', () => {
  const KINDS = [
    '/',
    '/nothing',
    '/healthz',
    '/readyz',
    '/api/docs',
    '/api/openapi.json',
    '/api/v1/nothing',
    '/api/v1/session',
    '/api/v1/contacts',
    '/api/v1/contacts/export',
    '/api/v1/inbox/1/raw',
    '/api/v1/inbox/1/html',
    '/t/c/x',
    '/t/o/x',
    '/u/x',
    '/preview/x',
    '/api/v1/%E0%A4%A',
    '/%2e%2e/%2e%2e/etc/passwd',
  ]
  test.each(KINDS)('%s says that it is not to be sniffed, framed, cached or told to others', async (url) => {
    const { headers } = await t.raw('GET', url, { headers: KEYED })
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    const csp = headers.get('content-security-policy') ?? ''
    expect(csp).toMatch(/default-src 'none'/)
    expect(csp).toMatch(/frame-ancestors '(none|self)'/)
    expect(csp).toMatch(/base-uri 'none'/)
    expect(csp).not.toMatch(/script-src[^;]*unsafe|default-src [^;]*\*/)
    expect(headers.get('x-frame-options')).toMatch(/^(DENY|SAMEORIGIN)$/)
    expect(headers.get('cache-control')).toMatch(/no-store/)
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{36}$/)
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(headers.get('x-powered-by')).toBeNull()
  })

  test('names no host but our own, whatever the request says of itself', async () => {
    const headers = {
      ...KEYED,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      forwarded: 'host=evil.example',
    }
    for (const { method, url } of routes().filter(
      (route) => route.method === 'GET' && !route.path.endsWith('/stream'),
    )) {
      const { text, headers: answered } = await t.raw(method, url, { headers })
      expect(`${text}${JSON.stringify([...answered])}`, url).not.toContain('evil.example')
    }
  })

  test('of a letter runs no script and is framed by us alone', async () => {
    for (const url of ['/api/v1/inbox/1/html', '/api/v1/inbox/1/raw']) {
      const { headers, status } = await t.raw('GET', url, { headers: KEYED })
      expect(status).toBe(200)
      expect(headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-(scripts|same-origin|forms|top))/)
      expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'/)
    }
  })
})
