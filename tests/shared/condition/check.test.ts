import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCondition } from '../../../shared/condition/check.ts'
import { conditionSchema, OPERATORS } from '../../../shared/condition/schema.ts'

const context = {
  attributes: { plan: 'text', age: 'number', vip: 'boolean', renewal_on: 'date' },
  emails: ['hello'],
  path: 'when',
} as const

const check = (condition: unknown) =>
  checkCondition(condition, context).map(({ code, path, message }) => ({ code, path, message }))

test.each([
  [{ attribute: 'plan', is: 'equals', value: 'pro' }],
  [{ attribute: 'age', is: 'at-least', value: '18' }],
  [{ attribute: 'age', is: 'one-of', value: [1, '2'] }],
  [{ attribute: 'vip', is: 'equals', value: true }],
  [{ attribute: 'renewal_on', is: 'within-next', value: 'P7D' }],
  [{ attribute: 'renewal_on', is: 'before', value: '2026-12-24' }],
  [{ attribute: 'unheard-of', is: 'exists' }],
  [{ property: 'total', is: 'greater-than', value: { entry: 'total' } }],
  [{ event: 'A', times: { atLeast: 1 }, within: 'P30D', where: { property: 'x', is: 'missing' } }],
  [{ event: 'A', within: 'since-entry', where: null }],
  [{ message: 'hello', did: 'clicked', machine: true }],
  [{ all: [{ tag: 'a' }, { any: [{ consent: 'news' }, { not: { tag: 'b' } }] }] }],
])('%j is in order', (condition) => {
  expect(check(condition)).toEqual([])
})

describe('the size of a condition', () => {
  const group = (parts: number) => ({ any: Array.from({ length: parts }, (_, i) => ({ tag: `t${i}` })) })

  test('is 500 parts at most, wherever they stand', () => {
    const groups = Array.from({ length: 5 }, () => group(98))
    expect(check({ all: groups })).toEqual([])
    expect(check({ all: [...groups, ...groups] })).toEqual([
      {
        code: 'condition-too-large',
        path: 'when',
        message: expect.stringContaining('991 parts, expected at most 500'),
      },
    ])
    const where = { event: 'A', where: { not: { all: [...groups, group(4)] } } }
    expect(check(where)).toMatchObject([{ code: 'condition-too-large' }])
  })

  test('is told before anything else is looked at, however deep it is', () => {
    let deep: unknown = { tag: 'a' }
    for (let i = 0; i < 200_000; i += 1) deep = { not: deep }
    expect(check(deep)).toMatchObject([{ code: 'condition-too-large' }])
  })
})

test.each<[unknown, string, string, string]>([
  ['vip', 'bad-condition', 'when', '"vip"'],
  [null, 'bad-condition', 'when', 'null'],
  [{}, 'bad-condition', 'when', 'exactly one of'],
  [{ tag: 'a', event: 'b' }, 'bad-condition', 'when', 'event, tag'],
  [{ segment: 'vip' }, 'bad-condition', 'when', '"segment"'],
  [{ tag: 'a', colour: 1 }, 'bad-condition', 'when/colour', '"colour"'],
  [{ tag: '' }, 'bad-condition', 'when/tag', '""'],
  [{ all: [] }, 'bad-condition', 'when/all', '0 conditions'],
  [{ any: [{ tag: 'a' }, 5] }, 'bad-condition', 'when/any/1', '5'],
  [{ attribute: 'plan', is: 'like', value: 'p' }, 'bad-operator', 'when/is', '"like"'],
  [{ attribute: 'plan', is: 'equals' }, 'bad-condition', 'when/value', 'give one'],
  [{ attribute: 'plan', is: 'exists', value: 1 }, 'bad-condition', 'when/value', 'no value'],
  [{ attribute: 'plan', is: 'greater-than', value: 1 }, 'wrong-type', 'when/is', 'text attribute "plan"'],
  [{ attribute: 'plan', is: 'equals', value: ['a'] }, 'wrong-type', 'when/value', 'one value'],
  [{ attribute: 'age', is: 'equals', value: 'old' }, 'wrong-type', 'when/value', '"old"'],
  [{ attribute: 'age', is: 'one-of', value: [1, 'x'] }, 'wrong-type', 'when/value', '"x"'],
  [{ attribute: 'age', is: 'greater-than', value: 'old' }, 'wrong-type', 'when/value', 'a number'],
  [{ attribute: 'vip', is: 'equals', value: 'maybe' }, 'wrong-type', 'when/value', 'boolean'],
  [{ attribute: 'renewal_on', is: 'before', value: '24.12.2026' }, 'wrong-type', 'when/value', 'a date'],
  [{ attribute: 'renewal_on', is: 'within-last', value: '7 days' }, 'wrong-type', 'when/value', 'a duration'],
  [{ property: 'x', is: 'equals', value: { entry: 5 } }, 'bad-condition', 'when/value', 'entry'],
  [{ event: 'A', within: 'yesterday' }, 'bad-duration', 'when/within', '"yesterday"'],
  [{ event: 'A', within: 'P20Y' }, 'duration-out-of-range', 'when/within', 'P20Y'],
  [{ event: 'A', times: { atLeast: 3, atMost: 1 } }, 'bad-condition', 'when/times', 'never hold'],
  [{ event: 'A', times: { atLeast: 1.5 } }, 'bad-condition', 'when/times', '1.5'],
  [{ event: 'A', where: { tag: 5 } }, 'bad-condition', 'when/where/tag', '5'],
  [{ message: 'bye', did: 'opened' }, 'unknown-email', 'when/message', '"bye"'],
  [{ message: 'hello', did: 'read' }, 'bad-condition', 'when/did', '"read"'],
])('%j: %s at %s, naming %s', (condition, code, path, named) => {
  const problems = check(condition)
  expect(problems).toEqual([{ code, path, message: expect.stringContaining(named) }])
})

describe('any value', () => {
  const scalar = fc.oneof(
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('P1D', '2026-01-01', 'since-entry'),
  )
  const { condition } = fc.letrec((tie) => ({
    condition: fc.oneof(
      { maxDepth: 4 },
      fc.record(
        {
          attribute: fc.constantFrom('plan', 'age', 'x', ''),
          is: fc.constantFrom(...OPERATORS, 'like'),
          value: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
        },
        { requiredKeys: ['attribute'] },
      ),
      fc.record(
        {
          event: scalar,
          times: fc.record({ atLeast: fc.integer(), atMost: fc.integer() }, { requiredKeys: [] }),
          within: scalar,
          where: tie('condition'),
        },
        { requiredKeys: ['event'] },
      ),
      fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
      fc.record({ not: tie('condition') }),
      fc.record({ tag: scalar }),
      fc.record({ message: fc.constantFrom('hello', 'bye'), did: fc.constantFrom('opened', 'x') }),
      fc.jsonValue(),
    ),
  }))

  test('gets an answer, and what passes is a condition to the schema as well', () => {
    fc.assert(
      fc.property(condition, (condition) => {
        if (checkCondition(condition, context).length > 0) return
        expect(conditionSchema.safeParse(condition).success).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('nested without end is refused, not followed', () => {
    let deep: unknown = { tag: 'a' }
    for (let n = 0; n < 400; n++) deep = { not: deep }
    expect(check(deep)).toMatchObject([{ code: 'bad-condition' }])
  })
})
