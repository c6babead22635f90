/** When to activate: slices of a few milliseconds, the mailbox first, asleep until somebody is due (ENGINE.md 4). */
import type { Instant } from '../../shared/time/instant.ts'
import { isStorageFailure } from '../db/errors.ts'
import type { Db } from '../db/open.ts'
import { type Activated, activateBatch, activateCarefully } from './activate.ts'
import { beginMoment, type Engine, settle } from './context.ts'
import { nextSettleAt, SETTLED_AT_ONCE, settleHits } from './hits.ts'
import { runJobChunk } from './jobs.ts'
import { type Hints, transact } from './transact.ts'

export type Slice = Activated & {
  /** Held clicks settled and rows claimed. */
  claimed: number
  /** When the next one is due; known only when there was room for more. */
  nextDueAt: Instant | null
  hints: Hints
}

/** One slice is one transaction: claim what is due, advance it, write it. A batch that cannot be written is done again, carefully. */
export async function activateSlice(db: Db, engine: Engine, limit: number): Promise<Slice> {
  try {
    return await slice(db, engine, limit, activateBatch)
  } catch (error) {
    if (isStorageFailure(error)) throw error
    engine.plans.forget()
    return slice(db, engine, limit, activateCarefully)
  }
}

async function slice(db: Db, engine: Engine, limit: number, activate: typeof activateBatch): Promise<Slice> {
  const { value, hints } = await transact(db, async (tx) => {
    const moment = await beginMoment(engine, tx)
    // A click that counts by now comes before the timeout of the wait for it; while more of them are due, timers wait.
    const settled = await settleHits(moment)
    const rows = settled < SETTLED_AT_ONCE ? await tx.store.claimDueEnrollments(moment.now, limit) : []
    const done = rows.length === 0 ? { activated: 0, failed: 0 } : await activate(moment, rows)
    await settle(moment)
    const isAll = settled < SETTLED_AT_ONCE && rows.length < limit
    const nextDueAt = isAll ? earliest(await tx.store.nextDueAt(), await nextSettleAt(moment)) : null
    return { ...done, claimed: rows.length + settled, nextDueAt }
  })
  return { ...value, hints }
}

const earliest = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

const IDLE_SLICE_MS = 12
/** Of a slice, while senders are at work: a dot mark waits for 3 ms of activation (DESIGN.md 6). */
const SENDING_SHARE = 3 / IDLE_SLICE_MS
const SENDING_RECENTLY_MS = 1_000
const SMALLEST_BATCH = 10
const LARGEST_BATCH = 1_000
const SMALLEST_CHUNK = 20
const POLL_MS = 1_000
/** Between the slices of a crowded outbox: some hundred people a second, below what a sender sends. */
const CROWDED_NAP_MS = 50
/** Commands go first, but not for ever. */
const PATIENCE_MS = 20

export type SchedulerOptions = {
  db: Db
  engine: Engine
  /** Resolves when no command is waiting, at the latest after so many ms. */
  drained(patienceMs: number): Promise<void>
  /** Wall clock of the last message from a sender; slices shrink while one is active. */
  lastSenderAt(): number
  onCommit(hints: Hints): void
  /** Called between batches and when idle: checkpoints. */
  between(isIdle: boolean): void
  /** False while the log of the database is too long: commands go on, activations wait. */
  mayActivate(): boolean
  /** The outbox holds more than it should: activate and add people slowly (engine/crowd.ts). Never, when left out. */
  isCrowded?: () => Promise<boolean>
  /** Milliseconds of a clock that only grows, to measure slices. */
  ticks(): number
}
export type Scheduler = {
  /** Somebody may be due: look at once. */
  wake(): void
  /** Resolves when the current slice is done; rejects when the loop died. */
  stop(): Promise<void>
  finished: Promise<void>
}

export function startScheduler(options: SchedulerOptions): Scheduler {
  const { db, engine } = options
  const sleeper = createSleeper()
  let stopping = false
  /** Rows that fit an idle slice; while a sender is at work a slice gets its share of them, from the very first on. */
  let batch = 100
  let jobsSeenAt = Number.NEGATIVE_INFINITY

  async function loop(): Promise<void> {
    while (!stopping) {
      await options.drained(PATIENCE_MS)
      const startedAt = options.ticks()
      if (!options.mayActivate()) {
        options.between(true)
        await sleeper.sleep(POLL_MS)
        continue
      }
      const isSending = startedAt - options.lastSenderAt() < SENDING_RECENTLY_MS
      const isCrowded = (await options.isCrowded?.()) === true
      const fitting = isSending ? Math.max(Math.floor(batch * SENDING_SHARE), SMALLEST_BATCH) : batch
      const limit = isCrowded ? SMALLEST_BATCH : fitting
      const done = await activateSlice(db, engine, limit)
      if (done.claimed > 0) {
        batch = nextBatch(batch, done.claimed, options.ticks() - startedAt, IDLE_SLICE_MS)
        options.onCommit(done.hints)
      }
      const isFull = done.claimed > 0 && done.nextDueAt === null
      const hasWorked = await workOnJobs(limit)
      const isBusy = isFull || hasWorked || isDue(done.nextDueAt)
      options.between(!isBusy)
      // Messages from other threads arrive only between turns of the event loop.
      if (isBusy) await (isCrowded ? nap(CROWDED_NAP_MS) : nextTurn())
      else await sleeper.sleep(sleepMs(done.nextDueAt))
    }
  }
  /** One chunk. Between slices of a long batch jobs are looked for once a poll or when woken: looking is a transaction too. */
  async function workOnJobs(limit: number): Promise<boolean> {
    if (options.ticks() - jobsSeenAt < POLL_MS) return false
    const job = await runJobChunk(db, engine, Math.max(limit, SMALLEST_CHUNK))
    if (!job.worked) jobsSeenAt = options.ticks()
    else if (job.hints !== null) options.onCommit(job.hints)
    return job.worked
  }
  const isDue = (at: Instant | null) => at !== null && at <= engine.now()
  const sleepMs = (at: Instant | null) => (at === null ? POLL_MS : Math.min(Math.max(at - engine.now(), 1), POLL_MS))

  const finished = loop()
  return {
    wake() {
      jobsSeenAt = Number.NEGATIVE_INFINITY
      sleeper.wake()
    },
    async stop() {
      stopping = true
      sleeper.wake()
      await finished
    },
    finished,
  }
}

/** As many rows as fit the slice, judged by the last batch; at most doubled at a time. */
export function nextBatch(current: number, claimed: number, tookMs: number, targetMs: number): number {
  const fitting = Math.floor((claimed * targetMs) / Math.max(tookMs, 0.1))
  return Math.min(Math.max(Math.min(fitting, current * 2), SMALLEST_BATCH), LARGEST_BATCH)
}

const nap = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

const nextTurn = () => new Promise<void>((done) => setImmediate(done))

/** A sleep that `wake` ends; a wake while awake makes the next sleep short. */
function createSleeper() {
  let end: (() => void) | null = null
  let isWoken = false
  return {
    wake() {
      isWoken = true
      end?.()
    },
    async sleep(ms: number) {
      if (!isWoken) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms)
          end = () => {
            clearTimeout(timer)
            done()
          }
        })
      }
      end = null
      isWoken = false
    },
  }
}
