import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { audienceQuery, countMailable } from '../../../server/db/audience.ts'
import { loadFacts, type Subject } from '../../../server/engine/facts.ts'
import { transact } from '../../../server/engine/transact.ts'
import { evaluate } from '../../../shared/condition/evaluate.ts'
import { type Condition, OPERATORS } from '../../../shared/condition/schema.ts'
import { mayMail } from '../../../shared/contact/mailable.ts'
import type { ContactId } from '../../../shared/ids.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { testDialect } from '../../support/database.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

let world: World
const ids: ContactId[] = []

const values = [
  null,
  '',
  'pro',
  'Pro plan',
  '5',
  ' 5 ',
  '5.0',
  '-1e2',
  '2026-03-01',
  '2026-03-02T08:59:59Z',
  'true',
  'äß',
  '"',
  "a'b",
  '\\',
  'x".y',
  0,
  5,
  5.5,
  -3,
  1e9,
  true,
  false,
  ['pro', 5],
  [],
  { a: 1 },
] as const
const keys = ['plan', 'first name', 'a.b', 'q"uote', "it's", '[0]', '$', 'email', 'locale', '\\back', 'ключ']

beforeAll(async () => {
  world = await createWorld()
  await world.publish(twoMails())
  for (let n = 0; n < 60; n++) {
    const attributes = Object.fromEntries(
      keys.flatMap((key, k) => {
        const value = values[(n * 7 + k * 5) % values.length]
        return (n + k) % 4 === 0 || value === undefined || value === null ? [] : [[key, value]]
      }),
    )
    const status = (['granted', 'withdrawn', 'unknown'] as const)[n % 3] ?? 'unknown'
    const id = await world.contact({
      email: n % 5 === 0 ? null : `p${n}@example.com`,
      externalId: `x${n}`,
      locale: n % 2 === 0 ? 'vi' : null,
      attributes,
      tags: n % 4 === 0 ? ['vip', 'it"s'] : n % 4 === 1 ? ['vip'] : [],
      consent: { marketing: { status, source: 'test', text: null, at: null, address: null } },
    })
    ids.push(id)
    for (let e = 0; e < n % 4; e++) {
      await world.event(
        id,
        e === 1 ? 'Visited' : 'Order placed',
        { total: (n * e) % 7, sku: values[(n + e) % values.length] ?? null },
        MONDAY - e * 20 * DAY_MS - n * DAY_MS,
      )
    }
    if (n % 6 === 1) await world.event(id, 'Signed up')
  }
  await world.settle()
  const messages = await world.db.sql.selectFrom('message').select('id').where('status', '=', 'sent').execute()
  for (const [n, { id }] of messages.entries()) {
    const event = { messageId: id as never, linkNo: null, url: null, userAgent: null, machine: n % 2 === 0 }
    await world.commands('record-message-event', { ...event, kind: n % 3 === 0 ? 'clicked' : 'opened' })
  }
})
afterAll(() => world.close())

const value = fc.oneof(
  fc.constantFrom<(typeof values)[number]>(...values),
  fc.constantFrom('P30D', 'PT12H', 'P1M', 'bad'),
  fc.constant({ entry: 'cartId' }),
)
const comparison = (what: 'attribute' | 'property', names: readonly string[]) =>
  fc
    .record({
      name: fc.constantFrom(...names),
      is: fc.constantFrom(...OPERATORS),
      value: fc.option(value, { nil: undefined }),
    })
    .map(
      ({ name, is, value: v }) =>
        ({ [what]: name, is, ...(v === undefined ? {} : { value: v }) }) as unknown as Condition,
    )
const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const leaf = fc.oneof(
    comparison('attribute', keys),
    comparison('property', ['total', 'sku']),
    fc.constantFrom<Condition>(
      { tag: 'vip' },
      { tag: 'it"s' },
      { tag: 'no' },
      { consent: 'marketing' },
      { consent: 'news' },
    ),
    fc.record({
      message: fc.constantFrom('hello', 'offer'),
      did: fc.constantFrom('sent', 'opened', 'clicked', 'bounced'),
      machine: fc.boolean(),
    }) as fc.Arbitrary<Condition>,
    fc.record({
      event: fc.constantFrom('Order placed', 'Visited', 'Never'),
      times: fc.option(
        fc.record({
          atLeast: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
          atMost: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
        }),
        { nil: undefined },
      ),
      within: fc.option(fc.constantFrom('P30D', 'P1M', 'since-entry', 'bad'), { nil: undefined }),
      where: fc.option(tie('condition') as fc.Arbitrary<Condition>, { nil: null }),
    }) as fc.Arbitrary<Condition>,
  )
  const some = fc.array(tie('condition') as fc.Arbitrary<Condition>, { minLength: 1, maxLength: 3 })
  return {
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      some.map((all) => ({ all })),
      some.map((any) => ({ any })),
      (tie('condition') as fc.Arbitrary<Condition>).map((not) => ({ not })),
    ),
  }
})

describe('the audience in SQL', () => {
  test('says of every contact what the condition says in memory', { timeout: 60_000 }, async () => {
    const dependencies = {
      events: ['Order placed', 'Visited', 'Never'],
      attributes: [],
      tags: [],
      topics: [],
      messages: ['hello', 'offer'],
    }
    const subjects: Subject[] = ids.map((contactId) => ({ contactId, enrollment: null, dependencies }))
    const { value: loaded } = await transact(world.db, (tx) => loadFacts(tx, subjects))
    const facts = subjects.map((subject) => loaded.of(subject, null))
    await fc.assert(
      fc.asyncProperty(condition, async (given) => {
        const rows = await audienceQuery(world.db, given, MONDAY).orderBy('contact.id').execute()
        const inMemory = facts.filter((one) => evaluate(given, one, MONDAY)).map((one) => one.contact.id)
        expect(rows.map((row) => row.id)).toEqual(inMemory)
      }),
      { numRuns: testDialect() === 'postgres' ? 150 : 600 },
    )
  })

  test('counts as mailable exactly those who may be mailed', async () => {
    const { value: loaded } = await transact(world.db, (tx) =>
      loadFacts(
        tx,
        ids.map((contactId) => ({
          contactId,
          enrollment: null,
          dependencies: { events: [], attributes: [], tags: [], topics: [], messages: [] },
        })),
      ),
    )
    for (const messageClass of ['marketing', 'transactional'] as const) {
      const inMemory = ids.filter((id) => {
        const contact = loaded.contact(id)
        return contact !== null && mayMail(contact, messageClass).ok
      })
      expect(await countMailable(world.db, null, messageClass, MONDAY)).toBe(inMemory.length)
    }
  })
})
