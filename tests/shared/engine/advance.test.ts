import { describe, expect, test } from 'vitest'
import { changesNothing } from '../../../shared/engine/advance.ts'
import { HOUR_MS, MINUTE_MS } from '../../../shared/time/instant.ts'
import {
  activate,
  branch,
  contact,
  duration,
  email,
  enrolled,
  event,
  exit,
  facts,
  NOW,
  no,
  plan,
  wait,
} from '../../support/engine.ts'

const DAY = 86_400_000
const PRO = { attribute: 'plan', is: 'equals', value: 'pro' } as const

describe('send-email', () => {
  test('queues one message and moves on', () => {
    const { state, effects, path } = activate(plan([email(1, 2), wait(2, 'P2D', null)]))
    expect(effects).toEqual([{ kind: 'send', step: 1, email: 'hello', k: 0, expiresAt: NOW + 2 * DAY }])
    expect(path.map(({ step, outcome, why }) => [step, outcome, why])).toEqual([
      [1, 'passed', 'queued'],
      [2, 'arrived', 'waiting'],
    ])
    expect(state).toMatchObject({ status: 'active', step: 2, isWaiting: true, dueAt: NOW + 2 * DAY, seq: 1 })
  })

  test('numbers the messages of one activation', () => {
    const { effects, state } = activate(plan([email(1, 2, 'a'), email(2, 3, 'b'), email(3, null, 'c')]))
    const sends = effects.filter((effect) => effect.kind === 'send')
    expect(sends.map(({ email, k }) => [email, k])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
    ])
    expect(state).toMatchObject({ status: 'completed', step: 3, dueAt: null })
  })

  test.each([
    ['no-consent', contact({ consent: {} })],
    ['no-consent', contact({ consent: { marketing: 'withdrawn' } })],
    ['suppressed', contact({ suppression: 'global' })],
    ['suppressed', contact({ suppression: 'hard' })],
    ['no-address', contact({ email: null })],
  ])('sends nothing to a contact we may not mail (%s), who still moves on', (why, contact) => {
    const { state, effects, path } = activate(plan([email(1, 2), wait(2, 'P2D', null)]), { facts: facts({ contact }) })
    expect(effects).toEqual([])
    expect(path[0]).toMatchObject({ step: 1, outcome: 'skipped', why })
    expect(state.step).toBe(2)
  })

  test('sends transactional mail without consent, but never to a hard-suppressed address', () => {
    const receipt = plan([email(1, null)], { messageClass: 'transactional' })
    const of = (overrides: Parameters<typeof contact>[0]) =>
      activate(receipt, { facts: facts({ contact: contact(overrides) }) }).effects.length
    expect(of({ consent: {}, suppression: 'global' })).toBe(1)
    expect(of({ suppression: 'hard' })).toBe(0)
  })

  test('skips what is later than allowed, counted from when the person was due', () => {
    const late = plan([wait(1, 'P1D', 2), email(2, null)], { maxLateness: duration('PT3H') })
    const waiting = enrolled({ isWaiting: true, dueAt: NOW })
    expect(activate(late, { state: waiting, now: NOW + 3 * HOUR_MS }).effects).toHaveLength(1)
    const { effects, path, state } = activate(late, { state: waiting, now: NOW + 3 * HOUR_MS + 1 })
    expect(effects).toEqual([])
    expect(path.map(({ outcome, why }) => `${outcome} ${why}`)).toEqual([
      'passed time-reached',
      'skipped late',
      'completed end',
    ])
    expect(state.status).toBe('completed')
  })
})

describe('wait', () => {
  const twoWaits = plan([wait(1, 'P1D', 2), wait(2, 'P1D', null)])
  const waiting = enrolled({ isWaiting: true, dueAt: NOW })

  test('counts the next wait from when it was due, so that a short outage shifts nothing', () => {
    const { state } = activate(twoWaits, { state: waiting, now: NOW + 59 * MINUTE_MS })
    expect(state).toMatchObject({ step: 2, dueAt: NOW + DAY, arrivedAt: NOW + 59 * MINUTE_MS })
  })

  test('counts it from now after a long outage, so that two waits do not fire back to back', () => {
    const { state } = activate(twoWaits, { state: waiting, now: NOW + HOUR_MS })
    expect(state.dueAt).toBe(NOW + HOUR_MS + DAY)
  })

  test('keeps the wall time of the person over a change of the clocks', () => {
    const noon = Date.UTC(2026, 2, 7, 17) // 12:00 in New York, the day before the gap
    const state = enrolled({ dueAt: noon })
    const inNewYork = facts({ contact: contact({ timezone: 'America/New_York' }) })
    const due = (rule: string) =>
      activate(plan([wait(1, rule, null)]), { state, facts: inNewYork, now: noon }).state.dueAt
    expect(due('P1D')).toBe(Date.UTC(2026, 2, 8, 16))
    expect(due('PT24H')).toBe(Date.UTC(2026, 2, 8, 17))
  })

  test("uses the person's zone, else the workflow's, else the workspace's", () => {
    const at = { kind: 'at', local: '2026-12-24T09:00:00' } as const
    const due = (timezone: string | null, workflowZone: string | null) =>
      activate(plan([wait(1, at, null)], { timezone: workflowZone }), {
        facts: facts({ contact: contact({ timezone }) }),
        workspaceZone: 'Europe/Paris',
      }).state.dueAt
    expect(due('Asia/Ho_Chi_Minh', 'Asia/Tokyo')).toBe(Date.UTC(2026, 11, 24, 2))
    expect(due(null, 'Asia/Tokyo')).toBe(Date.UTC(2026, 11, 24, 0))
    expect(due('Mars/Olympus', null)).toBe(Date.UTC(2026, 11, 24, 8))
  })

  test('for a time of day waits for the next one, from nine sharp until tomorrow', () => {
    const nine = { kind: 'time', minuteOfDay: 9 * 60, days: [], after: null } as const
    expect(activate(plan([wait(1, nine, null)])).state.dueAt).toBe(NOW + DAY)
    const monday = { ...nine, days: [1], after: duration('P3D') } // NOW is a Friday: Monday is at its floor
    expect(activate(plan([wait(1, monday, null)])).state.dueAt).toBe(NOW + 3 * DAY)
  })

  test('lets people pass at once when a fixed moment is over', () => {
    const past = { kind: 'at', local: '2025-12-24T09:00:00' } as const
    const { state, path } = activate(plan([wait(1, past, null)]))
    expect(path[0]).toMatchObject({ outcome: 'passed', why: 'date-past' })
    expect(state.status).toBe('completed')
  })

  describe('on an attribute', () => {
    const rule = { kind: 'attribute', attribute: 'renewal_on', offset: duration('P7D'), sign: -1 } as const
    const run = (renewal_on: string | null, ifPast: 'continue' | 'exit') =>
      activate(plan([wait(1, { ...rule, ifPast }, null)]), {
        facts: facts({ contact: contact({ attributes: { renewal_on } }) }),
      })

    test('ends that long before the date', () => {
      expect(run('2026-12-24', 'continue').state.dueAt).toBe(Date.UTC(2026, 11, 17))
    })
    test.each([
      ['2026-11-22', 'continue', 'completed', 'date-past'],
      ['2026-11-22', 'exit', 'exited', 'date-past'],
      [null, 'continue', 'completed', 'date-missing'],
      ['soon', 'exit', 'exited', 'date-missing'],
    ] as const)('%j with ifPast %s: %s, %s', (date, ifPast, status, why) => {
      const { state, path } = run(date, ifPast)
      expect(state.status).toBe(status)
      expect(path[0]?.why).toBe(why)
    })
  })
})

describe('branch', () => {
  const fork = plan([
    branch(
      1,
      [
        { id: 'pro', when: PRO, next: 2 },
        { id: 'any', when: { tag: 'beta' }, next: 3 },
      ],
      null,
    ),
    exit(2, 'pro'),
    exit(3, 'beta'),
  ])

  test('takes the first path that holds', () => {
    const both = facts({ contact: contact({ attributes: { plan: 'pro' }, tags: ['beta'] }) })
    const { state, path } = activate(fork, { facts: both })
    expect(state).toMatchObject({ status: 'exited', step: 2 })
    expect(path[0]).toMatchObject({ path: 'pro', why: 'condition-met' })
    expect(path[1]).toMatchObject({ outcome: 'exited', why: 'pro' })
  })

  test('else the other way, and says what it saw', () => {
    const { path } = activate(fork, { facts: facts({ contact: contact({ attributes: { plan: 'free' } }) }) })
    expect(path[0]).toMatchObject({
      path: 'otherwise',
      why: 'otherwise',
      seen: [
        { what: 'attribute:plan', value: 'free', holds: false },
        { what: 'tag:beta', value: false, holds: false },
      ],
    })
  })
})

describe('exit rule and goal', () => {
  const ordered = { event: 'Order placed', within: 'since-entry' } as const
  const waiting = enrolled({ isWaiting: true, dueAt: NOW + DAY, seq: 1 })
  const steps = [wait(1, 'P1D', 2), email(2, null)]

  test.each([
    ['exit-rule', { exitWhen: ordered }],
    ['goal', { goal: { when: ordered, within: null } }],
  ] as const)('%s: takes a person out of a long wait at once', (reason, settings) => {
    const order = event('Order placed', NOW + HOUR_MS)
    const { state, path } = activate(plan(steps, settings), {
      state: waiting,
      facts: facts({ event: order }),
      input: { kind: 'change' },
      now: NOW + HOUR_MS,
    })
    expect(state).toMatchObject({ status: 'exited', step: 1, dueAt: null, seq: 2 })
    expect(path).toEqual([expect.objectContaining({ step: 1, outcome: 'exited', why: reason })])
  })

  test('is tested before the email of a due person', () => {
    const { state, effects } = activate(plan([email(1, null)], { exitWhen: { tag: 'customer' } }), {
      facts: facts({ contact: contact({ tags: ['customer'] }) }),
    })
    expect(effects).toEqual([])
    expect(state.status).toBe('exited')
  })

  test('a goal counts only as long as it says, from entry', () => {
    const goal = { goal: { when: ordered, within: duration('P5D') } }
    const afterEntry = (ms: number) =>
      activate(plan(steps, goal), {
        state: waiting,
        facts: facts({ event: event('Order placed', NOW + ms) }),
        input: { kind: 'change' },
        now: NOW + ms,
      })
    expect(afterEntry(5 * DAY).state.status).toBe('exited')
    expect(changesNothing(waiting, afterEntry(5 * DAY + 1))).toBe(true)
  })
})

describe('leaving, ending, failing', () => {
  test('exit input: leaves whatever the step, with its reason', () => {
    const state = enrolled({ isWaiting: true, dueAt: NOW + DAY, seq: 4 })
    const { state: after, path } = activate(plan([wait(1, 'P1D', null)]), {
      state,
      input: { kind: 'exit', reason: 'manual' },
    })
    expect(after).toMatchObject({ status: 'exited', dueAt: null, seq: 5 })
    expect(path).toEqual([{ step: 1, at: NOW, outcome: 'exited', why: 'manual' }])
  })

  test('a circle without a wait fails visibly, and nothing of it takes effect', () => {
    const { state, effects, path } = activate(plan([email(1, 2), email(2, 1)]))
    expect(state).toMatchObject({ status: 'failed', dueAt: null, seq: 1 })
    expect(effects).toEqual([])
    expect(path).toEqual([{ step: 1, at: NOW, outcome: 'failed', why: 'loop' }])
  })

  test('a step missing from the plan fails visibly', () => {
    const { state, path } = activate(plan([email(1, 9)]))
    expect(state.status).toBe('failed')
    expect(path.at(-1)?.why).toBe('missing-step')
  })

  test('ended people never move again', () => {
    for (const status of ['completed', 'exited', 'failed'] as const) {
      const state = enrolled({ status, dueAt: null })
      const after = activate(plan([email(1, null)]), { state, input: { kind: 'exit', reason: 'manual' } })
      expect(changesNothing(state, after)).toBe(true)
    }
  })

  test('a paused person leaves by rule or by hand, and otherwise stays', () => {
    const state = enrolled({ status: 'paused', isWaiting: true, dueAt: NOW })
    const of = plan([wait(1, 'P1D', null)], { exitWhen: { tag: 'gone' } })
    expect(changesNothing(state, activate(of, { state }))).toBe(true)
    expect(changesNothing(state, activate(of, { state, input: { kind: 'change' } }))).toBe(true)
    const gone = facts({ contact: contact({ tags: ['gone'] }) })
    expect(activate(of, { state, facts: gone, input: { kind: 'change' } }).state.status).toBe('exited')
  })

  test('a timer that comes too early changes nothing', () => {
    const state = enrolled({ isWaiting: true, dueAt: NOW + 1, step: no(1) })
    expect(changesNothing(state, activate(plan([wait(1, 'P1D', null)]), { state }))).toBe(true)
  })
})
