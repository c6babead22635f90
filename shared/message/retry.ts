/** When a message that SMTP deferred is tried again: the list of `SMTP_RETRY`, then it has failed. */
import { HOUR_MS, type Instant, MINUTE_MS } from '../time/instant.ts'

/**
 * Waits between tries, in ms. They add up to 14.5 h, not the 4 to 5 days of RFC 5321 4.5.4.1: late nurture mail is worse than none.
 * The first is shorter than the RFC's 30 minutes because greylisting usually ends after five.
 */
export const DEFAULT_RETRY_MS: readonly number[] = [
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
]

/**
 * @param failure.attempt tries made so far, counting the one that just failed; starts at 1
 * @returns the next try, or null when none is left
 * @throws RangeError when `attempt` is not a positive integer (a bug in the caller, never input)
 */
export function nextAttemptAt(
  { attempt, failedAt }: { attempt: number; failedAt: Instant },
  waitsMs: readonly number[] = DEFAULT_RETRY_MS,
): Instant | null {
  if (!Number.isInteger(attempt) || attempt < 1) throw new RangeError(`attempt must be 1 or more, got ${attempt}`)
  const wait = waitsMs[attempt - 1]
  return wait === undefined ? null : failedAt + wait
}
