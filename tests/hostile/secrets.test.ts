/** The built product at its most talkative: what it writes and answers holds no secret, and each line says which request it is about. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort, type Product, startProduct } from '../../scripts/product.mjs'
import { openDatabase } from '../../server/db/open.ts'
import { DKIM_PURPOSE, sealer } from '../../server/mail/secrets.ts'
import { signer } from '../../server/tracking/tokens.ts'
import { startSink } from '../support/smtp-sink.ts'

const SECRET_KEY = 'the-secret-key-of-this-test-0123456789abcdef'
const API_KEY = 'pk_environment_key_0123456789_abcdefghijklmnop'
const PASSWORD = 'PasswordOfTheOwner-77'
const WRONG = 'PasswordTriedInVain-78'
const SMTP_PASSWORD = 'SmtpPasswordInTheForm-79'
const CHANGED_PASSWORD = 'SmtpPasswordChanged-81'
const URL_PASSWORD = 'SmtpPasswordInTheUrl-80'

let product: Product
let dataDir: string
let sink: Awaited<ReturnType<typeof startSink>>
/** Every body that was answered with a problem, and every answer to reading. */
const answered: string[] = []
const secrets: string[] = [SECRET_KEY, API_KEY, PASSWORD, WRONG, SMTP_PASSWORD, CHANGED_PASSWORD, URL_PASSWORD]
let lines: Record<string, unknown>[] = []
let logged = ''

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const isText = typeof body === 'string'
  const response = await fetch(product.url + path, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  // A key is shown once, to whoever made it.
  if (!(method === 'POST' && path === '/api/v1/api-keys' && response.status === 201))
    answered.push(`${method} ${path} ${text}`)
  return { status: response.status, headers: response.headers, text }
}

beforeAll(async () => {
  sink = await startSink()
  dataDir = mkdtempSync(join(tmpdir(), 'perennial-secrets-'))
  const log = join(dataDir, 'log')
  product = await startProduct({
    dataDir,
    port: await freePort(),
    command: ['/bin/sh', '-c', `exec "${process.execPath}" dist/server/main.js >"${log}" 2>&1`],
    env: {
      LOG_LEVEL: 'trace',
      SECRET_KEY,
      PERENNIAL_API_KEY: API_KEY,
      SMTP_URL: `smtp://user:${URL_PASSWORD}@127.0.0.1:${sink.port}`,
      MAIL_FROM: 'Test <test@example.com>',
      POSTAL_ADDRESS: '1 Street',
    },
  })
  await drive()
  await product.stop()
  secrets.push(...(await dkimSecrets()))
  logged = readFileSync(log, 'utf8')
  lines = logged
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}, 60_000)
afterAll(async () => {
  await product?.stop()
  await sink?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** The private keys the product made, as they would be written: each line of base64 that is a key's own. */
async function dkimSecrets(): Promise<string[]> {
  const db = await openDatabase(`file:${join(dataDir, 'perennial.db')}`)
  const rows = await db.sql.selectFrom('sending_domain').select('private_key_sealed').execute()
  await db.close()
  const lines = rows.flatMap(({ private_key_sealed: sealed }) => {
    const pem = sealer([SECRET_KEY], DKIM_PURPOSE).open(sealed) ?? ''
    const own = pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-----'))
    return [sealed, ...own]
  })
  // The one line of Ed25519, and those of RSA.
  expect(lines.length).toBeGreaterThan(20)
  return lines
}

/** All that touches a secret, where it works and where it fails. */
async function drive(): Promise<void> {
  const setup = { email: 'mai@example.com', password: PASSWORD, name: 'Mai', workspace: 'Garden' }
  const cookie = ((await ask('POST', '/api/v1/setup', setup)).headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  secrets.push(cookie.split('=')[1] ?? '')
  const mine = { cookie, origin: product.url }
  const keyed = { authorization: `Bearer ${API_KEY}` }
  await ask('POST', '/api/v1/setup', setup)
  await ask('POST', '/api/v1/session', { email: 'mai@example.com', password: WRONG })
  await ask('POST', '/api/v1/session', { email: 'mai@example.com', password: PASSWORD })
  await ask('POST', '/api/v1/session', { email: 'mai@example.com', password: { secret: WRONG } })
  await ask('POST', '/api/v1/session', `{"email":"mai@example.com","password":"${WRONG}"`)
  await ask('PATCH', '/api/v1/profile', { password: { current: WRONG, next: PASSWORD } }, mine)
  const made = JSON.parse(
    (await ask('POST', '/api/v1/api-keys', { name: 'CRM', scopes: ['contacts:read'] }, mine)).text,
  ) as { key: string }
  secrets.push(made.key)
  await ask('GET', '/api/v1/contacts', undefined, { authorization: `Bearer ${made.key}` })
  await ask('PUT', '/api/v1/contacts', { email: 'a@example.com' }, { authorization: `Bearer ${made.key}` })
  await ask('GET', '/api/v1/contacts', undefined, { authorization: `Bearer ${made.key}x` })
  await ask('GET', '/api/v1/api-keys', undefined, mine)
  const account = {
    kind: 'smtp',
    name: 'A',
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    username: 'u',
    password: SMTP_PASSWORD,
  }
  await ask('POST', '/api/v1/sending-accounts', account, mine)
  await ask('POST', '/api/v1/sending-accounts', { ...account, port: 'x' }, mine)
  await ask('POST', '/api/v1/sending-accounts/test', account, mine)
  await ask('POST', '/api/v1/sending-accounts/test', { ...account, port: sink.port }, mine)
  await ask('POST', '/api/v1/sending-accounts/test', { ...account, port: sink.port, security: 'starttls' }, mine)
  const { items } = JSON.parse((await ask('GET', '/api/v1/sending-accounts', undefined, mine)).text) as {
    items: { id: string }[]
  }
  for (const { id } of items) {
    await ask(
      'PUT',
      `/api/v1/sending-accounts/${id}`,
      { ...account, port: sink.port, password: CHANGED_PASSWORD },
      mine,
    )
    for (const verb of ['pause', 'resume', 'retry'])
      await ask('POST', `/api/v1/sending-accounts/${id}/${verb}`, {}, mine)
  }
  for (const algorithm of ['rsa-sha256', 'ed25519-sha256']) {
    const domain = { domain: `${algorithm.slice(0, 3)}.example.com`, algorithm }
    const { text } = await ask('POST', '/api/v1/sending-domains', domain, mine)
    const { id = '' } = JSON.parse(text) as { id?: string }
    await ask('POST', '/api/v1/sending-domains', domain, mine)
    await ask('POST', `/api/v1/sending-domains/${id}/signing`, { on: true }, mine)
    await ask('POST', `/api/v1/sending-domains/${id}/signing`, { on: true, force: true }, mine)
  }
  await ask('GET', '/api/v1/sending-domains', undefined, mine)
  await ask('PUT', '/api/v1/contacts', { email: 'a@example.com', consent: { marketing: 'granted' } }, keyed)
  const { unsubscribeUrl } = signer([SECRET_KEY])
  const url = unsubscribeUrl('', { contactId: 1 as never, messageId: null })
  secrets.push(url.slice(3))
  await ask('GET', url)
  await ask('POST', url, 'x')
  await ask('POST', `${url.slice(0, -1)}A`, 'x')
  await ask('GET', `/preview/${'s'.repeat(32)}`)
  await ask('GET', `/api/v1/contacts?q=${PASSWORD.slice(0, 0)}&cursor=nonsense`, undefined, keyed)
  await ask('GET', '/api/v1/status', undefined, { ...keyed, 'x-request-id': 'trace-42.a' })
  await ask('GET', '/api/v1/status', undefined, { ...keyed, 'x-request-id': 'bad id; with "things"' })
  await ask('GET', '/api/v1/nothing', undefined, { ...keyed, 'x-request-id': 'trace-43' })
}

describe('the log at trace', () => {
  test('holds no password, key, cookie, token or secret', () => {
    expect(lines.length).toBeGreaterThan(20)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(15)
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(0, -4)])
        expect(logged.includes(form), `the log holds ${secret.slice(0, 12)}…`).toBe(false)
    }
    expect(logged).not.toContain('PRIVATE KEY')
    expect(logged).not.toMatch(/"(authorization|cookie|set-cookie)":"(?!\[hidden\])/i)
  })

  test('has one line per request, with its method, route, status and time, and never the address itself', () => {
    const requests = lines.filter(({ msg }) => msg === 'request')
    for (const line of requests) {
      expect(line).toMatchObject({
        level: 30,
        method: expect.any(String),
        route: expect.stringMatching(/^[/*]/),
        status: expect.any(Number),
        ms: expect.any(Number),
        requestId: expect.stringMatching(/^[\w.-]{1,64}$/),
      })
      expect(String(line.route)).not.toMatch(/nonsense|s{32}/)
    }
    expect(requests.filter(({ method }) => method !== 'GET').length).toBeGreaterThanOrEqual(15)
    expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(requests.length)
    expect(requests).toContainEqual(
      expect.objectContaining({ requestId: 'trace-42.a', route: '/api/v1/status', status: 200 }),
    )
    expect(requests).toContainEqual(expect.objectContaining({ route: '/u/:token', method: 'POST', status: 200 }))
  })
})

describe('answers', () => {
  test('hold no secret, not even what was sent', () => {
    for (const secret of secrets)
      for (const text of answered)
        expect(text.slice(text.indexOf(' ', 6)).includes(secret), text.slice(0, 200)).toBe(false)
    expect(answered.join()).not.toContain('PRIVATE KEY')
  })

  test('name the request, by the caller’s own id if it is a sane one', () => {
    const [lost] = answered.filter((text) => text.includes('/api/v1/nothing'))
    expect(lost).toContain('"requestId":"trace-43"')
    expect(logged).not.toContain('with \\"things')
  })
})
