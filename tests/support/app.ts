/** The HTTP application on a database in memory, with inline commands and a clock of its own. Mail is compiled without a thread. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, createApp } from '../../server/app.ts'
import type { Commands } from '../../server/commands/contract.ts'
import type { Config } from '../../server/config.ts'
import type { Db } from '../../server/db/open.ts'
import { readStats } from '../../server/insights/stats.ts'
import { readStepPeople } from '../../server/insights/step-people.ts'
import { createMailCompiler } from '../../server/mail/compiler.ts'
import { dkimTools } from '../../server/mail/dkim-tools.ts'
import { ACCOUNT_PURPOSE, sealer } from '../../server/mail/secrets.ts'
import { statsHints } from '../../server/ops/hints.ts'
import { type Signer, signer } from '../../server/tracking/tokens.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { createWorld, type World } from './world.ts'

export const API_KEY = 'test_key_0123456789_0123456789_01'
export const ORIGIN = 'http://127.0.0.1:3000'
export const PASSWORD = 'correct horse battery'

export const testConfig = (overrides: Partial<Config> = {}): Config => ({
  port: 3_000,
  host: '127.0.0.1',
  publicUrl: ORIGIN,
  databaseUrl: ':memory:',
  dataDir: '.',
  secretKeys: ['a secret for tests of at least 32 characters'],
  apiKey: API_KEY,
  role: 'all',
  logLevel: 'silent',
  smtpUrl: null,
  smtpRetryMs: [],
  mailFrom: null,
  postalAddress: null,
  outboundAllow: [],
  trustedProxies: [],
  uncertainSends: 'hold',
  ...overrides,
})

export type Answer<T = Record<string, unknown>> = { status: number; body: T; headers: Headers; text: string }
export type TestApp = {
  app: App
  world: World
  db: Db
  commands: Commands
  signer: Signer
  dataDir: string
  /** TXT records that the product finds, by name. */
  dns: Map<string, string[][]>
  /** What was logged as an error: a test that expects none says so. */
  errors: unknown[]
  now(): Instant
  pass(ms: number): void
  /** With the API key; bodies are sent as JSON. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer<T>>
  /** Without any key. */
  raw(
    method: string,
    path: string,
    init?: { body?: BodyInit | null; headers?: Record<string, string> },
  ): Promise<Answer>
  close(): Promise<void>
}

export async function testApp(overrides: Partial<Config> = {}): Promise<TestApp> {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-app-'))
  const world = await createWorld()
  const { db, commands } = world
  const config = testConfig({ dataDir, ...overrides })
  const links = signer(config.secretKeys)
  const errors: unknown[] = []
  const dns = new Map<string, string[][]>()
  const quiet = () => undefined
  const compiler = createMailCompiler()
  const app = createApp({
    db,
    commands,
    config,
    now: world.now,
    compiler,
    testConnection: async () => ({
      ok: true,
      stage: 'done',
      tookMs: 3,
      secure: false,
      answer: '221 Bye',
      trouble: null,
      steps: [],
      encryption: null,
    }),
    dkim: dkimTools(config.secretKeys, { resolveTxt: async (name) => dns.get(name) ?? nothingThere() }),
    signer: links,
    sealer: sealer(config.secretKeys, ACCOUNT_PURPOSE),
    hints: statsHints(),
    insights: {
      stats: (id, range) => readStats(db, id, range, world.now()),
      stepPeople: (id, stepId, filter) => readStepPeople(db, id, stepId, filter),
    },
    log: { error: (details) => errors.push(details), info: quiet, warn: quiet },
    webDir: null,
  })
  const raw: TestApp['raw'] = async (method, path, init = {}) => {
    const response = await app.request(path, { method, ...init })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: jsonOrEmpty(text) }
  }
  return {
    app,
    world,
    db,
    commands,
    signer: links,
    dataDir,
    dns,
    errors,
    now: world.now,
    pass: (ms) => world.setNow(world.now() + ms),
    raw,
    async call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const json = body === undefined ? {} : { 'content-type': 'application/json' }
      const answer = await raw(method, path, {
        headers: { authorization: `Bearer ${API_KEY}`, ...json, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return answer as Answer<T>
    },
    async close() {
      await app.importsIdle()
      await compiler.close()
      await world.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const nothingThere = () => Promise.reject(Object.assign(new Error('queryTxt ENOTFOUND'), { code: 'ENOTFOUND' }))

function jsonOrEmpty(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return {}
  }
}

export const setupBody = (overrides: Record<string, unknown> = {}) => ({
  email: 'mai@example.com',
  password: PASSWORD,
  name: 'Mai',
  workspace: 'Garden',
  senderName: 'Garden',
  senderEmail: 'hello@garden.example',
  postalAddress: '1 Garden Row',
  ...overrides,
})

/** Set up and answer the cookie of the owner. */
export async function signedIn(t: TestApp): Promise<string> {
  const answer = await t.raw('POST', '/api/v1/setup', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(setupBody()),
  })
  return cookieOf(answer)
}

export const cookieOf = ({ headers }: { headers: Headers }): string =>
  (headers.get('set-cookie') ?? '').split(';')[0] ?? ''

/** Import a file with the API key and wait for its end. */
export async function importFile(
  t: TestApp,
  csv: string | Uint8Array,
  query = 'consent=unknown',
): Promise<Record<string, unknown>> {
  const started = await t.raw('POST', `/api/v1/contacts/import?${query}`, {
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
    body: typeof csv === 'string' ? csv : Buffer.from(csv),
  })
  if (started.status !== 202) return started.body
  await t.app.importsIdle()
  return (await t.call('GET', `/api/v1/imports/${String(started.body.importId)}`)).body
}
