/** Answers that are dear to compute and may be a little old. */
import type { Instant } from '../../shared/time/instant.ts'

/** At most this part of one core goes into recounting: an answer is kept 20 times as long as it took. */
const KEPT_PER_COST = 20

/**
 * Compute when asked, but not again before 20 times as long has passed as it took: cheap counts are always fresh, a count that takes half
 * a second on a million contacts is at most ten seconds old.
 */
export function seldom<T>(now: () => Instant, compute: () => Promise<T>): () => Promise<T> {
  let kept: { value: T; until: Instant } | null = null
  return async () => {
    if (kept !== null && now() < kept.until) return kept.value
    const startedAt = performance.now()
    const value = await compute()
    const tookMs = performance.now() - startedAt
    kept = { value, until: now() + (tookMs < 5 ? 0 : tookMs * KEPT_PER_COST) }
    return value
  }
}
