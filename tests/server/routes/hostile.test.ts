import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { depthOf, judgeJson } from '../../../server/routes/guard.ts'
import { API_KEY, type TestApp, testApp } from '../../support/app.ts'

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

const BODIES: readonly [string, string][] = [
  ['malformed JSON', '{"a":'],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '42'],
  ['a text', '"hello"'],
  ['a list', '[1,2,3]'],
  [
    'wrong types everywhere',
    '{"email":[],"name":{},"contact":7,"events":"x","steps":1,"password":false,"to":9,"properties":[],"audience":[]}',
  ],
  ['200 levels', deep(200)],
  ['200 levels inside', `{"attributes":${deep(200)}}`],
  ['a NUL', '{"name":"a\\u0000b","email":"a\\u0000@example.com"}'],
  ['half a character', '{"name":"\\ud800","email":"\\udc00@example.com"}'],
  ['a prototype', '{"__proto__":{"admin":true},"attributes":{"__proto__":{"x":1}}}'],
  ['a huge number', `{"limit":1e999,"id":${'9'.repeat(400)}}`],
]

describe('hostile input', () => {
  let t: TestApp
  beforeAll(async () => {
    t = await testApp()
  })
  afterAll(() => t.close())

  const routes = (): [string, string][] =>
    Object.entries(t.app.document().paths ?? {}).flatMap(([path, operations]) =>
      Object.keys(operations).map((method): [string, string] => [method.toUpperCase(), path]),
    )
  const at = (path: string, value: string) => path.replace(/\{[^}]+\}/g, value)

  test('never makes a 5xx, whatever the route and the body', async () => {
    expect(routes().length).toBeGreaterThan(45)
    for (const [method, path] of routes()) {
      if (path.endsWith('/stats/stream')) continue
      for (const [what, body] of BODIES) {
        for (const id of ['1', '999999']) {
          const init = method === 'GET' ? {} : { body }
          const answer = await t.raw(method, at(path, id), {
            headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', 'if-match': '"1"' },
            ...init,
          })
          expect(
            answer.status,
            `${method} ${path} with ${what}: ${answer.text.slice(0, 300)} ${String(Object.values(t.errors.at(-1) ?? {})[0])}`,
          ).toBeLessThan(500)
          if (what === '200 levels' && method !== 'GET')
            expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(400)
        }
      }
    }
    expect(t.errors).toEqual([])
  })

  test('never makes a 5xx from what stands in the address', async () => {
    const values = [
      '%00',
      '%E0%A4%A',
      '%F0%9F%92',
      "'%20OR%201=1",
      '-1',
      '0',
      '1e9',
      '9'.repeat(30),
      '__proto__',
      'constructor',
      '%F0%9F%98%80',
    ]
    for (const [method, path] of routes()) {
      for (const value of values) {
        const withId = path.includes('{') ? at(path, value) : path
        const answer = await t.raw(
          method,
          `${withId}?cursor=${value}&limit=${value}&q=${value}&status=${value}&email=${value}`,
          {
            headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
          },
        )
        expect(
          answer.status,
          `${method} ${withId} ${value}: ${String(Object.values(t.errors.at(-1) ?? {})[0])}`,
        ).toBeLessThan(500)
      }
    }
    expect(t.errors).toEqual([])
  })

  test('says 413 to more than 4 MB, 400 to JSON deeper than 100, each in a sentence', async () => {
    const large = await t.call('POST', '/api/v1/workflows', { name: 'x'.repeat(5 * 1_024 * 1_024) })
    expect(large.status).toBe(413)
    expect(large.body.detail).toMatch(/4194304/)
    const nested = await t.raw('POST', '/api/v1/workflows', {
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
      body: `{"a":${deep(120)}}`,
    })
    expect(nested.status).toBe(400)
    expect(nested.body.detail).toMatch(/at most 100/)
  })

  test('leaves prototypes alone', async () => {
    await t.call('PUT', '/api/v1/contacts', { email: 'p@example.com', attributes: { constructor: 'x', toString: 'y' } })
    const found = await t.call<{ items: { attributes: Record<string, unknown> }[] }>(
      'GET',
      '/api/v1/contacts?email=p@example.com',
    )
    expect(found.body.items[0]?.attributes).toEqual({ constructor: 'x', toString: 'y' })
    expect(Object.prototype.toString.call({})).toBe('[object Object]')
  })

  test('unknown paths are 404 and wrong methods 405 with Allow, as problem+json', async () => {
    const lost = await t.call('GET', '/api/v1/nothing-here')
    expect([lost.status, lost.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    const wrong = await t.call('PATCH', '/api/v1/workflows')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })
})

describe('the depth of JSON', () => {
  test.each([
    ['1', 0],
    ['{"a":[1]}', 2],
    ['"[[[["', 0],
    ['{"a":"\\"[[["}', 1],
  ])('of %s is %d', (text, depth) => expect(depthOf(text)).toBe(depth))
  test('100 levels pass, 101 do not', () => {
    expect(() => judgeJson(deep(100))).not.toThrow()
    expect(() => judgeJson(deep(101))).toThrow(/at most 100/)
  })
})
