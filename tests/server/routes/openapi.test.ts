import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApiOperation } from '../../../server/routes/openapi.ts'
import { stepKinds, triggerKinds } from '../../../shared/workflow/kinds.ts'
import { type TestApp, testApp } from '../../support/app.ts'

let t: TestApp
let document: Record<string, unknown>
let operations: [string, ApiOperation][]
beforeAll(async () => {
  t = await testApp()
  document = (await t.raw('GET', '/api/openapi.json')).body
  operations = Object.entries(t.app.document().paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, ApiOperation] => [`${method} ${path}`, operation]),
  )
})
afterAll(() => t.close())

/** Every `$ref` anywhere. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : refsIn(inner),
  )
}

/** What a JSON pointer names, seen from `root`. */
const named = (root: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null && Object.hasOwn(at, part)
          ? (at as Record<string, unknown>)[part]
          : undefined,
      root,
    )

describe('the OpenAPI document', () => {
  test('is of version 3.1, with title, server and both ways to sign in', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Perennial', version: '1' } })
    expect(named(document, '#/components/securitySchemes')).toEqual({
      apiKey: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: 'perennial_session' },
    })
    expect(named(document, '#/security')).toEqual([{ apiKey: [] }, { session: [] }])
  })

  test('has no reference to what is not in it', () => {
    const refs = refsIn(document)
    for (const ref of refs) {
      expect(ref, ref).toMatch(/^#\//)
      expect(named(document, ref), ref).toBeDefined()
    }
  })

  test('names each operation once, says what it does and which failures to expect', () => {
    expect(operations.length).toBeGreaterThan(45)
    const ids = operations.map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [name, { operationId, summary, tags, responses = {}, parameters = [], security }] of operations) {
      expect(operationId, name).toMatch(/^[a-z]+[A-Z]\w+$/)
      expect(summary?.length, name).toBeGreaterThan(5)
      expect(tags, name).toHaveLength(1)
      const statuses = Object.keys(responses)
      expect(
        statuses.some((status) => status.startsWith('2')),
        name,
      ).toBe(true)
      expect(
        statuses.some((status) => status.startsWith('4')),
        name,
      ).toBe(true)
      if (security === undefined) expect(statuses, name).toEqual(expect.arrayContaining(['401']))
      for (const [status, { content, description }] of Object.entries(responses)) {
        expect(description?.length, `${name} ${status}`).toBeGreaterThan(2)
        if (status.startsWith('4')) expect(Object.keys(content ?? {}), name).toEqual(['application/problem+json'])
      }
      const path = name.split(' ')[1] ?? ''
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      expect(
        parameters.filter((one) => one.in === 'path').map((one) => one.name),
        name,
      ).toEqual(inPath)
    }
  })

  test('holds a schema per step, trigger and condition', () => {
    const schemas = Object.keys(named(document, '#/components/schemas') as object)
    for (const kind of Object.keys(stepKinds)) expect(schemas).toContain(`Step.${kind}`)
    for (const kind of Object.keys(triggerKinds)) expect(schemas).toContain(`Trigger.${kind}`)
    expect(schemas).toContain('Condition')
  })
})

describe('the reference page', () => {
  test('names every route with its sentence, without script', async () => {
    const { text, headers } = await t.raw('GET', '/api/docs')
    expect(headers.get('content-type')).toMatch(/^text\/html/)
    expect(text).not.toMatch(/<script/i)
    for (const [name, { operationId }] of operations) {
      expect(text, name).toContain(`id="${operationId}"`)
      expect(text, name).toContain(`<code>${name.split(' ')[1]}</code>`)
    }
  })

  const docs = (query: string, headers: Record<string, string> = {}) => t.raw('GET', `/api/docs${query}`, { headers })

  test('finds by path, by word and by kind, and says when there is nothing', async () => {
    const { text } = await docs('?q=unsubscribe')
    expect(text).not.toContain('id="getApiKeys"')
    expect((await docs('?q=contacts+journal')).text).toContain('id="getContactsIdJournal"')
    expect((await docs('?q=wait-until')).text).toContain('id="kind-step-wait-until"')
    expect((await docs('?q=zzz')).text).toContain('Nothing here fits')
    expect((await docs(`?q=${encodeURIComponent('"><script>alert(1)</script>')}`)).text).not.toMatch(/<script/i)
  })

  test('speaks three languages, asked for by address or by the browser', async () => {
    expect((await docs('?lang=vi')).text).toMatch(/<html lang="vi">[\s\S]*Phạm vi <code>contacts:read/)
    expect((await docs('', { 'accept-language': 'zh-CN,zh;q=0.9' })).text).toContain('<html lang="zh">')
    expect((await docs('', { 'accept-language': 'fr' })).text).toContain('<html lang="en">')
  })

  test('says the scope of every operation that a key may call, and how to call it', async () => {
    const scopes = operations.filter(([, operation]) => operation['x-scope'] !== undefined)
    expect(scopes.length).toBeGreaterThan(45)
    const { text } = await docs('')
    expect(text).toContain('curl -X PUT &#39;http://127.0.0.1:3000/api/v1/contacts&#39;')
  })

  test('has a policy that allows its own style and nothing else', async () => {
    const { headers } = await docs('')
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'/,
    )
  })
})
