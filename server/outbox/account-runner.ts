/**
 * One sending account at work: claims a little more than its lanes can hold, hands the messages out, and holds back when the server, or
 * the account, is in trouble. Trouble of the connection never becomes trouble of a message.
 */
import { judge } from '../../shared/message/replies.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { ClaimedMessage, FinishedMessage } from '../commands/contract.ts'
import type { Batcher } from '../mail/batcher.ts'
import type { Lane } from '../mail/smtp.ts'
import { AccountHealth, type HealthLog } from './account-health.ts'
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
export type SenderLog = HealthLog

/** So many connections in a row that break without any answer count as a server out of reach. */
const LOSSES_ALLOWED = 3
/** Servers close idle connections after minutes; ours go earlier and politely. */
const IDLE_LANE_MS = 10_000
const SHORTEST_NAP_MS = 10

/** A runner is for these settings; what it finds out itself does not make another one of it. */
export const runnerKey = ({ state: _, ...settings }: SendingAccount): string => JSON.stringify(settings)

export class AccountRunner {
  readonly #deps: RunnerDeps
  readonly #account: SendingAccount
  readonly #health: AccountHealth
  readonly #queue = new ClaimQueue<ClaimedMessage>()
  /** Messages of ours by lease, on the wire or waiting for a lane or for their result to be written. */
  readonly #leases = new Map<string, number>()
  readonly #lanes = new Map<Lane, Promise<void>>()
  readonly #nap = new Alarm()
  /** Who waits for a slot; at a stop they let go. */
  readonly #waiting = new Set<() => void>()
  readonly #looping: Promise<void>
  #isStopping = false
  /** The server takes connections again; whether it takes mail, one message finds out. */
  #isProbed = false
  #losses = 0

  constructor(deps: RunnerDeps, account: SendingAccount) {
    this.#deps = deps
    this.#account = account
    this.#health = new AccountHealth(deps, account)
    this.#looping = this.#loop()
  }

  wake(): void {
    this.#nap.ring()
  }

  /** Let what is on the wire end within the grace time, give the rest back. */
  async stop(): Promise<void> {
    this.#isStopping = true
    for (const letGo of this.#waiting) letGo()
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
      const restMs = await this.#turn().catch((error: unknown) => {
        this.#deps.log.error({ error, accountId: this.#account.id }, 'claiming messages failed')
        return this.#deps.pollMs
      })
      if (restMs > 0 && !this.#isStopping) await this.#nap.sleep(restMs)
    }
  }

  /** @returns how long to rest */
  async #turn(): Promise<number> {
    const { pollMs, now } = this.#deps
    const held = this.#health.retryAt - now()
    if (held > 0) return Math.min(held, pollMs)
    if (this.#health.isPaused || (this.#health.isInTrouble && !this.#isProbed)) {
      if (!(await this.#probe())) return 0
    }
    return this.#health.isPaused ? pollMs : this.#claim()
  }

  /** Connect and sign in without a message. */
  async #probe(): Promise<boolean> {
    const lane = this.#deps.newLane(this.#account)
    const opened = await lane.open()
    lane.close()
    this.#isProbed = opened.ok
    if (opened.ok) {
      if (this.#health.isPaused) this.#health.resume()
      return true
    }
    const { account, trouble } = judge(opened.answer)
    const found = { code: trouble, response: opened.answer.response }
    if (account === 'pause') this.#health.pause(found)
    else this.#health.unreachable(found)
    return false
  }

  /** @returns how long to rest */
  async #claim(): Promise<number> {
    const { pollMs, now, newLease, commands } = this.#deps
    const { id: accountId, maxConnections } = this.#account
    const isTrying = this.#health.isInTrouble
    const limit = (isTrying ? 1 : 2 * maxConnections) - this.#inFlight
    if (limit <= 0 || (!isTrying && limit < maxConnections)) return pollMs
    const lease = newLease()
    const { messages, nextAt } = await commands('claim-messages', { accountId, limit, lease })
    if (messages.length > 0) this.#leases.set(lease, messages.length)
    for (const message of messages) this.#queue.put(message)
    this.#startLanes()
    // Nobody waits for this server, and it answers: that is all one can know.
    if (messages.length === 0 && isTrying && this.#inFlight === 0) this.#health.reached()
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
      await this.#slot(message.leaveAt ?? null)
      if (this.#isStopping || this.#deps.now() < this.#health.retryAt) {
        this.#finish(message, requeued(message, this.#deps.now()))
        continue
      }
      const delivered = await deliver(this.#deps, lane, message)
      this.#heed(delivered)
      this.#finish(message, delivered.finished)
    }
    lane.close()
  }

  async #slot(leaveAt: Instant | null): Promise<void> {
    const waitMs = (leaveAt ?? 0) - this.#deps.now()
    if (waitMs <= 0 || this.#isStopping) return
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.add(done)
    })
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
    if (finished.outcome.kind !== 'requeue' || this.#health.isPaused) return finished
    const notBefore = Math.max(finished.outcome.notBefore, this.#health.retryAt)
    return { ...finished, outcome: { ...finished.outcome, notBefore } }
  }

  #heed({ account: verdict, response, trouble, finished }: Delivered): void {
    const attempt = finished?.attempt ?? null
    const isRequeued = finished?.outcome.kind === 'requeue'
    const found = { code: trouble ?? 'dropped', response }
    if (verdict === 'slow') this.#health.slow()
    if (attempt?.code === null && isRequeued) this.#losses += 1
    const isUnreachable = verdict === 'back-off' || (verdict === 'slow' && isRequeued) || this.#losses >= LOSSES_ALLOWED
    if (verdict === 'pause') this.#health.pause(found)
    else if (isUnreachable) this.#health.unreachable(found)
    else if (attempt !== null && attempt.code !== null) {
      this.#losses = 0
      this.#health.reached()
    }
    if (verdict === 'pause' || isUnreachable) {
      this.#isProbed = false
      this.#handBack()
    }
  }

  #handBack(): void {
    for (const message of this.#queue.drain()) this.#finish(message, requeued(message, this.#deps.now()))
  }
}

/** Not tried at all. */
const requeued = ({ id, lease }: ClaimedMessage, now: Instant): FinishedMessage => ({
  id,
  lease,
  attempt: null,
  outcome: { kind: 'requeue', notBefore: now },
})
