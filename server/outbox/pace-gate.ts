/**
 * The last look before something leaves: never more than the rate in any second, counted where it arrives. Slots (shared/message/pace.ts)
 * space the messages; here a thread that stood still, a commit that let several lanes go together, or a server that read late cannot
 * push them together again. Something arrived between the instant it left and its answer, so its place is free a second after both.
 */
import { SECOND_MS } from '../../shared/time/instant.ts'
import { Alarm } from './alarm.ts'

/** Clocks are read in whole milliseconds somewhere on the way. */
const WINDOW_MS = SECOND_MS + 10
/** What a process that was killed had on the wire arrives within this after the start of the next. */
const PREDECESSOR_MS = 2 * SECOND_MS
/** A server that says nothing for so long is taken to have got it: one that hangs must not stop the others. */
const LONGEST_ANSWER_MS = 5 * SECOND_MS
/** After so many answers the quickest of them is what an answer always takes; before, any of it may have been spent unread. */
const KNOWN_AFTER = 50

export type Place = {
  /** It leaves now. */
  leave(): void
  /** It has been answered, or never will be. */
  answer(): void
  /** It does not leave. */
  cancel(): void
}
type Taken = { leftAt: number | null; answeredAt: number | null }

export class PaceGate {
  readonly #ticks: () => number
  readonly #nap = new Alarm()
  #taken: Taken[] = []
  #most: number
  #quickestMs = Number.POSITIVE_INFINITY
  #answers = 0
  #lastTurn: Promise<unknown> = Promise.resolve()

  /** @param ticks  milliseconds since this process began, of a clock that nobody sets */
  constructor(ratePerSecond: number, ticks: () => number = () => performance.now()) {
    this.#most = mostOf(ratePerSecond)
    this.#ticks = ticks
  }

  set ratePerSecond(rate: number) {
    this.#most = mostOf(rate)
    this.#nap.ring()
  }

  /** A place to leave from, in the order of asking. It is held until a second after its answer, or until it is given back. */
  take(): Promise<Place> {
    const turn = this.#lastTurn.then(async () => {
      await this.#room()
      return this.#place()
    })
    this.#lastTurn = turn
    return turn
  }

  async #room(): Promise<void> {
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs()) await this.#nap.sleep(waitMs)
  }

  #place(): Place {
    const taken: Taken = { leftAt: null, answeredAt: null }
    this.#taken.push(taken)
    return {
      leave: () => {
        taken.leftAt = this.#ticks()
      },
      answer: () => {
        if (taken.leftAt === null || taken.answeredAt !== null) return
        taken.answeredAt = this.#ticks()
        this.#answers += 1
        this.#quickestMs = Math.min(this.#quickestMs, taken.answeredAt - taken.leftAt)
        this.#nap.ring()
      },
      cancel: () => {
        this.#taken = this.#taken.filter((other) => other !== taken)
        this.#nap.ring()
      },
    }
  }

  /** How long until there may be room; 0: there is. */
  #waitMs(): number {
    const now = this.#ticks()
    if (now < PREDECESSOR_MS) return PREDECESSOR_MS - now
    this.#taken = this.#taken.filter((taken) => this.#freeAt(taken) > now)
    if (this.#taken.length < this.#most) return 0
    return Math.max(1, Math.min(...this.#taken.map((taken) => this.#freeAt(taken) - now)))
  }

  #freeAt({ leftAt, answeredAt }: Taken): number {
    // Rung awake when it leaves for nothing or is answered.
    if (leftAt === null) return this.#ticks() + SECOND_MS
    if (answeredAt === null) return leftAt + LONGEST_ANSWER_MS + WINDOW_MS
    return answeredAt + WINDOW_MS - (this.#answers < KNOWN_AFTER ? 0 : this.#quickestMs)
  }
}

const mostOf = (ratePerSecond: number): number => Math.max(1, Math.floor(ratePerSecond))
