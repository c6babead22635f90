/** The values that go into and come out of `advance` (ENGINE.md 1). Nothing here is stored as such; the driver maps it to rows. */
import type { Facts, Seen } from '../condition/facts.ts'
import type { ValuePatch } from '../contact/patch.ts'
import type { ContactId, EnrollmentId, StepNo } from '../ids.ts'
import type { Instant } from '../time/instant.ts'

export type EnrollmentStatus = 'active' | 'paused' | 'completed' | 'exited' | 'failed'

export type EnrollmentState = {
  id: EnrollmentId
  contactId: ContactId
  status: EnrollmentStatus
  /** The step it stands at: where it waits, or where it ended. */
  step: StepNo
  /** False right after enrollment: the step at `step` was not executed yet. True: it waits there. */
  isWaiting: boolean
  /** When it wakes up; null when it has ended. */
  dueAt: Instant | null
  /** When it came to `step`. */
  arrivedAt: Instant
  enteredAt: Instant
  /** Activations so far; fences every write and names every message. */
  seq: number
}

export type Input =
  /**
   * The first activation after enrolling, or a due timer. `skipsMail`: it fell into a pause, and the workflow was resumed without sending
   * what was missed; the mail is skipped, the person goes on.
   */
  | { kind: 'timer'; skipsMail?: true }
  /** Something about the contact changed; `facts.event` is the event, if it was one. */
  | { kind: 'change' }
  /** Leave now, whatever the step. */
  | { kind: 'exit'; reason: string }

/** Why one step did what it did; codes have sentences in the catalogues under `why.<code>`. */
export type PathEntry = {
  step: StepNo
  at: Instant
  /**
   * arrived: blocked here; passed: went on; skipped: a mail was not queued, the person went on (counts as passed).
   * exited/failed: ended here, the only entry of this step in this activation. completed: the workflow ended after this step; it
   * always follows the step's own `passed` or `skipped`.
   */
  outcome: 'arrived' | 'passed' | 'exited' | 'completed' | 'failed' | 'skipped'
  /** Which way it went, for steps with paths (`timeout` and `otherwise` included). */
  path?: string
  why: string
  /** Instant the step waits for, when it blocks. */
  until?: Instant
  seen?: readonly Seen[]
}

export type SendEffect = {
  kind: 'send'
  step: StepNo
  email: string
  /** Position among the mails of this activation: with (enrollment, seq) the message's unique key. */
  k: number
  /** After this instant the message is too late and is skipped. */
  expiresAt: Instant
}
/** Write the contact, in the same transaction. Later steps of this activation have seen it already. */
export type UpdateEffect = { kind: 'update'; step: StepNo; patch: ValuePatch }
export type Effect = SendEffect | UpdateEffect

export type Advanced = {
  state: EnrollmentState
  effects: readonly Effect[]
  path: readonly PathEntry[]
}

export type AdvanceOptions = {
  now: Instant
  /** IANA zone of the workspace, for contacts and workflows without one. */
  workspaceZone: string
}

export type AdvanceInput = { facts: Facts; state: EnrollmentState; input: Input } & AdvanceOptions

/** A loop guard: an activation that walks more steps than this fails visibly. */
export const MAX_STEPS_PER_ACTIVATION = 200
/**
 * Workflows that start each other within an hour, one by the step of another, make a chain. An enrollment that would be longer in it than
 * this fails visibly: two workflows that tag each other's trigger would otherwise go on for ever.
 */
export const LONGEST_CHAIN = 10
export const CHAIN_WITHIN_MS = 3_600_000
/** How long a wait-until timer fires after its deadline, so that an event with the same timestamp wins (ENGINE.md 3.3). */
export const TIMEOUT_GRACE_MS = 2_000
/** A relative wait is counted from when it was due, not from when it ran, up to this lateness (ENGINE.md 1). */
export const LATENESS_ABSORBED_MS = 3_600_000
