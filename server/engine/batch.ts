/** From what `advance` answered to rows: enrollments, log, outbox, counters. Collected for many, written at once. */
import type { ValuePatch } from '../../shared/contact/patch.ts'
import {
  type Advanced,
  CHAIN_WITHIN_MS,
  type EnrollmentState,
  type Input,
  type PathEntry,
  type SendEffect,
} from '../../shared/engine/types.ts'
import type { ContactId, StepNo } from '../../shared/ids.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Plan, PlanStep } from '../../shared/workflow/plan.ts'
import { isStorageFailure } from '../db/errors.ts'
import type { EnrollmentWrite, LiveEnrollment, LogWrite, MessageWrite } from '../db/hot/store.ts'
import type { Moment } from './context.ts'
import { countPassage } from './count-passage.ts'
import { Counters, hourOf } from './counters.ts'
import { entryFacts } from './facts.ts'
import { withdrawMessages } from './withdraw.ts'

/** Somebody else moved the enrollment since it was read: nothing of this batch may be written. */
export class StaleEnrollment extends Error {
  override readonly name = 'StaleEnrollment'
}

export type Step = { enrollment: LiveEnrollment; plan: Plan; stepOf(no: StepNo): PlanStep | undefined; input: Input }

/** A contact that a step has written; what follows from it is done after the batch (react.ts). */
export type ContactUpdate = { contactId: ContactId; patch: ValuePatch; bulk: boolean; chain: number }

export class Batch {
  readonly #moment: Moment
  readonly #enrollments: EnrollmentWrite[] = []
  readonly #log: LogWrite[] = []
  readonly #messages: MessageWrite[] = []
  readonly #left: { enrollment: LiveEnrollment; reason: string }[] = []
  readonly updates: ContactUpdate[] = []
  readonly counters = new Counters()
  parked = 0

  constructor(moment: Moment) {
    this.#moment = moment
  }

  get size(): number {
    return this.#enrollments.length
  }

  /** Answers whether the activation did anything; nothing done, nothing written. */
  add(step: Step, advanced: Advanced): boolean {
    const { enrollment, input } = step
    if (advanced.path.length === 0) return false
    const { now } = this.#moment
    const { state, path } = advanced
    const ended = state.status !== 'active' && state.status !== 'paused'
    const messages = this.#messagesOf(step, advanced)
    this.#messages.push(...messages)
    this.#enrollments.push({
      part: enrollment.part,
      id: enrollment.id,
      expectedSeq: enrollment.seq,
      stepNo: state.step,
      status: state.status,
      isWaiting: state.isWaiting ? 1 : 0,
      dueAt: ended ? null : state.dueAt,
      arrivedAt: state.arrivedAt,
      endedAt: ended ? now : null,
      endReason: ended ? endReason(step, path) : null,
      error: state.status === 'failed' ? (path.at(-1)?.why ?? 'failed') : null,
    })
    this.#writeLog(enrollment, input.kind, path, messages.length)
    this.#noteUpdates(enrollment, advanced)
    countPassage(this.counters, enrollment, state, path, endReason(step, path))
    if (state.status === 'exited' && leftEarly(step, path)) {
      this.#left.push({
        enrollment,
        reason: input.kind === 'exit' && input.reason === 'unsubscribed' ? 'unsubscribed' : 'exited',
      })
    }
    return true
  }

  /** The row that fails alone: parked as failed with its error, everybody else proceeds (ENGINE.md 11). */
  park(enrollment: LiveEnrollment, inputKind: Input['kind'], error: unknown): void {
    const { now } = this.#moment
    const entry: PathEntry = { step: enrollment.stepNo, at: now, outcome: 'failed', why: 'error' }
    const state: EnrollmentState = {
      ...stateOf(enrollment),
      status: 'failed',
      dueAt: null,
    }
    this.#enrollments.push({
      part: enrollment.part,
      id: enrollment.id,
      expectedSeq: enrollment.seq,
      stepNo: enrollment.stepNo,
      status: 'failed',
      isWaiting: enrollment.isWaiting,
      dueAt: null,
      arrivedAt: enrollment.arrivedAt,
      endedAt: now,
      endReason: 'error',
      error: messageOf(error),
    })
    this.#writeLog(enrollment, inputKind, [entry], 0)
    countPassage(this.counters, enrollment, state, [entry], 'error')
    this.parked += 1
  }

  /** Write all of it. @throws StaleEnrollment when one row is not as it was read */
  async write(): Promise<void> {
    if (this.#enrollments.length === 0) return
    const { store, hints } = this.#moment.tx
    const hit = await store.writeActivations({
      enrollments: this.#enrollments,
      log: this.#log,
      messages: this.#messages,
    })
    if (hit !== this.#enrollments.length) {
      throw new StaleEnrollment(
        `${this.#enrollments.length - hit} of ${this.#enrollments.length} enrollments had moved`,
      )
    }
    for (const { enrollment, reason } of this.#left) {
      await withdrawMessages(this.#moment, { kind: 'enrollment', enrollment }, reason)
    }
    this.#moment.counters.merge(this.counters)
    if (this.#messages.some((message) => message.status === 'queued')) hints.messages = true
    hints.due = true
  }

  #writeLog(enrollment: LiveEnrollment, input: Input['kind'], path: readonly PathEntry[], messages: number): void {
    this.#log.push({
      part: enrollment.part,
      contactId: enrollment.contactId,
      enrollmentId: enrollment.id,
      seq: enrollment.seq + 1,
      at: this.#moment.now,
      input,
      path: JSON.stringify(path),
      messages,
    })
  }

  #noteUpdates(enrollment: LiveEnrollment, { effects }: Advanced): void {
    for (const effect of effects) {
      if (effect.kind !== 'update') continue
      const { contactId, bulk } = enrollment
      this.updates.push({ contactId, patch: effect.patch, bulk: bulk === 1, chain: this.#chainAfter(enrollment) })
    }
  }

  /** Workflows that start each other in quick succession are counted; after an hour inside, a person begins a chain anew. */
  #chainAfter({ entryEvent, enteredAt }: LiveEnrollment): number {
    if (this.#moment.now - enteredAt >= CHAIN_WITHIN_MS) return 1
    return (entryFacts(entryEvent)?.chain ?? 0) + 1
  }

  /** Queued mail from the effects; a mail that was decided against leaves a row too, so that every number has its people. */
  #messagesOf(step: Step, { effects, path }: Advanced): MessageWrite[] {
    const sends = effects.filter((effect) => effect.kind === 'send')
    const queued = sends.map((effect) =>
      this.#message(step, effect, arrivalAt(effect.step, step.enrollment, path), null),
    )
    const skipped = path
      .filter((entry) => entry.outcome === 'skipped')
      .flatMap((entry, index) => {
        const planStep = step.stepOf(entry.step)
        if (planStep?.kind !== 'send-email') return []
        const effect: SendEffect = {
          kind: 'send',
          step: entry.step,
          email: planStep.email,
          k: sends.length + index,
          expiresAt: this.#moment.now,
        }
        return [this.#message(step, effect, arrivalAt(entry.step, step.enrollment, path), entry.why)]
      })
    return [...queued, ...skipped]
  }

  #message({ enrollment, plan }: Step, effect: SendEffect, arrivedAt: Instant, skipped: string | null): MessageWrite {
    const { now, settings } = this.#moment
    const status = skipped === null ? 'queued' : 'skipped'
    const arrivedHour = hourOf(arrivedAt)
    this.counters.add({ ...enrollment, stepNo: effect.step }, arrivedHour, `message:${status}`)
    return {
      part: enrollment.part,
      contactId: enrollment.contactId,
      enrollmentId: enrollment.id,
      seq: enrollment.seq + 1,
      k: effect.k,
      workflowId: enrollment.workflowId,
      version: enrollment.version,
      stepNo: effect.step,
      emailKey: effect.email,
      accountId: settings.accountId,
      lane: plan.settings.messageClass === 'transactional' ? 0 : enrollment.bulk === 1 ? 2 : 1,
      arrivedHour,
      status,
      reason: skipped,
      notBefore: now,
      expiresAt: effect.expiresAt,
      createdAt: now,
      finishedAt: skipped === null ? null : now,
    }
  }
}

export function stateOf(row: LiveEnrollment): EnrollmentState {
  return {
    id: row.id,
    contactId: row.contactId,
    status: row.status,
    step: row.stepNo,
    isWaiting: row.isWaiting === 1,
    dueAt: row.dueAt,
    arrivedAt: row.arrivedAt,
    enteredAt: row.enteredAt,
    seq: row.seq,
  }
}

/** Rethrow what is the database's fault; anything else belongs to the row. */
export function blameRow(error: unknown): unknown {
  if (isStorageFailure(error)) throw error
  return error
}

function arrivalAt(step: StepNo, before: LiveEnrollment, path: readonly PathEntry[]): Instant {
  const entry = path.find((candidate) => candidate.step === step)
  if (entry === undefined || path[0] === entry) return before.arrivedAt
  return entry.at
}

/** By rule, goal or command, not by a step of the flow: what was queued for them must not leave any more. */
function leftEarly({ input }: Step, path: readonly PathEntry[]): boolean {
  const why = path.at(-1)?.why
  return input.kind === 'exit' || why === 'exit-rule' || why === 'goal'
}

function endReason({ input }: Step, path: readonly PathEntry[]): string {
  if (input.kind === 'exit') return input.reason
  const last = path.at(-1)
  return last === undefined || last.outcome === 'completed' ? 'completed' : last.why
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 1_000)
