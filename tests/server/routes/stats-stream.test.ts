import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ORIGIN, signedIn, type TestApp, testApp } from '../../support/app.ts'
import { workflow } from '../../support/documents.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const hello = workflow({ steps: [{ id: 'w', kind: 'wait', for: 'P2D', next: null }] })

/** Listen with these headers; each call of the answer is one thing said, null once the line is closed. */
async function listen(headers: Record<string, string>): Promise<() => Promise<string | null>> {
  const { id } = (await t.call<{ id: string }>('POST', '/api/v1/workflows', hello)).body
  const response = await t.app.request(`/api/v1/workflows/${id}/stats/stream`, { headers })
  expect(response.status).toBe(200)
  const reader = (response.body ?? new ReadableStream()).getReader()
  return async () => {
    const { done, value } = await reader.read()
    return done ? null : new TextDecoder().decode(value)
  }
}

describe('a stream of numbers', () => {
  test('ends without another number when its session has signed out', async () => {
    const cookie = await signedIn(t)
    const next = await listen({ cookie })
    expect(await next()).toMatch(/^event: stats/)
    const left = await t.raw('DELETE', '/api/v1/session', { headers: { cookie, origin: ORIGIN } })
    expect(left.status).toBe(204)
    expect(await next()).toBeNull()
  }, 20_000)

  test('ends without another number when its key is revoked', async () => {
    const made = await t.call<{ id: string; key: string }>('POST', '/api/v1/api-keys', {
      name: 'A screen on the wall',
      scopes: ['workflows:read'],
    })
    const next = await listen({ authorization: `Bearer ${made.body.key}` })
    expect(await next()).toMatch(/^event: stats/)
    expect((await t.call('DELETE', `/api/v1/api-keys/${made.body.id}`)).status).toBe(204)
    expect(await next()).toBeNull()
  }, 20_000)
})
