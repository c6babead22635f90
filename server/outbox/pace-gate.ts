/**
 * The last look before a final dot leaves: never more than the rate in any second, by what really left. Slots (shared/message/pace.ts)
 * space the messages; a thread that stood still for a moment would let late ones catch up with punctual ones.
 */
import type { Instant } from '../../shared/time/instant.ts'
import { SECOND_MS } from '../../shared/time/instant.ts'

export class PaceGate {
  readonly #most: number
  readonly #now: () => Instant
  readonly #left: Instant[] = []

  constructor(ratePerSecond: number, now: () => Instant) {
    this.#most = Math.max(1, Math.floor(ratePerSecond))
    this.#now = now
  }

  /** Until one more might leave; nothing is taken. */
  async ready(): Promise<void> {
    for (let wait = this.#waitMs(); wait > 0; wait = this.#waitMs()) {
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }

  /** Until this one may leave, which it then does at once. */
  async pass(): Promise<void> {
    await this.ready()
    while (this.#waitMs() > 0) await this.ready()
    this.#left.push(this.#now())
    if (this.#left.length > this.#most) this.#left.shift()
  }

  #waitMs(): number {
    const oldest = this.#left[0]
    if (oldest === undefined || this.#left.length < this.#most) return 0
    // A clock that went back must not stop the account: no wait is longer than the window.
    return Math.min(SECOND_MS, oldest + SECOND_MS - this.#now())
  }
}
