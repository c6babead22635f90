/** What an update-contact step does within its activation. */
import { describe, expect, test } from 'vitest'
import {
  activate,
  branch,
  contact,
  email,
  enrolled,
  event,
  facts,
  NOW,
  plan,
  update,
  waitUntil,
} from '../../support/engine.ts'

describe('a step that writes the contact', () => {
  test('says what it writes: values, one of the entry event, tags', () => {
    const of = plan([
      update(
        1,
        {
          set: [
            { key: 'plan', value: 'pro' },
            { key: 'old', value: null },
            { key: 'cart', value: { entry: 'cartId' } },
          ],
          addTags: ['vip'],
          removeTags: ['new'],
        },
        null,
      ),
    ])
    const { effects, path, state } = activate(of, { facts: facts({ entry: event('Cart', NOW, { cartId: 'c-7' }) }) })
    expect(effects).toEqual([
      {
        kind: 'update',
        step: 1,
        patch: { attributes: { plan: 'pro', old: null, cart: 'c-7' }, addTags: ['vip'], removeTags: ['new'] },
      },
    ])
    expect(path[0]).toMatchObject({ outcome: 'passed', why: 'updated' })
    expect(path[0]?.seen).toContainEqual({ what: 'set:cart', value: 'c-7', holds: true })
    expect(state.status).toBe('completed')
  })

  test.each([
    ['is missing', {}],
    ['is a list', { cartId: ['a'] }],
    ['is an object', { cartId: { a: 1 } }],
    ['is endless', { cartId: 'x'.repeat(1_001) }],
  ])('leaves the attribute as it was when the value of the entry event %s, and says so', (_name, properties) => {
    const of = plan([update(1, { set: [{ key: 'cart', value: { entry: 'cartId' } }] }, null)])
    const { effects, path } = activate(of, { facts: facts({ entry: event('Cart', NOW, properties) }) })
    expect(effects).toMatchObject([{ patch: { attributes: {} } }])
    expect(path[0]?.seen?.[0]).toMatchObject({ what: 'set:cart', holds: false })
  })

  test('takes a zone of the entry event only when it is one', () => {
    const of = plan([update(1, { set: [{ key: 'timezone', value: { entry: 'zone' } }] }, null)])
    const patchWith = (zone: string) => activate(of, { facts: facts({ entry: event('E', NOW, { zone }) }) }).effects[0]
    expect(patchWith('Asia/Tokyo')).toMatchObject({ patch: { timezone: 'Asia/Tokyo' } })
    expect(patchWith('Nowhere')).not.toHaveProperty('patch.timezone')
  })

  test('is seen by the steps after it', () => {
    const of = plan([
      update(1, { set: [{ key: 'plan', value: 'pro' }], addTags: ['vip'] }, 2),
      branch(
        2,
        [{ id: 'yes', when: { all: [{ attribute: 'plan', is: 'equals', value: 'pro' }, { tag: 'vip' }] }, next: 3 }],
        null,
      ),
      email(3, null),
    ])
    expect(activate(of).effects.map(({ kind }) => kind)).toEqual(['update', 'send'])
  })

  test('meets the rule for leaving that it has made true', () => {
    const of = plan([update(1, { addTags: ['done'] }, 2), email(2, null)], { exitWhen: { tag: 'done' } })
    const { state, effects } = activate(of)
    expect(state.status).toBe('exited')
    expect(effects.map(({ kind }) => kind)).toEqual(['update'])
  })

  test('does not disturb the numbers of the mails', () => {
    const of = plan([email(1, 2), update(2, { addTags: ['a'] }, 3), email(3, null, 'bye')])
    const sends = activate(of).effects.filter((effect) => effect.kind === 'send')
    expect(sends.map(({ k }) => k)).toEqual([0, 1])
  })
})

describe('a chain of workflows that start each other', () => {
  test('fails visibly when it is too long, before any step', () => {
    const of = plan([email(1, null)])
    const chained = (chain: number) => activate(of, { facts: facts({ entry: { ...event('tag-added', NOW), chain } }) })
    expect(chained(10).state.status).toBe('completed')
    expect(chained(11)).toMatchObject({ state: { status: 'failed' }, effects: [], path: [{ why: 'chain' }] })
  })
})

describe('who stands still', () => {
  const of = plan([waitUntil(1, [{ id: 'a', when: { tag: 'vip' }, next: 2 }], 'P3D', null), email(2, null)], {
    exitWhen: { tag: 'gone' },
  })
  const state = enrolled({ status: 'paused', isWaiting: true, dueAt: null })

  test('completes no wait and wakes up at no time, but leaves by a rule', () => {
    const vip = facts({ contact: contact({ tags: ['vip'] }) })
    expect(activate(of, { state, facts: vip, input: { kind: 'change' } }).state).toBe(state)
    expect(activate(of, { state, facts: vip, now: NOW + 10 ** 12 }).state).toBe(state)
    const gone = facts({ contact: contact({ tags: ['gone'] }) })
    expect(activate(of, { state, facts: gone, input: { kind: 'change' } }).state.status).toBe('exited')
  })

  test('goes on without the mail that was missed', () => {
    const { path, effects } = activate(plan([email(1, null)]), { input: { kind: 'timer', skipsMail: true } })
    expect(effects).toEqual([])
    expect(path[0]).toMatchObject({ outcome: 'skipped', why: 'missed-in-pause' })
  })
})
