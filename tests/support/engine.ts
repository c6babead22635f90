/** Builders for plans, facts and enrollments: plain values with overrides. */
import type { EventFacts, Facts } from '../../shared/condition/facts.ts'
import type { Condition } from '../../shared/condition/schema.ts'
import { advance, readyPlan } from '../../shared/engine/advance.ts'
import type { Advanced, AdvanceInput, EnrollmentState, Input } from '../../shared/engine/types.ts'
import { asStepId, type ContactId, type EnrollmentId, type EventId, type StepNo } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import { durationOf } from '../../shared/time/duration.ts'
import type { CalendarDuration, Plan, PlanSettings, PlanStep, WaitRule } from '../../shared/workflow/plan.ts'

export const NOW = Date.UTC(2026, 10, 20, 9)
export const no = (n: number): StepNo => n as StepNo
const nextNo = (n: number | null): StepNo | null => (n === null ? null : no(n))

export function duration(iso: string): CalendarDuration {
  const parsed = durationOf(iso)
  if (parsed === null) throw new RangeError(`${iso} is no duration`)
  return parsed
}

const common = (n: number) => ({ no: no(n), id: asStepId(`s${n}`), title: `Step ${n}` })
export const email = (n: number, next: number | null, key = 'hello'): PlanStep => ({
  ...common(n),
  kind: 'send-email',
  email: key,
  next: nextNo(next),
})
export const wait = (n: number, rule: WaitRule | string, next: number | null): PlanStep => ({
  ...common(n),
  kind: 'wait',
  rule: typeof rule === 'string' ? { kind: 'for', duration: duration(rule) } : rule,
  next: nextNo(next),
})
export type Way = { id: string; when: Condition; next: number | null }
const paths = (ways: readonly Way[]) => ways.map((way) => ({ ...way, label: way.id, next: nextNo(way.next) }))
export const waitUntil = (n: number, ways: readonly Way[], after: string, next: number | null): PlanStep => ({
  ...common(n),
  kind: 'wait-until',
  paths: paths(ways),
  timeout: { after: duration(after), next: nextNo(next) },
})
export const branch = (n: number, ways: readonly Way[], otherwise: number | null): PlanStep => ({
  ...common(n),
  kind: 'branch',
  paths: paths(ways),
  otherwise: nextNo(otherwise),
})
export const split = (n: number, arms: readonly { id: string; weight: number; next: number | null }[]): PlanStep => ({
  ...common(n),
  kind: 'split',
  arms: arms.map((arm) => ({ ...arm, label: arm.id, next: nextNo(arm.next) })),
})
export type Changes = Partial<Pick<Extract<PlanStep, { kind: 'update-contact' }>, 'set' | 'addTags' | 'removeTags'>>
export const update = (n: number, changes: Changes, next: number | null): PlanStep => ({
  ...common(n),
  kind: 'update-contact',
  set: [],
  addTags: [],
  removeTags: [],
  ...changes,
  next: nextNo(next),
})
export const exit = (n: number, reason: string): PlanStep => ({ ...common(n), kind: 'exit', reason })

const NOTHING = { events: [], attributes: [], tags: [], topics: [], messages: [] }
export function plan(steps: readonly PlanStep[], settings: Partial<PlanSettings> = {}): Plan {
  return {
    format: 'perennial.plan/1',
    settings: {
      messageClass: 'marketing',
      timezone: null,
      reentry: 'once',
      reentryEvery: null,
      concurrency: 'one',
      audience: null,
      exitWhen: null,
      goal: null,
      maxLateness: duration('P2D'),
      ...settings,
    },
    triggers: [{ kind: 'manual', id: 't1' }],
    start: steps[0]?.no ?? no(1),
    steps,
    exitDependencies: NOTHING,
    dependencies: NOTHING,
  }
}

export function contact(overrides: Partial<Facts['contact']> = {}): Facts['contact'] {
  return {
    id: 1 as ContactId,
    email: 'ann@example.com',
    externalId: null,
    timezone: null,
    locale: null,
    createdAt: NOW,
    attributes: {},
    tags: [],
    consent: { marketing: 'granted' },
    suppression: 'none',
    ...overrides,
  }
}

let lastEventId = 0
export function event(name: string, occurredAt: number, properties: JsonObject = {}): EventFacts {
  lastEventId += 1
  return { id: lastEventId as EventId, name, occurredAt, properties }
}

export function facts(overrides: Partial<Facts> = {}): Facts {
  return { contact: contact(), event: null, entry: null, enteredAt: NOW, events: [], messages: [], ...overrides }
}

export function enrolled(overrides: Partial<EnrollmentState> = {}): EnrollmentState {
  return {
    id: 7 as EnrollmentId,
    contactId: 1 as ContactId,
    status: 'active',
    step: no(1),
    isWaiting: false,
    dueAt: NOW,
    arrivedAt: NOW,
    enteredAt: NOW,
    seq: 0,
    ...overrides,
  }
}

/** One activation; a timer unless said otherwise. */
export function activate(
  of: Plan,
  given: { state?: EnrollmentState; facts?: Facts; input?: Input; now?: number; workspaceZone?: string } = {},
): Advanced {
  const input: AdvanceInput = {
    state: given.state ?? enrolled(),
    facts: given.facts ?? facts(),
    input: given.input ?? { kind: 'timer' },
    now: given.now ?? NOW,
    workspaceZone: given.workspaceZone ?? 'UTC',
  }
  return advance(readyPlan(of), input)
}
