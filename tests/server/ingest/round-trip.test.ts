/** What was exported imports again to the same people; what a check says is what an import does. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { API_KEY, importFile, type TestApp, testApp } from '../../support/app.ts'

type Person = {
  id: string
  email: string | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  tags: string[]
  attributes: Record<string, unknown>
}

async function everybody(t: TestApp, query = ''): Promise<Person[]> {
  const { text } = await t.call('GET', `/api/v1/contacts/export?format=jsonl${query}`)
  return text
    .split('\n')
    .filter((one) => one !== '')
    .map((one) => JSON.parse(one) as Person)
}

/** Without what the database gives them. */
const known = ({ email, externalId, timezone, locale, tags, attributes }: Person) => ({
  email,
  externalId,
  timezone,
  locale,
  tags,
  attributes,
})

const nasty = fc.oneof(
  fc.constantFrom(
    '=1+1',
    "'=1+1",
    '@x',
    '-5',
    '+84 912 345 678',
    '\t=x',
    '  spaces ',
    'a,b;c|d',
    '"quoted"',
    'line\r\nend',
  ),
  fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/[\0\ufffd\ufeff]/.test(text)),
  fc.constantFrom('Nguyễn Thị Mai', '陈晓梅', '007', 'true', '2026-01-02'),
)
const person = fc.record({
  tags: fc.uniqueArray(fc.constantFrom('vip', 'a,b', 'x;y', '[1]', 'tea fair'), { maxLength: 3 }),
  timezone: fc.constantFrom('Asia/Ho_Chi_Minh', null),
  locale: fc.constantFrom('vi', null),
  attributes: fc.record(
    {
      note: nasty,
      constructor: nasty,
      email: nasty,
      'attributes.odd': nasty,
      age: fc.integer(),
      share: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((n) => n + 0),
      member: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
})

describe('an exported list', () => {
  test('imports again to the same people', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 8 }), async (people) => {
        const [from, to] = [await testApp(), await testApp()]
        try {
          for (const [i, { attributes, ...rest }] of people.entries()) {
            // A type is learned from the first value; text of text stays text.
            const body = { email: `p${i}@example.com`, externalId: i % 2 === 0 ? `=${i}` : null, ...rest, attributes }
            const { status } = await from.call('PUT', '/api/v1/contacts', body)
            expect(status).toBe(201)
          }
          await from.db.sql
            .updateTable('attribute_definition')
            .set({ type: 'text' })
            .where('type', '=', 'date')
            .execute()
          const { text } = await from.call('GET', '/api/v1/contacts/export')
          for (const target of [from, to]) {
            const types = await from.db.sql.selectFrom('attribute_definition').selectAll().execute()
            if (target === to && types.length > 0)
              await to.db.sql.insertInto('attribute_definition').values(types).execute()
            const state = await importFile(target, text)
            expect(state).toMatchObject({ status: 'completed', rejected: 0, rows: people.length })
            expect((await everybody(target)).map(known)).toEqual((await everybody(from)).map(known))
          }
        } finally {
          await from.close()
          await to.close()
        }
      }),
      { numRuns: 15 },
    )
  })

  test('holds those whom a search or a condition finds, in both formats', async () => {
    const t = await testApp()
    for (const [email, tags] of [
      ['anna@example.com', ['vip']],
      ['annika@example.com', []],
      ['bob@example.com', ['vip']],
    ] as const)
      await t.call('PUT', '/api/v1/contacts', { email, tags, attributes: { first_name: 'An' } })
    const emails = async (query: string) => (await everybody(t, query)).map(({ email }) => email)
    expect(await emails('&q=ann')).toEqual(['anna@example.com', 'annika@example.com'])
    expect(await emails(`&condition=${encodeURIComponent('{"tag":"vip"}')}`)).toEqual([
      'anna@example.com',
      'bob@example.com',
    ])
    expect(await emails(`&q=ann&condition=${encodeURIComponent('{"tag":"vip"}')}`)).toEqual(['anna@example.com'])
    expect(await emails(`&condition=${encodeURIComponent('{"tag":"nobody"}')}`)).toEqual([])
    for (const condition of ['{', '{"nonsense":1}'])
      expect((await t.call('GET', `/api/v1/contacts/export?condition=${encodeURIComponent(condition)}`)).status).toBe(
        400,
      )
    await t.close()
  })

  test('is read no further than the other side takes it, and not at all once they are gone', async () => {
    const t = await testApp()
    const rows = Array.from({ length: 5_000 }, (_, i) => `p${i}@example.com`)
    await importFile(t, `email\n${rows.join('\n')}\n`)
    let reads = 0
    const { db } = t
    const query = db.sql.getExecutor().executeQuery
    db.sql.getExecutor().executeQuery = function (this: unknown, compiled, ...rest) {
      if (compiled.sql.includes('from "contact"')) reads += 1
      return query.call(this as never, compiled, ...rest) as never
    }
    const response = await t.app.request('/api/v1/contacts/export', { headers: { authorization: `Bearer ${API_KEY}` } })
    const reader = response.body?.getReader()
    await reader?.read()
    const before = reads
    await reader?.cancel()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(reads).toBeLessThanOrEqual(before + 1)
    expect(reads).toBeLessThan(5)
    await t.close()
  })
})

describe('a check', () => {
  const cell = fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com', 'nonsense', '', 'A@Example.com')
  const id = fc.constantFrom('1', '2', '3', '')

  test('says what the import then does, and writes nothing', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, id), { minLength: 1, maxLength: 12 }), async (rows) => {
        const t = await testApp()
        await t.call('PUT', '/api/v1/contacts', { email: 'a@example.com', externalId: '1' })
        await t.call('PUT', '/api/v1/contacts', { externalId: '2', consent: { marketing: 'withdrawn' } })
        const csv = `email,external id,n\n${rows.map(([email, external], i) => `${email},${external},${i}`).join('\n')}\n`
        const answer = await t.raw('POST', '/api/v1/contacts/import/check', {
          headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
          body: csv,
        })
        expect(answer.status).toBe(200)
        expect((await t.call<{ total: number }>('GET', '/api/v1/contacts')).body.total).toBe(2)
        expect((await t.call('GET', '/api/v1/imports')).body.items).toEqual([])
        const done = await importFile(t, csv)
        for (const name of ['rows', 'created', 'updated', 'duplicates', 'rejected'])
          expect(answer.body[name], name).toBe(done[name])
        await t.close()
      }),
      { numRuns: 30 },
    )
  })
})
