/** Every endpoint of the OpenAPI document, also those that nobody has thought of here, against made-up requests. HOSTILE_RUNS for more. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokenInvariants } from '../../server/db/invariants.ts'
import type { ApiOperation } from '../../server/routes/openapi.ts'
import { answerTime } from '../support/answer-time.ts'
import { testDialect } from '../support/database.ts'
import { alongSchema, HOSTILE_TEXTS, hostileText, hostileValue, wireJson } from './hostile-values.ts'
import { KEYED, type SmallWorld, smallWorld } from './small-world.ts'

const RUNS = Number(process.env.HOSTILE_RUNS ?? (testDialect() === 'postgres' ? 5 : 10))
/** Nobody waits longer for an answer, whatever the question. */
const LONGEST_MS = 5_000

let t: SmallWorld
beforeAll(async () => {
  t = await smallWorld()
}, 180_000)
afterAll(async () => {
  await t.close()
})

type Operation = { method: string; path: string; operation: ApiOperation }
const operations = (): Operation[] =>
  Object.entries(t.app.document().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )

type Asked = { url: string; headers: Record<string, string>; body: string | null }

/** As a client writes it: half characters become U+FFFD. */
const wellFormed = (text: string) => Buffer.from(text, 'utf8').toString('utf8')
const encoded = (text: string) => encodeURIComponent(wellFormed(text))
/** In a header only Latin-1 without line breaks gets out of a client at all. */
const headerText = hostileText.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '').slice(0, 300))

function askedOf({ method, path, operation }: Operation): fc.Arbitrary<Asked> {
  const document = t.app.document()
  const id = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('1', '2') }, { weight: 2, arbitrary: hostileText })
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
  const pair = fc.oneof(
    ...query.map(({ name, schema }) => fc.tuple(fc.constant(name), alongSchema(schema, document))),
    fc.tuple(hostileText, hostileText),
  )
  const content = operation.requestBody?.content ?? {}
  const schema = content['application/json']?.schema
  const body = schema === undefined ? hostileValue : alongSchema(schema, document)
  const type = fc.oneof(
    { weight: 12, arbitrary: fc.constant(Object.keys(content)[0] ?? 'application/json') },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/xml',
        'multipart/form-data',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-7',
        'application/merge-patch+json',
      ),
    },
  )
  const more = fc.record(
    {
      'if-match': fc.oneof(fc.constantFrom('"1"', '*', 'W/"1"', '"1", "2"'), headerText),
      'idempotency-key': headerText,
      'accept-language': headerText,
      'x-request-id': headerText,
      'x-forwarded-for': headerText,
      'accept-encoding': headerText,
    },
    { requiredKeys: [] },
  )
  return fc
    .record({
      ids: fc.array(id, { minLength: names.length, maxLength: names.length }),
      pairs: fc.array(pair, { maxLength: 4 }),
      body,
      type,
      more,
      luck: fc.nat({ max: 19 }),
    })
    .map(({ ids, pairs, body, type, more, luck }) => {
      const at = names.reduce((url, name, i) => url.replace(`{${name}}`, encoded(ids[i] || '1') || '1'), path)
      const search = pairs.map(
        ([name, value]) => `${encoded(name)}=${encoded(typeof value === 'string' ? value : wireJson(value))}`,
      )
      const text =
        luck === 0
          ? wireJson(body).slice(0, -1)
          : typeof body === 'string' && !type.includes('json')
            ? body
            : wireJson(body)
      return {
        url: search.length === 0 ? at : `${at}?${search.join('&')}`,
        headers: { ...KEYED, ...(method === 'GET' ? {} : { 'content-type': type }), ...more },
        body: method === 'GET' || luck === 1 ? null : text,
      }
    })
}

async function ask(method: string, { url, headers, body }: Asked) {
  const time = answerTime()
  const response = await t.app.request(url, { method, headers, body: body === null ? null : wellFormed(body) })
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isStream) await response.body?.cancel()
  const text = isStream ? '' : await response.text()
  return { status: response.status, headers: response.headers, text, ms: time() }
}

/** What every answer owes, to whatever question. */
async function judge(method: string, asked: Asked): Promise<void> {
  const before = t.errors.length
  const { status, headers, text, ms } = await ask(method, asked)
  const told = `${method} ${asked.url} ${asked.body?.slice(0, 600) ?? ''} -> ${status} ${text.slice(0, 300)} ${String(Object.values(t.errors.at(-1) ?? {})[0])}`
  expect(status, told).toBeLessThan(500)
  expect(t.errors.length, told).toBe(before)
  expect(ms, told).toBeLessThan(LONGEST_MS)
  expect(headers.get('x-content-type-options'), told).toBe('nosniff')
  expect(headers.get('content-security-policy'), told).toBeTruthy()
  expect(headers.get('cache-control'), told).toMatch(/no-store/)
  expect(headers.get('x-request-id'), told).toMatch(/^[\w.-]{1,64}$/)
  if (status < 400) return
  expect(headers.get('content-type'), told).toBe('application/problem+json')
  const problem = JSON.parse(text) as Record<string, unknown>
  expect(problem, told).toMatchObject({ status, type: expect.stringMatching(/^urn:perennial:[\w-]+$/) })
  expect(problem.requestId, told).toBe(headers.get('x-request-id'))
  expect(String(problem.detail), told).toMatch(/^.{10,}[.!]$/s)
  if (status === 422 || status === 400) expect(String(problem.detail).length, told).toBeLessThan(1_500)
}

async function expectHealthy(): Promise<void> {
  expect((await t.raw('GET', '/readyz')).status).toBe(200)
  const put = await t.call('PUT', '/api/v1/contacts', { email: 'good@example.com', attributes: { fine: true } })
  expect([200, 201]).toContain(put.status)
  expect(await brokenInvariants(t.db)).toEqual([])
}

describe('every endpoint', () => {
  test('answers made-up requests in time, below 500, with a sentence, and works on', {
    timeout: 120_000 + RUNS * 4_000,
  }, async () => {
    expect(operations().length).toBeGreaterThan(45)
    const seed = process.env.HOSTILE_SEED ? { seed: Number(process.env.HOSTILE_SEED) } : {}
    const faults: string[] = []
    for (const operation of operations()) {
      const property = fc.asyncProperty(askedOf(operation), (asked) => judge(operation.method, asked))
      const { failed, seed: found, errorInstance } = await fc.check(property, { numRuns: RUNS, ...seed })
      if (failed)
        faults.push(`seed ${found}: ${errorInstance instanceof Error ? errorInstance.message : errorInstance}`)
    }
    expect(faults).toEqual([])
    await t.app.importsIdle()
    // Whatever was accepted must also be lived with: a month of it.
    await t.world.pass(30 * 86_400_000)
    await expectHealthy()
    expect(t.errors).toEqual([])
  })

  test('knows what to say to each of the texts that broke programs before, in each place of the address', {
    timeout: 60_000,
  }, async () => {
    for (const { method, path, operation } of operations())
      for (const text of HOSTILE_TEXTS.filter((_text, i) => RUNS > 50 || i % 3 === path.length % 3)) {
        const names = (operation.parameters ?? [])
          .filter((parameter) => parameter.in === 'query')
          .map(({ name }) => name)
        const search = ['cursor', ...names].map((name) => `${name}=${encoded(text)}&${name}=${encoded(text)}`).join('&')
        const url = `${path.replace(/\{\w+\}/g, () => encoded(text) || '%20')}?${search}`
        await judge(method, {
          url,
          headers: { ...KEYED, 'content-type': 'application/json' },
          body: method === 'GET' ? null : '{}',
        })
      }
    await expectHealthy()
  })
})
