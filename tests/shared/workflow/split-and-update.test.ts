/** The kinds that deal people and write contacts: what they refuse, what they become, how they are connected. */
import { describe, expect, test } from 'vitest'
import { compileWorkflow } from '../../../shared/workflow/compile.ts'
import { connect, insertStep, removeSteps } from '../../../shared/workflow/edit.ts'
import { outlineOf } from '../../../shared/workflow/outline.ts'
import { around, CONTEXT, found, numbersOf, workflow } from './support.ts'

const arm = (id: string, weight: unknown = 50, next: string | null = 'a') => ({ id, label: id, weight, next })
const arms = (...list: unknown[]) => ({ kind: 'split', arms: list })
const update = (fields: Record<string, unknown>) => ({ kind: 'update-contact', next: 'a', ...fields })

describe('a split', () => {
  test.each([
    ['half and half', arms(arm('x1'), arm('y')), []],
    ['any weights, also parts and none', arms(arm('x1', 0.5), arm('y', 0), arm('z', 33)), []],
    ['an arm that ends', arms(arm('x1', 50, null), arm('y')), []],
    ['without arms', { kind: 'split' }, ['no-paths steps/0/arms']],
    ['with one arm', arms(arm('x1')), ['no-paths steps/0/arms']],
    ['with 21 arms', arms(...Array.from({ length: 21 }, (_, n) => arm(`x${n}`))), ['bad-field steps/0/arms']],
    ['where nobody can go on', arms(arm('x1', 0), arm('y', 0)), ['bad-field steps/0/arms']],
    ['with a weight below nothing', arms(arm('x1', -1), arm('y')), ['bad-field steps/0/arms/0/weight']],
    ['with a weight of text', arms(arm('x1', '50'), arm('y')), ['bad-field steps/0/arms/0/weight']],
    ['with a weight beyond all measure', arms(arm('x1'), arm('y', 1e9)), ['bad-field steps/0/arms/1/weight']],
    ['with two arms of one id', arms(arm('x1'), arm('x1')), ['bad-field steps/0/arms/1/id']],
    ['with an arm called otherwise', arms(arm('otherwise'), arm('y')), ['bad-field steps/0/arms/0/id']],
    ['with an arm to nowhere', arms(arm('x1', 1, 'gone'), arm('y')), ['unknown-step steps/0/arms/0/next']],
    ['with an arm that is none', arms(7, arm('y')), ['bad-field steps/0/arms/0']],
    ['with a field of its own', { ...arms(arm('x1'), arm('y')), seed: 4 }, ['bad-field steps/0']],
  ])('%s', (_name, step, problems) => {
    expect(found(around(step))).toEqual(problems)
  })

  test('becomes a plan of its arms, in their order', () => {
    const doc = around(arms({ id: 'x1', weight: 20, next: 'a' }, arm('y', 80, null)))
    const compiled = compileWorkflow(doc, { ...CONTEXT, numbers: numbersOf(doc) })
    expect(compiled).toMatchObject({
      ok: true,
      plan: {
        steps: [
          {
            kind: 'split',
            arms: [
              { id: 'x1', label: 'x1', weight: 20, next: 2 },
              { id: 'y', label: 'y', weight: 80, next: null },
            ],
          },
          {},
        ],
      },
    })
  })

  test('is put on an arrow, connected, taken out and read aloud like any fork', () => {
    const before = workflow()
    const inserted = insertStep(before, { from: null, port: 'next' }, { id: 's', kind: 'split' })
    expect(inserted.steps.find(({ id }) => id === 's')).toMatchObject({
      arms: [
        { id: 'a', weight: 50, next: 'a' },
        { id: 'b', weight: 50, next: null },
      ],
    })
    const joined = connect(inserted, { from: 's', port: 'b' }, 'a')
    expect(outlineOf(joined).map((row) => row.kind)).toEqual([
      'trigger',
      'step',
      'path',
      'continues',
      'path',
      'continues',
      'step',
    ])
    expect(removeSteps(joined, ['s']).start).toBe('a')
  })

  test('takes no time: arms that lead back make a circle without rest', () => {
    expect(found(around(arms(arm('x1', 1, 'x'), arm('y'))))).toEqual(['loop-without-wait steps/0'])
  })
})

describe('an update of the contact', () => {
  test.each([
    [
      'values of every kind',
      update({ set: { plan: 'pro', seats: 5, new: true, old: null, cart: { entry: 'id' } } }),
      [],
    ],
    ['tags alone', update({ addTags: ['a'], removeTags: ['b'] }), []],
    ['a time zone and a language', update({ set: { timezone: 'Asia/Ho_Chi_Minh', locale: 'vi' } }), []],
    ['that changes nothing', update({ set: {}, addTags: [] }), ['bad-field steps/0/set']],
    ['of the address', update({ set: { email: 'x@example.com' } }), ['bad-field steps/0/set/email']],
    ['of the external id', update({ set: { externalId: '7' } }), ['bad-field steps/0/set/externalId']],
    ['to Liquid', update({ set: { plan: '{{ event.plan }}' } }), ['bad-field steps/0/set/plan']],
    ['to a list', update({ set: { plan: ['a'] } }), ['bad-field steps/0/set/plan']],
    ['to an object of another shape', update({ set: { plan: { event: 'x' } } }), ['bad-field steps/0/set/plan']],
    ['to a text without end', update({ set: { plan: 'x'.repeat(1_001) } }), ['bad-field steps/0/set/plan']],
    ['to a value of another type', update({ set: { seats: 'many' } }), ['wrong-type steps/0/set/seats']],
    ['to a number that is written as text', update({ set: { seats: '5' } }), []],
    ['to no date', update({ set: { renewal_on: 'soon' } }), ['wrong-type steps/0/set/renewal_on']],
    ['to a zone that is none', update({ set: { timezone: 'Mars/Base' } }), ['bad-timezone steps/0/set/timezone']],
    ['to a zone that is a number', update({ set: { timezone: 7 } }), ['wrong-type steps/0/set/timezone']],
    ['without an attribute', update({ set: { ' ': 'x' } }), ['bad-field steps/0/set/ ']],
    [
      'of 51 values',
      update({ set: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])) }),
      ['bad-field steps/0/set'],
    ],
    ['with a tag both ways', update({ addTags: ['a'], removeTags: ['a'] }), ['bad-field steps/0/removeTags']],
    ['with an empty tag', update({ addTags: [''] }), ['bad-field steps/0/addTags/0']],
    ['with tags that are a text', update({ addTags: 'vip' }), ['bad-field steps/0/addTags']],
    ['to nowhere', { ...update({ addTags: ['a'] }), next: 'gone' }, ['unknown-step steps/0/next']],
  ])('%s', (_name, step, problems) => {
    expect(found(around(step))).toEqual(problems)
  })

  test('becomes a plan with what was left out filled in', () => {
    const doc = around(update({ set: { plan: 'pro', old: null } }))
    const compiled = compileWorkflow(doc, { ...CONTEXT, numbers: numbersOf(doc) })
    expect(compiled.ok && compiled.plan.steps[0]).toMatchObject({
      kind: 'update-contact',
      set: [
        { key: 'plan', value: 'pro' },
        { key: 'old', value: null },
      ],
      addTags: [],
      removeTags: [],
      next: 2,
    })
  })
})
