/** Memory under attack: the same hostile requests again and again leave the process holding what it held. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KEYED, type SmallWorld, smallWorld } from './small-world.ts'

const ROUNDS = Number(process.env.HOSTILE_RUNS ?? 0) > 50 ? 400 : 8
const MB = 1_024 * 1_024
/** What a server may remember of strangers (throttles, answers to repeat), far below what the attack sends: some 20 MB a round. */
const MOST_GROWTH_BYTES = 25 * MB
setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

let t: SmallWorld
beforeAll(async () => {
  t = await smallWorld()
}, 60_000)
afterAll(() => t.close())

const json = { 'content-type': 'application/json' }
const big = (size: number) => 'x'.repeat(size)
let n = 0

/** Bodies up to the limit and over it, depth, breadth, names and keys nobody will ask for again, sessions that are none, streams left at once. */
async function attack(): Promise<void> {
  n += 1
  const post = (path: string, body: string, headers: Record<string, string> = KEYED) =>
    t.raw('POST', path, { headers: { ...json, ...headers }, body })
  const answers = await Promise.all([
    post('/api/v1/events', `{"name":"${big(3.9 * MB)}"}`),
    post('/api/v1/events', `{"name":"${big(5 * MB)}"}`),
    post('/api/v1/events', `${'['.repeat(2 * MB)}`),
    post(
      '/api/v1/workflows',
      JSON.stringify({ format: 'perennial.workflow/1', name: '', steps: Array(50_000).fill(0) }),
    ),
    post('/api/v1/session', `{"email":"${n}@example.com","password":{}}`, { 'x-forwarded-for': `10.0.${n % 256}.1` }),
    post('/api/v1/session', big(60_000), {}),
    post('/api/v1/preview', JSON.stringify({ email: { subject: `{{ ${n} `, mjml: big(900_000) } }), {
      ...KEYED,
      'idempotency-key': `${n}`,
    }),
    t.raw('GET', `/api/v1/contacts?q=${big(8_000)}${n}&cursor=${big(400)}`, { headers: KEYED }),
    t.raw('GET', `/t/c/${n}.${big(2_000)}`),
    t.raw('GET', '/api/v1/contacts', { headers: { authorization: `Bearer ${big(5_000)}${n}` } }),
    t.raw('GET', '/api/v1/contacts', { headers: { cookie: `perennial_session=${big(3_000)}${n}` } }),
  ])
  for (const { status, text } of answers) expect(status, text.slice(0, 300)).toBeLessThan(500)
}

/** What is held for good: memory that garbage collection may have back says nothing about the product. */
async function keptBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 10; look += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    least = Math.min(least, heapUsed + external)
  }
  return least
}

test('stays what it was', { timeout: 120_000 + ROUNDS * 5_000 }, async () => {
  for (let round = 0; round < 3; round += 1) await attack()
  const before = await keptBytes()
  for (let round = 0; round < ROUNDS; round += 1) await attack()
  const grownBytes = (await keptBytes()) - before
  expect(grownBytes, `${Math.round(grownBytes / MB)} MB more than ${Math.round(before / MB)} MB`).toBeLessThan(
    MOST_GROWTH_BYTES,
  )
  expect(t.errors).toEqual([])
  expect((await t.raw('GET', '/readyz')).status).toBe(200)
})
