/**
 * Whether the server of one account answers, since when not, and when it is tried again. Kept in the account's row too, so that a
 * restart goes on where it was and the screens can say it.
 */
import type { TroubleCode } from '../../shared/message/trouble.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time/instant.ts'
import type { CommandInput, CommandName, Commands } from '../commands/contract.ts'
import type { SendingAccount } from './reads.ts'

export type HealthLog = {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}
export type HealthDeps = { commands: Commands; now: () => Instant; log: HealthLog }
export type Trouble = { code: TroubleCode; response: string }

/** Waits grow with the time the trouble has lasted: they double until the longest. */
const UNREACHABLE = { firstMs: SECOND_MS, longestMs: MINUTE_MS }
const PAUSED = { firstMs: MINUTE_MS, longestMs: HOUR_MS }
/** ENGINE.md 3.2: after a 421 or a "rate" reply, half the rate for ten minutes. */
const SLOW_MS = 10 * MINUTE_MS
const LONGEST_RESPONSE = 500

export class AccountHealth {
  readonly #deps: HealthDeps
  readonly #account: SendingAccount
  #since: Instant | null
  #pausedAt: Instant | null
  #retryAt: Instant
  #slowedUntil: Instant = 0
  #isNoted = false

  constructor(deps: HealthDeps, account: SendingAccount) {
    this.#deps = deps
    this.#account = account
    this.#since = account.state.troubleSince
    this.#pausedAt = account.isPausedByItself ? account.state.pausedAt : null
    this.#retryAt = account.state.retryAt ?? 0
  }

  /** Nothing is tried before; 0 when nothing is wrong. */
  get retryAt(): Instant {
    return this.#retryAt
  }

  get isInTrouble(): boolean {
    return this.#since !== null
  }

  get isPaused(): boolean {
    return this.#pausedAt !== null
  }

  /** The server said something definite. */
  reached(): void {
    const isNews = !this.#isNoted || this.#since !== null
    this.#isNoted = true
    this.#since = null
    this.#retryAt = 0
    if (isNews) this.#write('note-account', { id: this.#account.id, trouble: null })
  }

  unreachable({ code, response }: Trouble): void {
    const now = this.#deps.now()
    if (now < this.#retryAt) return
    this.#since ??= now
    this.#retryAt = now + growing(now - this.#since, this.#pausedAt === null ? UNREACHABLE : PAUSED)
    const trouble = { code, response: response.slice(0, LONGEST_RESPONSE), retryAt: this.#retryAt }
    this.#deps.log.warn({ accountId: this.#account.id, ...trouble }, 'the mail server cannot be reached')
    this.#write('note-account', { id: this.#account.id, trouble })
  }

  /** The server turns the account itself away: no message is tried until that is put right, by a person or over there. */
  pause({ code, response }: Trouble): void {
    const now = this.#deps.now()
    if (this.#pausedAt !== null && now < this.#retryAt) return
    this.#pausedAt ??= now
    this.#since ??= now
    this.#retryAt = now + growing(now - this.#pausedAt, PAUSED)
    const words = response.slice(0, LONGEST_RESPONSE)
    const details = { accountId: this.#account.id, code, response: words, retryAt: this.#retryAt }
    this.#deps.log.error(details, 'the sending account is paused')
    this.#write('set-account-status', {
      id: this.#account.id,
      status: 'paused',
      reason: code,
      response: words,
      retryAt: this.#retryAt,
    })
  }

  /** What was wrong with the account is put right: the row says so, and a fresh runner takes over. */
  resume(): void {
    this.#since = null
    this.#retryAt = this.#deps.now() + PAUSED.firstMs
    this.#write('set-account-status', { id: this.#account.id, status: 'active', reason: null })
  }

  slow(): void {
    const now = this.#deps.now()
    if (now < this.#slowedUntil - SLOW_MS / 2) return
    this.#slowedUntil = now + SLOW_MS
    this.#write('slow-account', { id: this.#account.id, until: this.#slowedUntil })
  }

  #write<N extends CommandName>(name: N, input: CommandInput<N>): void {
    this.#deps
      .commands(name, input)
      .catch((error: unknown) =>
        this.#deps.log.error({ error, accountId: this.#account.id }, 'the state of a sending account was not written'),
      )
  }
}

const growing = (lastedMs: number, { firstMs, longestMs }: typeof PAUSED): number =>
  Math.min(Math.max(lastedMs, firstMs), longestMs)
