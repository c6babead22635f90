import { describe, expect, test } from 'vitest'
import { changesNothing } from '../../../shared/engine/advance.ts'
import { type EnrollmentState, TIMEOUT_GRACE_MS } from '../../../shared/engine/types.ts'
import { MINUTE_MS } from '../../../shared/time/instant.ts'
import {
  activate,
  contact,
  email,
  enrolled,
  event,
  exit,
  facts,
  NOW,
  plan,
  wait,
  waitUntil,
} from '../../support/engine.ts'

const DAY = 86_400_000
const ORDERED = { event: 'Order placed', within: 'since-entry' } as const
const CLICKED = { message: 'hello', did: 'clicked' } as const
const journey = plan([
  waitUntil(
    1,
    [
      { id: 'yes', when: ORDERED, next: 2 },
      { id: 'click', when: CLICKED, next: 3 },
    ],
    'P3D',
    4,
  ),
  exit(2, 'ordered'),
  exit(3, 'clicked'),
  wait(4, 'P1D', null),
])
const DEADLINE = NOW + 3 * DAY
const waiting: EnrollmentState = enrolled({ isWaiting: true, dueAt: DEADLINE + TIMEOUT_GRACE_MS, seq: 1 })
const change = { kind: 'change' } as const

describe('on arrival', () => {
  test('waits until its deadline; the timer fires a little later, so that an event at the deadline is heard first', () => {
    const { state, path } = activate(journey)
    expect(state).toMatchObject({ isWaiting: true, dueAt: DEADLINE + TIMEOUT_GRACE_MS })
    expect(path).toEqual([
      expect.objectContaining({ outcome: 'arrived', why: 'waiting', until: DEADLINE, seen: expect.any(Array) }),
    ])
  })

  test('what has already happened passes at once', () => {
    const { state, path } = activate(journey, { facts: facts({ events: [event('Order placed', NOW + 1)] }) })
    expect(path[0]).toMatchObject({ outcome: 'passed', path: 'yes', why: 'already-met' })
    expect(state).toMatchObject({ status: 'exited', step: 2 })
  })

  test('a deadline is counted like a wait: from when the person was due', () => {
    const chained = plan([wait(9, 'P1D', 1), ...journey.steps])
    const state = enrolled({ step: chained.start, isWaiting: true, dueAt: NOW })
    const { path } = activate(chained, { state, now: NOW + 20 * MINUTE_MS })
    expect(path.at(-1)?.until).toBe(DEADLINE)
  })
})

describe('an event against the deadline', () => {
  const eventAt = (occurredAt: number, now = occurredAt) =>
    activate(journey, {
      state: waiting,
      facts: facts({ event: event('Order placed', occurredAt) }),
      input: change,
      now,
    })

  test.each([
    ['well before it', DEADLINE - DAY],
    ['at its very millisecond', DEADLINE],
  ])('%s wins', (_, at) => {
    const { state, path } = eventAt(at)
    expect(path[0]).toMatchObject({ path: 'yes', why: 'condition-met' })
    expect(state).toMatchObject({ status: 'exited', step: 2, seq: 2 })
  })

  test('that happened in time but arrived after it wins as well, as long as the timer did not come first', () => {
    expect(eventAt(DEADLINE, DEADLINE + 1_500).state.step).toBe(2)
  })

  test('a millisecond after it loses', () => {
    expect(changesNothing(waiting, eventAt(DEADLINE + 1))).toBe(true)
  })

  test('of another kind changes nothing at all', () => {
    const other = facts({ event: event('Page viewed', NOW + 5) })
    const answer = activate(journey, { state: waiting, facts: other, input: change, now: NOW + 5 })
    expect(answer.state).toBe(waiting)
    expect(answer.path).toEqual([])
  })

  test('whose sender runs ahead of our clock is heard now, not at the deadline', () => {
    expect(eventAt(NOW + 5_000, NOW).state.step).toBe(2)
  })
})

describe('when the timer fires', () => {
  const fire = (overrides: Parameters<typeof facts>[0], now = DEADLINE + TIMEOUT_GRACE_MS) =>
    activate(journey, { state: waiting, facts: facts(overrides), now })

  test('the timeout is taken, and the next wait counts from the deadline', () => {
    const { state, path } = fire({})
    expect(path[0]).toMatchObject({ outcome: 'passed', path: 'timeout', why: 'timeout' })
    expect(state).toMatchObject({ step: 4, dueAt: DEADLINE + DAY })
  })

  test('an event in time that nobody told us about still decides', () => {
    expect(fire({ events: [event('Order placed', DEADLINE)] }).state.step).toBe(2)
  })

  test('an event after the deadline does not', () => {
    const { path } = fire({ events: [event('Order placed', DEADLINE + 1)] })
    expect(path[0]?.path).toBe('timeout')
  })

  test('a click in time decides, one by a machine or after the deadline does not', () => {
    const click = { email: 'hello', did: 'clicked', machine: false, at: DEADLINE } as const
    expect(fire({ messages: [click] }).state.step).toBe(3)
    expect(fire({ messages: [{ ...click, machine: true }] }).path[0]?.path).toBe('timeout')
    expect(fire({ messages: [{ ...click, at: DEADLINE + 1 }] }).path[0]?.path).toBe('timeout')
  })
})

test('the entry event does not meet a wait for the same event', () => {
  const entry = event('Order placed', NOW)
  const { state } = activate(journey, { facts: facts({ entry, events: [entry] }) })
  expect(state.isWaiting).toBe(true)
})

test('each cart waits for its own checkout', () => {
  const when = {
    event: 'Checkout',
    within: 'since-entry',
    where: { property: 'cartId', is: 'equals', value: { entry: 'cartId' } },
  } as const
  const carts = plan([waitUntil(1, [{ id: 'bought', when, next: null }], 'PT1H', 2), email(2, null)])
  const heard = (cartId: string) =>
    activate(carts, {
      state: enrolled({ isWaiting: true, dueAt: NOW + 3_600_000 + TIMEOUT_GRACE_MS }),
      facts: facts({
        contact: contact(),
        entry: event('Cart started', NOW, { cartId: 'c1' }),
        event: event('Checkout', NOW + 1, { cartId }),
      }),
      input: change,
      now: NOW + 1,
    }).state.status
  expect(heard('c1')).toBe('completed')
  expect(heard('c2')).toBe('active')
})
