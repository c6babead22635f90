/**
 * One sending account at work: claims a little more than its lanes can hold, hands the messages out, and holds back when the server, or
 * the account, is in trouble. Trouble of the connection never becomes trouble of a message.
 */
import type { Instant } from '../../shared/time/instant.ts'
import type { ClaimedMessage, FinishedMessage } from '../commands/contract.ts'
import type { Batcher } from '../mail/batcher.ts'
import type { Lane } from '../mail/smtp.ts'
import { Alarm } from './alarm.ts'
import { ClaimQueue } from './claim-queue.ts'
import { type DeliverDeps, type Delivered, deliver } from './deliver.ts'
import type { SendingAccount } from './reads.ts'

export type RunnerDeps = DeliverDeps & {
  finishes: Batcher<FinishedMessage, true>
  /** A lease nobody else has; each claim gets its own, so that a late mark never hits a later claim. */
  newLease: () => string
  newLane: (account: SendingAccount) => Lane
  log: SenderLog
  /** The longest nap between two claims. */
  pollMs: number
  /** How long a stop waits for messages on the wire before it cuts the line. */
  graceMs: number
}
export type SenderLog = {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

const FIRST_BACK_OFF_MS = 1_000
const LONGEST_BACK_OFF_MS = 60_000
/** So many connections in a row that break without any answer count as a server out of reach. */
const LOSSES_ALLOWED = 3
/** Servers close idle connections after minutes; ours go earlier and politely. */
const IDLE_LANE_MS = 10_000
/** ENGINE.md 3.2: after a 421 or a "rate" reply, half the rate for ten minutes. */
const SLOW_MS = 600_000
/** After that an account that is still active in the database was resumed by hand. */
const PAUSE_CHECK_MS = 5_000
const SHORTEST_NAP_MS = 10

export class AccountRunner {
  readonly #deps: RunnerDeps
  readonly #account: SendingAccount
  readonly #queue = new ClaimQueue<ClaimedMessage>()
  /** Messages of ours by lease, on the wire or waiting for a lane or for their result to be written. */
  readonly #leases = new Map<string, number>()
  readonly #lanes = new Map<Lane, Promise<void>>()
  readonly #nap = new Alarm()
  readonly #looping: Promise<void>
  #isStopping = false
  #pausedUntil: Instant = 0
  #slowedUntil: Instant = 0
  #retryAt: Instant = 0
  #failures = 0
  #losses = 0

  constructor(deps: RunnerDeps, account: SendingAccount) {
    this.#deps = deps
    this.#account = account
    this.#looping = this.#loop()
  }

  wake(): void {
    this.#nap.ring()
  }

  /** Let what is on the wire end within the grace time, give the rest back. */
  async stop(): Promise<void> {
    this.#isStopping = true
    this.#nap.ring()
    this.#queue.close()
    await this.#looping
    const cut = setTimeout(() => {
      for (const lane of this.#lanes.keys()) lane.close()
    }, this.#deps.graceMs)
    await Promise.all(this.#lanes.values())
    clearTimeout(cut)
    await this.#deps.finishes.idle()
    for (const lease of this.#leases.keys()) await this.#deps.commands('release-messages', { lease })
    this.#leases.clear()
  }

  get #inFlight(): number {
    let sum = 0
    for (const count of this.#leases.values()) sum += count
    return sum
  }

  async #loop(): Promise<void> {
    while (!this.#isStopping) {
      const restMs = await this.#claim().catch((error: unknown) => {
        this.#deps.log.error({ error, accountId: this.#account.id }, 'claiming messages failed')
        return this.#deps.pollMs
      })
      if (restMs > 0 && !this.#isStopping) await this.#nap.sleep(restMs)
    }
  }

  /** @returns how long to rest */
  async #claim(): Promise<number> {
    const { pollMs, now, newLease, commands } = this.#deps
    const { id: accountId, maxConnections } = this.#account
    const held = Math.max(this.#retryAt, this.#pausedUntil) - now()
    if (held > 0) return Math.min(held, pollMs)
    // After a failed connection one message tries whether the server is back.
    const limit = (this.#failures > 0 ? 1 : 2 * maxConnections) - this.#inFlight
    if (limit <= 0 || (this.#failures === 0 && limit < maxConnections)) return pollMs
    const lease = newLease()
    const { messages, nextAt } = await commands('claim-messages', { accountId, limit, lease })
    if (messages.length > 0) this.#leases.set(lease, messages.length)
    for (const message of messages) this.#queue.put(message)
    this.#startLanes()
    if (messages.length === limit) return 0
    return nextAt === null ? pollMs : Math.max(SHORTEST_NAP_MS, Math.min(nextAt - now(), pollMs))
  }

  #startLanes(): void {
    while (this.#lanes.size < Math.min(this.#account.maxConnections, this.#inFlight)) {
      const lane = this.#deps.newLane(this.#account)
      this.#lanes.set(
        lane,
        this.#run(lane).finally(() => this.#lanes.delete(lane)),
      )
    }
  }

  async #run(lane: Lane): Promise<void> {
    for (;;) {
      const message = await this.#queue.take(IDLE_LANE_MS)
      if (message === null) break
      const delivered = await deliver(this.#deps, lane, message)
      this.#heed(delivered)
      this.#finish(message, delivered.finished)
    }
    lane.close()
  }

  /** The lane does not wait for the result to be written: `#inFlight` bounds what may be outstanding. */
  #finish(message: ClaimedMessage, finished: FinishedMessage | null): void {
    const written = finished === null ? Promise.resolve() : this.#deps.finishes.add(this.#held(finished))
    written.then(
      () => this.#letGo(message.lease),
      (error: unknown) => this.#deps.log.error({ error, messageId: message.id }, 'a result could not be written'),
    )
  }

  #letGo(lease: string): void {
    const left = (this.#leases.get(lease) ?? 1) - 1
    if (left > 0) this.#leases.set(lease, left)
    else this.#leases.delete(lease)
    if (this.#inFlight <= this.#account.maxConnections) this.#nap.ring()
  }

  /** A message that met a dead server waits as long as the account does. */
  #held(finished: FinishedMessage): FinishedMessage {
    if (finished.outcome.kind !== 'requeue') return finished
    const notBefore = Math.max(finished.outcome.notBefore, this.#retryAt)
    return { ...finished, outcome: { ...finished.outcome, notBefore } }
  }

  #heed({ account: verdict, response, finished }: Delivered): void {
    const attempt = finished?.attempt ?? null
    const isRequeued = finished?.outcome.kind === 'requeue'
    if (verdict === 'pause') this.#pause(response)
    else if (verdict === 'slow') this.#slow()
    if (attempt?.code === null && isRequeued) this.#losses += 1
    const isUnreachable = verdict === 'back-off' || (verdict === 'slow' && isRequeued) || this.#losses >= LOSSES_ALLOWED
    if (isUnreachable) this.#backOff(response)
    else if (attempt !== null && attempt.code !== null) {
      this.#failures = 0
      this.#losses = 0
    }
  }

  #backOff(response: string): void {
    const now = this.#deps.now()
    if (now >= this.#retryAt) {
      this.#failures += 1
      this.#retryAt = now + Math.min(FIRST_BACK_OFF_MS * 2 ** (this.#failures - 1), LONGEST_BACK_OFF_MS)
      const details = { accountId: this.#account.id, response, retryAt: this.#retryAt }
      this.#deps.log.warn(details, 'the mail server cannot be reached')
    }
    this.#handBack()
  }

  #pause(reason: string): void {
    this.#handBack()
    if (this.#deps.now() < this.#pausedUntil) return
    this.#pausedUntil = this.#deps.now() + PAUSE_CHECK_MS
    const accountId = this.#account.id
    this.#deps.log.error({ accountId, reason }, 'the sending account is paused')
    this.#deps
      .commands('set-account-status', { id: accountId, status: 'paused', reason: reason.slice(0, 500) })
      .catch((error: unknown) => this.#deps.log.error({ error, accountId }, 'pausing the account failed'))
  }

  #slow(): void {
    const now = this.#deps.now()
    if (now < this.#slowedUntil - SLOW_MS / 2) return
    this.#slowedUntil = now + SLOW_MS
    const accountId = this.#account.id
    this.#deps
      .commands('slow-account', { id: accountId, until: this.#slowedUntil })
      .catch((error: unknown) => this.#deps.log.error({ error, accountId }, 'slowing the account down failed'))
  }

  #handBack(): void {
    for (const message of this.#queue.drain()) {
      const outcome: FinishedMessage['outcome'] = { kind: 'requeue', notBefore: this.#deps.now() }
      this.#finish(message, { id: message.id, lease: message.lease, attempt: null, outcome })
    }
  }
}
