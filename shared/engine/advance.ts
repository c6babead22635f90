/**
 * One activation of one person: from wake-up to the next step that blocks, or to the end. Pure: the same arguments give the same
 * answer in the live engine, in the simulator and in the tests. It reads no clock and no randomness and writes nothing.
 */
import { assertNever } from '../assert-never.ts'
import { evaluate, evaluateAsOf } from '../condition/evaluate.ts'
import type { Facts, Seen } from '../condition/facts.ts'
import { mayMail } from '../contact/mailable.ts'
import { patched } from '../contact/patch.ts'
import type { StepNo } from '../ids.ts'
import type { Instant } from '../time/instant.ts'
import { zoneOf } from '../time/zone-of.ts'
import { addDuration } from '../time/zones.ts'
import type { PlanPath, PlanStep } from '../workflow/plan.ts'
import { leaving } from './leave.ts'
import type { ReadyPlan } from './ready-plan.ts'
import { armAt, placeOf } from './split.ts'
import {
  type Advanced,
  type AdvanceInput,
  type Effect,
  type EnrollmentState,
  LATENESS_ABSORBED_MS,
  LONGEST_CHAIN,
  MAX_STEPS_PER_ACTIVATION,
  type PathEntry,
  TIMEOUT_GRACE_MS,
} from './types.ts'
import { patchOf } from './update.ts'
import { endOfWait } from './wait-rule.ts'

export { type ReadyPlan, readyPlan } from './ready-plan.ts'

/**
 * Take one enrollment from its wake-up to its next blocking step. Every activation that does something raises `seq` by 1; one that does
 * nothing (ended, not due yet, a change that hits no condition) answers the very same state: see `changesNothing`.
 */
export function advance(ready: ReadyPlan, given: AdvanceInput): Advanced {
  const { state, input } = given
  if (state.status !== 'active' && state.status !== 'paused') return nothing(state)
  const walk = new Walk(ready, given)
  if (input.kind === 'exit') return walk.end('exited', state.step, input.reason)
  // A timer that came too early is nobody's; a paused person wakes up for nothing but an exit.
  if (input.kind === 'timer' && (state.status === 'paused' || state.dueAt === null || given.now < state.dueAt)) {
    return nothing(state)
  }
  const { now, facts } = given
  const leave = leaving(ready.plan.settings, facts, { now, enteredAt: state.enteredAt, zone: () => walk.zone() })
  if (leave !== null) return walk.end('exited', state.step, leave.reason, leave.seen)
  if (input.kind === 'change') return state.status === 'active' ? walk.changed() : nothing(state)
  return state.isWaiting ? walk.woken() : walk.from(state.step)
}

/** Whether an activation did nothing, so that the driver need not write anything. */
export function changesNothing(before: EnrollmentState, { state }: Advanced): boolean {
  return state === before
}

const NO_EFFECTS: readonly Effect[] = []
const NO_PATH: readonly PathEntry[] = []
const nothing = (state: EnrollmentState): Advanced => ({ state, effects: NO_EFFECTS, path: NO_PATH })

/** What one step decided: go on to `next` (null: completed), or the activation is over. */
type Decision = { next: StepNo | null } | Advanced

class Walk {
  readonly #ready: ReadyPlan
  readonly #given: AdvanceInput
  readonly #path: PathEntry[] = []
  readonly #effects: Effect[] = []
  #mails = 0
  /** As given, and as the steps of this activation have left them. */
  #facts: Facts
  #zone: string | null = null
  /** When the person was meant to be here: relative waits are counted from it, lateness is judged by it. */
  #intendedAt: Instant

  constructor(ready: ReadyPlan, given: AdvanceInput) {
    this.#ready = ready
    this.#given = given
    this.#facts = given.facts
    // A change acts when it comes; a timer when it was due.
    this.#intendedAt = given.input.kind === 'timer' ? (given.state.dueAt ?? given.now) : given.now
  }

  zone(): string {
    const { workspaceZone } = this.#given
    this.#zone ??= zoneOf({
      contact: this.#facts.contact.timezone,
      workflow: this.#ready.plan.settings.timezone,
      workspace: workspaceZone,
    }).zone
    return this.#zone
  }

  /** A timer fired where the person waits. */
  woken(): Advanced {
    const { state } = this.#given
    const step = this.#ready.steps.get(state.step)
    if (step?.kind === 'wait') {
      this.#note(step.no, 'passed', 'time-reached')
      return this.from(step.next)
    }
    if (step?.kind === 'wait-until') return this.#timeOut(step)
    return this.from(state.step)
  }

  /** Something about the contact changed: only a wait-until listens. */
  changed(): Advanced {
    const { state, facts } = this.#given
    const step = this.#ready.steps.get(state.step)
    if (!state.isWaiting || step?.kind !== 'wait-until' || state.dueAt === null) return nothing(state)
    const seen: Seen[] = []
    // As of the deadline: an event at the deadline wins, one after it loses.
    const deadline = state.dueAt - TIMEOUT_GRACE_MS
    const path = step.paths.find(({ when }) => evaluateAsOf(when, facts, Math.min(deadline, this.#heardAt()), seen))
    return path === undefined ? nothing(state) : this.#take(step.no, path, 'condition-met', seen)
  }

  /** Execute `first` and what follows until something blocks. */
  from(first: StepNo | null): Advanced {
    const { state, facts } = this.#given
    if ((facts.entry?.chain ?? 0) > LONGEST_CHAIN) return this.#fail(state.step, 'chain')
    let next = first
    for (let walked = 0; next !== null; walked++) {
      // Nothing of a walk in circles may take effect: neither its mails nor its steps.
      if (walked >= MAX_STEPS_PER_ACTIVATION) return this.#fail(state.step, 'loop')
      const step = this.#ready.steps.get(next)
      if (step === undefined) return this.#fail(state.step, 'missing-step')
      const decision = this.#execute(step)
      if ('state' in decision) return decision
      next = decision.next
    }
    return this.end('completed', this.#path.at(-1)?.step ?? state.step, 'end')
  }

  /** The enrollment is over at `step`. */
  end(outcome: 'exited' | 'completed', step: StepNo, why: string, seen?: Seen[]): Advanced {
    this.#note(step, outcome, why, seen)
    const { state, now } = this.#given
    const arrivedAt = step === state.step ? state.arrivedAt : now
    return this.#settle({ ...state, status: outcome, step, isWaiting: false, dueAt: null, arrivedAt })
  }

  #execute(step: PlanStep): Decision {
    switch (step.kind) {
      case 'send-email':
        return this.#send(step)
      case 'wait':
        return this.#wait(step)
      case 'wait-until':
        return this.#waitUntil(step)
      case 'branch':
        return this.#branch(step)
      case 'split':
        return this.#split(step)
      case 'update-contact':
        return this.#update(step)
      case 'exit':
        return this.end('exited', step.no, step.reason === '' ? 'exit-step' : step.reason)
      default:
        return assertNever(step)
    }
  }

  #send(step: Extract<PlanStep, { kind: 'send-email' }>): Decision {
    const { now, input } = this.#given
    const { messageClass, maxLateness } = this.#ready.plan.settings
    const mailable = mayMail(this.#facts.contact, messageClass)
    const expiresAt = addDuration(this.#intendedAt, maxLateness, this.zone())
    if (!mailable.ok) this.#note(step.no, 'skipped', mailable.reason)
    else if (input.kind === 'timer' && input.skipsMail === true) this.#note(step.no, 'skipped', 'missed-in-pause')
    else if (now > expiresAt) this.#note(step.no, 'skipped', 'late')
    else {
      this.#note(step.no, 'passed', 'queued')
      this.#effects.push({ kind: 'send', step: step.no, email: step.email, k: this.#mails, expiresAt })
      this.#mails += 1
    }
    return { next: step.next }
  }

  #wait(step: Extract<PlanStep, { kind: 'wait' }>): Decision {
    const { now } = this.#given
    const end = endOfWait(step.rule, { base: this.#base(), now, zone: this.zone(), contact: this.#facts.contact })
    if (end.kind === 'until') return this.#block(step.no, end.at, end.at)
    if (end.kind === 'exit') return this.end('exited', step.no, end.why)
    this.#note(step.no, 'passed', end.why)
    return { next: step.next }
  }

  #waitUntil(step: Extract<PlanStep, { kind: 'wait-until' }>): Decision {
    const { now } = this.#given
    const seen: Seen[] = []
    const path = step.paths.find(({ when }) => evaluate(when, this.#facts, now, seen))
    if (path !== undefined) return this.#passBy(step.no, path, 'already-met', seen)
    const deadline = addDuration(this.#base(), step.timeout.after, this.zone())
    return this.#block(step.no, deadline, deadline + TIMEOUT_GRACE_MS, seen)
  }

  /** The deadline of a wait-until is over: what happened by then decides. */
  #timeOut(step: Extract<PlanStep, { kind: 'wait-until' }>): Advanced {
    const { facts, state, now } = this.#given
    const deadline = (state.dueAt ?? now) - TIMEOUT_GRACE_MS
    this.#intendedAt = deadline
    const seen: Seen[] = []
    const path = step.paths.find(({ when }) => evaluateAsOf(when, facts, deadline, seen))
    if (path !== undefined) return this.#take(step.no, path, 'condition-met', seen)
    this.#path.push({ step: step.no, at: now, outcome: 'passed', path: 'timeout', why: 'timeout', seen })
    return this.from(step.timeout.next)
  }

  #branch(step: Extract<PlanStep, { kind: 'branch' }>): Decision {
    const { now } = this.#given
    const seen: Seen[] = []
    const path = step.paths.find(({ when }) => evaluate(when, this.#facts, now, seen))
    if (path !== undefined) return this.#passBy(step.no, path, 'condition-met', seen)
    this.#path.push({ step: step.no, at: now, outcome: 'passed', path: 'otherwise', why: 'otherwise', seen })
    return { next: step.otherwise }
  }

  #split(step: Extract<PlanStep, { kind: 'split' }>): Decision {
    const { state, now } = this.#given
    const arm = armAt(step.arms, placeOf(this.#ready.salt, step.id, state.contactId))
    if (arm === null) throw new RangeError(`the split ${JSON.stringify(step.id)} has no arm with a weight`)
    this.#path.push({ step: step.no, at: now, outcome: 'passed', path: arm.id, why: 'split' })
    return { next: arm.next }
  }

  /** What it writes is seen by the steps after it, and by the rules for leaving: they may have come true. */
  #update(step: Extract<PlanStep, { kind: 'update-contact' }>): Decision {
    const { now, state } = this.#given
    const { patch, seen } = patchOf(step, this.#facts)
    this.#note(step.no, 'passed', 'updated', seen)
    this.#effects.push({ kind: 'update', step: step.no, patch })
    this.#facts = { ...this.#facts, contact: patched(this.#facts.contact, patch) }
    this.#zone = null
    const at = { now, enteredAt: state.enteredAt, zone: () => this.zone() }
    const leave = leaving(this.#ready.plan.settings, this.#facts, at)
    if (leave === null) return { next: step.next }
    return this.end('exited', step.no, leave.reason, leave.seen)
  }

  #passBy(step: StepNo, path: PlanPath, why: string, seen: Seen[]): { next: StepNo | null } {
    this.#path.push({ step, at: this.#given.now, outcome: 'passed', path: path.id, why, seen })
    return { next: path.next }
  }

  #take(step: StepNo, path: PlanPath, why: string, seen: Seen[]): Advanced {
    return this.from(this.#passBy(step, path, why, seen).next)
  }

  /** Stay at this step until `dueAt`; `until` is what the person is told. */
  #block(step: StepNo, until: Instant, dueAt: Instant, seen?: Seen[]): Advanced {
    const { state, now } = this.#given
    const entry: PathEntry = { step, at: now, outcome: 'arrived', why: 'waiting', until }
    this.#path.push(seen === undefined || seen.length === 0 ? entry : { ...entry, seen })
    return this.#settle({ ...state, step, isWaiting: true, dueAt, arrivedAt: now })
  }

  #fail(step: StepNo, why: 'loop' | 'missing-step' | 'chain'): Advanced {
    const { state, now } = this.#given
    return {
      state: { ...state, status: 'failed', isWaiting: false, dueAt: null, seq: state.seq + 1 },
      effects: NO_EFFECTS,
      path: [{ step, at: now, outcome: 'failed', why }],
    }
  }

  #settle(state: EnrollmentState): Advanced {
    return { state: { ...state, seq: state.seq + 1 }, effects: this.#effects, path: this.#path }
  }

  #note(step: StepNo, outcome: PathEntry['outcome'], why: string, seen?: Seen[]): void {
    const entry: PathEntry = { step, at: this.#given.now, outcome, why }
    this.#path.push(seen === undefined ? entry : { ...entry, seen })
  }

  /** A short outage must not shift a long sequence; after a long one the waits begin anew, so that they do not fire back to back. */
  #base(): Instant {
    const { now } = this.#given
    return now - this.#intendedAt < LATENESS_ABSORBED_MS ? this.#intendedAt : now
  }

  /** What is known by now, and an event whose sender's clock runs ahead of ours. */
  #heardAt(): Instant {
    const { facts, now } = this.#given
    return Math.max(now, facts.event?.occurredAt ?? now)
  }
}
