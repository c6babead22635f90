/**
 * Token buckets of one sending account: per second and per hour. What is not used in its window is lost, so an idle account cannot burst;
 * after the server asked for less, half of both rates until `slowedUntil`.
 */
import type { Instant } from '../../shared/time/instant.ts'

export type Buckets = {
  ratePerSecond: number | null
  ratePerHour: number | null
  secondTokens: number
  hourTokens: number
  refilledAt: Instant
  slowedUntil: Instant | null
}
export type Filled = Pick<Buckets, 'secondTokens' | 'hourTokens' | 'refilledAt'> & {
  /** Whole messages that may leave now; null: without limit. */
  available: number | null
  /** When the next token is whole, if none is now. */
  nextAt: Instant | null
}

const SECOND_WINDOW_S = 1
const HOUR_WINDOW_S = 60

export function refill(buckets: Buckets, now: Instant): Filled {
  const factor = buckets.slowedUntil !== null && now < buckets.slowedUntil ? 0.5 : 1
  const elapsedS = Math.max(now - buckets.refilledAt, 0) / 1_000
  const perSecond = bucket(buckets.ratePerSecond, factor, 1, buckets.secondTokens, elapsedS, SECOND_WINDOW_S)
  const perHour = bucket(buckets.ratePerHour, factor, 3_600, buckets.hourTokens, elapsedS, HOUR_WINDOW_S)
  const limits = [perSecond, perHour].filter((one) => one !== null)
  const available = limits.length === 0 ? null : Math.floor(Math.min(...limits.map((one) => one.tokens)))
  const waitMs = Math.max(0, ...limits.map((one) => one.waitMs))
  return {
    secondTokens: perSecond?.tokens ?? 0,
    hourTokens: perHour?.tokens ?? 0,
    refilledAt: Math.max(now, buckets.refilledAt),
    available,
    nextAt: available === 0 ? now + Math.max(1, Math.ceil(waitMs)) : null,
  }
}

function bucket(
  rate: number | null,
  factor: number,
  perSeconds: number,
  tokens: number,
  elapsedS: number,
  windowS: number,
): { tokens: number; waitMs: number } | null {
  if (rate === null) return null
  const perS = (rate * factor) / perSeconds
  // At least one token fits, or a slow rate would never send.
  const size = Math.max(perS * windowS, 1)
  const filled = Math.min(tokens + elapsedS * perS, size)
  return { tokens: filled, waitMs: filled >= 1 ? 0 : ((1 - filled) / perS) * 1_000 }
}
