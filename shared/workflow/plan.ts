/**
 * The plan: a published version compiled for the engine. Frozen JSON; the engine never sees a document.
 * Step numbers index `steps` through `byNo`; they are stable per workflow and never reused, so rows outlive edits.
 */
import type { Condition } from '../condition/schema.ts'
import type { StepId, StepNo } from '../ids.ts'
import type { Concurrency, MessageClass, Reentry } from './document.ts'

/** A duration split into what depends on the calendar and what does not: `P1M2DT3H`. Years are months, weeks are days. */
export type CalendarDuration = { months: number; days: number; ms: number }

export type WaitRule =
  | { kind: 'for'; duration: CalendarDuration }
  /** Local wall time `2026-12-24T09:00:00` in the contact's zone. */
  | { kind: 'at'; local: string }
  /** Next local time of day (minutes after midnight) on one of `days` (1 = Monday … 7 = Sunday; empty: any), not before `after`. */
  | { kind: 'time'; minuteOfDay: number; days: readonly number[]; after: CalendarDuration | null }
  | { kind: 'attribute'; attribute: string; offset: CalendarDuration; sign: 1 | -1; ifPast: 'continue' | 'exit' }

/** A share of the people: `weight` of the sum of all weights. Their order is the order of the slices. */
export type PlanArm = { id: string; label: string; weight: number; next: StepNo | null }

/** A value to write: as it stands, null to delete, or a property of the entry event. */
export type PlanValue = string | number | boolean | null | { entry: string }

export type PlanPath = { id: string; label: string; when: Condition; next: StepNo | null }

type Common = { no: StepNo; id: StepId; title: string }
export type PlanStep =
  | (Common & { kind: 'send-email'; email: string; next: StepNo | null })
  | (Common & { kind: 'wait'; rule: WaitRule; next: StepNo | null })
  | (Common & {
      kind: 'wait-until'
      paths: readonly PlanPath[]
      timeout: { after: CalendarDuration; next: StepNo | null }
    })
  | (Common & { kind: 'branch'; paths: readonly PlanPath[]; otherwise: StepNo | null })
  | (Common & { kind: 'split'; arms: readonly PlanArm[] })
  | (Common & {
      kind: 'update-contact'
      set: readonly { key: string; value: PlanValue }[]
      addTags: readonly string[]
      removeTags: readonly string[]
      next: StepNo | null
    })
  | (Common & { kind: 'exit'; reason: string })

export type PlanTrigger =
  | { kind: 'event'; id: string; event: string; where: Condition | null }
  | { kind: 'manual'; id: string }
  | { kind: 'contact-created'; id: string }
  | { kind: 'tag-added'; id: string; tag: string }

/** What a plan reads, so that a change is tested only where it can matter. */
export type Dependencies = {
  /** Names of events in exit, goal, wait-until, branch and audience conditions. */
  events: readonly string[]
  attributes: readonly string[]
  tags: readonly string[]
  topics: readonly string[]
  /** Email keys whose opens and clicks conditions ask about. */
  messages: readonly string[]
}

export type PlanSettings = {
  messageClass: MessageClass
  /** IANA name, or null: the workspace's. */
  timezone: string | null
  reentry: Reentry
  /** `reentry.every` in ms-free form, when given. */
  reentryEvery: CalendarDuration | null
  concurrency: Concurrency
  audience: Condition | null
  exitWhen: Condition | null
  goal: { when: Condition; within: CalendarDuration | null } | null
  maxLateness: CalendarDuration
}

export type Plan = {
  format: 'perennial.plan/1'
  settings: PlanSettings
  triggers: readonly PlanTrigger[]
  start: StepNo
  /** Sparse by step number: `steps` in any order, looked up through a Map built once per cached plan. */
  steps: readonly PlanStep[]
  /** For exits and goals: tested on every change of a live enrollment. */
  exitDependencies: Dependencies
  /** Everything any step or setting reads. */
  dependencies: Dependencies
}
