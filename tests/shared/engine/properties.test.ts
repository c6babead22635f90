import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Facts } from '../../../shared/condition/facts.ts'
import { advance, changesNothing, readyPlan } from '../../../shared/engine/advance.ts'
import type { AdvanceInput, EnrollmentState, Input } from '../../../shared/engine/types.ts'
import { why } from '../../../shared/locales/en/why.ts'
import type { Plan } from '../../../shared/workflow/plan.ts'
import {
  branch,
  type Changes,
  contact,
  email,
  enrolled,
  event,
  exit,
  facts,
  NOW,
  no,
  plan,
  split,
  update,
  wait,
  waitUntil,
} from '../../support/engine.ts'

const STEPS = 6
/** 7 is missing from every plan. */
const next = fc.option(fc.integer({ min: 1, max: STEPS + 1 }), { freq: 4 })
const condition = fc.constantFrom(
  { tag: 'vip' },
  { not: { tag: 'vip' } },
  { event: 'A' },
  { event: 'B', within: 'P2D' },
  { event: 'A', within: 'since-entry' },
  { attribute: 'n', is: 'greater-than', value: 3 } as const,
  { message: 'hello', did: 'opened' } as const,
)
const ways = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), when: condition, next }), {
  minLength: 1,
  maxLength: 3,
})
const rule = fc.oneof(
  fc.constantFrom('PT2S', 'PT30M', 'P1D', 'P1M', 'P10Y'),
  fc.constantFrom(
    { kind: 'at', local: '2026-12-24T09:00:00' } as const,
    { kind: 'at', local: '2020-01-01T00:00' } as const,
  ),
  fc.record({
    kind: fc.constant('time' as const),
    minuteOfDay: fc.integer({ min: 0, max: 1_439 }),
    days: fc.subarray([1, 2, 3, 4, 5, 6, 7]),
    after: fc.constant(null),
  }),
)
const stepNo = (n: number) =>
  fc.oneof(
    next.map((to) => email(n, to)),
    fc.tuple(rule, next).map(([rule, to]) => wait(n, rule, to)),
    fc.tuple(ways, next).map(([ways, to]) => waitUntil(n, ways, 'P3D', to)),
    fc.tuple(ways, next).map(([ways, to]) => branch(n, ways, to)),
    fc.tuple(fc.nat(3), next, next).map(([weight, a, b]) =>
      split(n, [
        { id: 'a', weight, next: a },
        { id: 'b', weight: 1, next: b },
      ]),
    ),
    fc
      .tuple(
        fc.constantFrom<Changes>({ addTags: ['vip'] }, { removeTags: ['vip'] }, { set: [{ key: 'n', value: 5 }] }),
        next,
      )
      .map(([changes, to]) => update(n, changes, to)),
    fc.constant(exit(n, 'bye')),
  )
const anyPlan: fc.Arbitrary<Plan> = fc
  .tuple(
    fc.tuple(...Array.from({ length: STEPS }, (_, index) => stepNo(index + 1))),
    fc.option(condition),
    fc.option(condition),
  )
  .map(([steps, exitWhen, goal]) =>
    plan(steps, { exitWhen, goal: goal === null ? null : { when: goal, within: null } }),
  )

type Moment = { afterMs: number; input: Input; facts: Facts }
const moment: fc.Arbitrary<Moment> = fc.record({
  afterMs: fc.oneof(fc.nat(5_000), fc.nat(40 * 86_400_000)),
  input: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Input>({ kind: 'timer' }) },
    { weight: 3, arbitrary: fc.constant<Input>({ kind: 'change' }) },
    { weight: 1, arbitrary: fc.constant<Input>({ kind: 'exit', reason: 'manual' }) },
  ),
  facts: fc
    .record({
      zone: fc.constantFrom(null, 'America/New_York', 'Pacific/Apia', 'nowhere'),
      tags: fc.subarray(['vip']),
      n: fc.oneof(fc.nat(6), fc.constant('4'), fc.constant(null)),
      at: fc.option(fc.nat(10 * 86_400_000)),
      name: fc.constantFrom('A', 'B', 'C'),
    })
    .map(({ zone, tags, n, at, name }) =>
      facts({
        contact: contact({ timezone: zone, tags, attributes: { n } }),
        event: at === null ? null : event(name, NOW + at),
      }),
    ),
})

/** Run a whole life: wake up at `dueAt` or by what happens, until the moments are used up. */
function live(of: Plan, moments: readonly Moment[], visit: (before: EnrollmentState, input: AdvanceInput) => void) {
  const ready = readyPlan(of)
  let state = enrolled()
  let now = NOW
  for (const { afterMs, input, facts } of moments) {
    now = input.kind === 'timer' ? Math.max(now, state.dueAt ?? now) + (afterMs % 3_000_000) : now + afterMs
    const given = { state, facts, input, now, workspaceZone: 'Europe/Paris' }
    visit(state, given)
    state = advance(ready, given).state
  }
}

const lives = fc.tuple(anyPlan, fc.array(moment, { minLength: 1, maxLength: 12 }))

describe('whatever the plan and whatever happens', () => {
  test('nobody is stuck: who is active has a time to wake up, who has ended has none', () => {
    fc.assert(
      fc.property(lives, ([of, moments]) =>
        live(of, moments, (_, input) => {
          const { state } = advance(readyPlan(of), input)
          expect(state.dueAt === null).toBe(state.status !== 'active')
          expect(Number.isSafeInteger(state.dueAt ?? 0)).toBe(true)
        }),
      ),
      { numRuns: 500 },
    )
  })

  test('seq rises by exactly one, or nothing happened at all', () => {
    fc.assert(
      fc.property(lives, ([of, moments]) =>
        live(of, moments, (before, input) => {
          const advanced = advance(readyPlan(of), input)
          if (changesNothing(before, advanced)) expect([advanced.path, advanced.effects]).toEqual([[], []])
          else {
            expect(advanced.state.seq).toBe(before.seq + 1)
            expect(advanced.path.length).toBeGreaterThan(0)
          }
        }),
      ),
      { numRuns: 500 },
    )
  })

  test('a due timer always does something', () => {
    fc.assert(
      fc.property(lives, ([of, moments]) =>
        live(of, moments, (before, input) => {
          if (before.status !== 'active' || input.input.kind !== 'timer') return
          expect(changesNothing(before, advance(readyPlan(of), input))).toBe(false)
        }),
      ),
      { numRuns: 300 },
    )
  })

  test('the same arguments give the same answer, and are left as they were', () => {
    fc.assert(
      fc.property(lives, ([of, moments]) =>
        live(of, moments, (_, input) => {
          const kept = structuredClone({ of, input })
          expect(advance(readyPlan(of), input)).toEqual(advance(readyPlan(of), input))
          expect({ of, input }).toEqual(kept)
        }),
      ),
      { numRuns: 200 },
    )
  })

  test('messages are numbered from 0 and belong to steps that were passed; every entry says why', () => {
    fc.assert(
      fc.property(lives, ([of, moments]) =>
        live(of, moments, (_, input) => {
          const { effects, path } = advance(readyPlan(of), input)
          const sends = effects.filter((effect) => effect.kind === 'send')
          expect(sends.map(({ k }) => k)).toEqual(sends.map((_, index) => index))
          const done = path.filter(({ why }) => why === 'queued' || why === 'updated').map(({ step }) => step)
          expect(done).toEqual(effects.map(({ step }) => step))
          for (const entry of path) if (entry.why !== 'bye') expect(Object.keys(why)).toContain(entry.why)
        }),
      ),
      { numRuns: 300 },
    )
  })

  test('who has ended never moves again', () => {
    fc.assert(
      fc.property(anyPlan, moment, fc.constantFrom('completed', 'exited', 'failed'), (of, { facts, input }, status) => {
        const state = enrolled({ status, dueAt: null, step: no(2) })
        const after = advance(readyPlan(of), { state, facts, input, now: NOW, workspaceZone: 'UTC' })
        expect(changesNothing(state, after)).toBe(true)
      }),
    )
  })
})
