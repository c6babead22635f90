/** Workflow documents nobody would draw: whatever is accepted must also be shown, published or refused, entered and lived through. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { brokenInvariants } from '../../server/db/invariants.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import { answerTime } from '../support/answer-time.ts'
import { welcome, workflow } from '../support/documents.ts'
import { HOSTILE_TEXTS, hostileValue, wireJson } from './hostile-values.ts'
import { KEYED, type SmallWorld, smallWorld } from './small-world.ts'

const RUNS = Number(process.env.HOSTILE_RUNS ?? 12)
/** Monsters are as large as a body may be in the long form; the limits themselves are tried in both. */
const IS_LONG = RUNS > 50
const LONGEST_MS = 5_000
const DAY_MS = 86_400_000

// A world takes a while to make on a busy machine.
vi.setConfig({ hookTimeout: 60_000 })
let t: SmallWorld
beforeAll(async () => {
  t = await smallWorld()
})
afterAll(async () => {
  await t.close()
})

type Heard = { status: number; body: Record<string, unknown>; text: string }

async function ask(
  method: string,
  path: string,
  json: string | null,
  headers: Record<string, string> = {},
): Promise<Heard> {
  const time = answerTime()
  const type = json === null ? {} : { 'content-type': 'application/json' }
  const answer = await t.raw(method, path, {
    headers: { ...KEYED, ...type, ...headers },
    ...(json === null ? {} : { body: json }),
  })
  const told = `${method} ${path} ${json?.slice(0, 800) ?? ''} -> ${answer.status} ${answer.text.slice(0, 400)} ${String(Object.values(t.errors.at(-1) ?? {})[0])}`
  expect(answer.status, told).toBeLessThan(500)
  expect(time(), told).toBeLessThan(LONGEST_MS)
  if (answer.status >= 400) expect(String(answer.body.detail), told).toMatch(/^.{10,}[.!]$/s)
  expect(t.errors, told).toEqual([])
  return answer
}

/** From the first POST to so many days in the life of whoever is let in. */
async function live(json: string, days = 365): Promise<'refused' | 'draft' | 'live'> {
  const made = await ask('POST', '/api/v1/workflows', json)
  if (made.status !== 201) return 'refused'
  const path = `/api/v1/workflows/${String(made.body.id)}`
  await ask('GET', path, null)
  await ask('PUT', `${path}/draft`, json, { 'if-match': '"1"' })
  await ask('GET', `${path}/publish-preview`, null)
  const published = await ask('POST', `${path}/publish`, '{}')
  if (published.status !== 201) {
    expect(published.body.problems, published.text.slice(0, 500)).toEqual(
      expect.arrayContaining([expect.objectContaining({ message: expect.any(String) })]),
    )
    return 'draft'
  }
  await ask('POST', `${path}/enrollments`, '{"contact":{"email":"a@example.com"},"properties":{"total":1}}')
  await ask('POST', '/api/v1/events', '{"name":"Signed up","contact":{"email":"b@example.com"}}')
  await t.world.pass(days * DAY_MS)
  await ask('GET', `${path}/stats`, null)
  await ask('GET', '/api/v1/workflows', null)
  await ask('GET', '/api/v1/contacts/1/journal', null)
  await ask('POST', `${path}/archive`, null)
  expect(await brokenInvariants(t.db)).toEqual([])
  return 'live'
}

/** Every place of a value, as paths. */
function placesIn(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inner = Array.isArray(value) ? value.map((item, i) => [i, item] as const) : Object.entries(value)
  return [path, ...inner.flatMap(([key, item]) => placesIn(item as Json, [...path, key]))]
}

function replaced(value: unknown, path: readonly (string | number)[], by: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return by
  if (Array.isArray(value)) return value.map((item, i) => (i === key ? replaced(item, rest, by) : item))
  const fields = value as Record<string, unknown>
  if (rest.length === 0 && by === undefined)
    return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key))
  return { ...fields, [key]: replaced(fields[key], rest, by) }
}

const DOCUMENT = welcome({
  exitWhen: { tag: 'gone' },
  audience: { attribute: 'plan', is: 'equals', value: 'pro' },
  reentry: 'always',
})
const mutated = fc
  .array(fc.tuple(fc.constantFrom(...placesIn(DOCUMENT)), fc.oneof(hostileValue, fc.constant(undefined))), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) =>
    changes.reduce<unknown>((document, [path, by]) => {
      try {
        return replaced(document, path, by)
      } catch (error) {
        if (error instanceof TypeError) return document // an earlier change took the place away
        throw error
      }
    }, DOCUMENT),
  )

const IDS = ['a', 'b', 'c', 'd', '__proto__', 'constructor', 'toString', 'valueOf']
const next = fc.option(fc.constantFrom(...IDS), { nil: null })
const condition: fc.Arbitrary<JsonObject> = fc.constantFrom<JsonObject>(
  { tag: 'beta' },
  { attribute: '__proto__', is: 'exists' },
  { attribute: 'constructor', is: 'equals', value: { entry: '__proto__' } },
  { not: { event: 'Signed up', within: 'since-entry' } },
  { event: 'constructor', times: { atMost: 0 }, within: 'P10Y' },
  { any: [{ consent: 'toString' }, { message: 'hello', did: 'clicked' }] },
  { attribute: 'n', is: 'within-last', value: 'P10Y' },
)
const step = fc.oneof(
  fc.record({ kind: fc.constant('send-email'), email: fc.constantFrom('hello', 'offer', 'constructor'), next }),
  fc.record({ kind: fc.constant('wait'), for: fc.constantFrom('P1D', 'PT1S', 'P10Y', 'P0D', 'P3653D', 'P11Y'), next }),
  fc.record({
    kind: fc.constant('wait'),
    until: fc.constantFrom<JsonObject>(
      { at: '9999-12-31T23:59:59' },
      { at: '0001-01-01T00:00:00' },
      { time: '25:99' },
      { time: '00:00', days: [], after: 'P10Y' },
      { attribute: '__proto__', offset: '-P10Y', ifPast: 'continue' },
    ),
    next,
  }),
  fc.record({
    kind: fc.constant('branch'),
    paths: fc.array(
      fc.record({
        id: fc.constantFrom('__proto__', 'p', 'constructor'),
        label: fc.constantFrom(...HOSTILE_TEXTS.slice(0, 12)),
        when: condition,
        next,
      }),
      { maxLength: 3 },
    ),
    otherwise: next,
  }),
  fc.record({
    kind: fc.constant('wait-until'),
    paths: fc.array(
      fc.record({ id: fc.constantFrom('yes', '__proto__'), label: fc.constant('x'), when: condition, next }),
      { maxLength: 2 },
    ),
    timeout: fc.record({ after: fc.constantFrom('P1D', 'P10Y'), next }),
  }),
  fc.record({ kind: fc.constant('exit'), reason: fc.constantFrom(...HOSTILE_TEXTS.slice(0, 20)) }),
  fc.record({ kind: fc.constantFrom('split', 'update-contact', 'constructor', '__proto__', 'go-to'), next }),
)
const graph = fc
  .tuple(
    fc.array(step, { minLength: 1, maxLength: IDS.length }),
    fc.shuffledSubarray(IDS, { minLength: IDS.length }),
    fc.constantFrom('once', 'always'),
  )
  .map(([steps, ids, reentry]) =>
    workflow({ settings: { reentry }, steps: steps.map((fields, i) => ({ id: ids[i] ?? 'z', ...fields })) }),
  )

describe('a document', () => {
  test('changed in any place to anything is refused in sentences, or lived with', {
    timeout: 60_000 + RUNS * 2_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(mutated, async (document) => void (await live(wireJson(document)))),
      { numRuns: RUNS },
    )
  })

  test('whose steps lead anywhere, in circles too, and bear the names of objects’ own parts', {
    timeout: 60_000 + RUNS * 2_000,
  }, async () => {
    const met = new Set<string>()
    await fc.assert(
      fc.asyncProperty(graph, async (document) => void met.add(await live(JSON.stringify(document)))),
      { numRuns: RUNS },
    )
    expect([...met]).toContain('draft')
  })
})

const chain = (length: number, last: string | null): JsonObject[] =>
  Array.from({ length }, (_, i) => ({
    id: `s${i}`,
    kind: 'wait',
    for: 'P1D',
    next: i + 1 < length ? `s${i + 1}` : last,
  }))
const deepCondition = (depth: number): JsonObject =>
  Array.from({ length: depth }).reduce<JsonObject>((inner) => ({ not: inner }), { tag: 'a' })
const wideCondition = (groups: number): JsonObject => ({
  all: Array.from({ length: groups }, (_, g) => ({
    any: Array.from({ length: 100 }, (_none, i) => ({ attribute: `a${g}`, is: 'equals', value: i })),
  })),
})
const LENGTH = IS_LONG ? 2_000 : 400
const BREADTH = IS_LONG ? 20_000 : 4_000
const path = (i: number): JsonObject => ({ id: `p${i}`, label: `${i}`, when: { tag: `t${i}` }, next: null })

const MONSTERS: readonly [string, JsonObject][] = [
  ['of very many steps in a row', workflow({ steps: chain(LENGTH, null) })],
  ['of very many steps in a circle', workflow({ steps: chain(LENGTH, 's0') })],
  [
    'of very many instant steps in a circle',
    workflow({ steps: chain(LENGTH, 's0').map((one) => ({ ...one, kind: 'send-email', email: 'hello' })) }),
  ],
  ['of 2,001 steps', workflow({ steps: chain(2_001, null) })],
  [
    'with thousands of paths at one branch',
    workflow({
      steps: [{ id: 'b', kind: 'branch', paths: Array.from({ length: BREADTH }, (_, i) => path(i)), otherwise: null }],
    }),
  ],
  [
    'with very many branches of 8 paths each',
    workflow({
      steps: Array.from({ length: LENGTH }, (_, i) => ({
        id: `b${i}`,
        kind: 'branch',
        paths: Array.from({ length: 8 }, (_none, k) => ({ ...path(k), next: `b${(i * 7 + k) % LENGTH}` })),
        otherwise: null,
      })),
    }),
  ],
  ['with a condition 90 levels deep', workflow({ settings: { audience: deepCondition(90) }, steps: chain(1, null) })],
  [
    'with a condition 19 levels deep',
    workflow({ settings: { audience: deepCondition(19), exitWhen: deepCondition(18) }, steps: chain(1, null) }),
  ],
  ['with a condition of 10,000 parts', workflow({ settings: { audience: wideCondition(100) }, steps: chain(1, null) })],
  [
    'with 50 triggers that say the same',
    workflow({
      triggers: Array.from({ length: 50 }, (_, i) => ({ id: `t${i}`, kind: 'event', event: 'Signed up', where: null })),
      steps: chain(2, null),
    }),
  ],
  [
    'drawn at the end of the world',
    { ...workflow({ steps: chain(1, null) }), layout: { s0: { x: 1e308, y: -1e308 }, ghost: { x: 0, y: 0 } } },
  ],
  [
    'with thousands of places for no step',
    {
      ...workflow({ steps: chain(1, null) }),
      layout: Object.fromEntries(Array.from({ length: BREADTH }, (_, i) => [`g${i}`, { x: i, y: i }])),
    },
  ],
  [
    'with thousands of notes',
    {
      ...workflow({ steps: chain(1, null) }),
      notes: Array.from({ length: BREADTH }, (_, i) => ({ id: `n${i}`, text: 'x', x: 0, y: 0 })),
    },
  ],
  [
    'with 3,000 emails',
    {
      ...workflow({ steps: chain(1, null) }),
      emails: Object.fromEntries(
        Array.from({ length: 3_000 }, (_, i) => [`e${i}`, { subject: 's', mjml: '<mjml></mjml>' }]),
      ),
    },
  ],
]

describe('a monster', () => {
  test.each(MONSTERS)('%s', { timeout: 60_000 }, async (_what, document) => {
    await live(JSON.stringify(document), IS_LONG ? 365 : 20)
    expect((await t.raw('GET', '/readyz')).status).toBe(200)
  })
})
