/** What becomes of a timer that stood still: where a person who was paused goes on, by the policy of the resume. Pure. */
import { assertNever } from '../assert-never.ts'
import type { Instant } from '../time/instant.ts'
import { nextLocalTime } from '../time/zones.ts'
import type { WaitRule } from '../workflow/plan.ts'

export const CATCH_UPS = ['shift', 'send', 'skip'] as const
/**
 * shift: what remained of a wait remains; the pause is as if it had not been. send: whoever was due meanwhile goes on now, and their mail
 * counts as on time. skip: whoever was due meanwhile goes on now without the mail they missed.
 */
export type CatchUp = (typeof CATCH_UPS)[number]

export type Frozen = {
  /** Until the person was due, counted from the pause; negative: they were late when it began. */
  remainingMs: number
  /** Of the wait they stand at; null at any other step. */
  rule: WaitRule | null
  zone: string
}
export type Pause = { pausedAt: Instant; resumedAt: Instant; catchUp: CatchUp }

/**
 * When a person wakes up after the pause. Under `shift` a wait for a time of day goes on to the next such time, so that nobody is
 * written to at night, and a wait for a date keeps its date: one that passed meanwhile is judged late by the workflow's own rule.
 */
export function dueAfter({ remainingMs, rule, zone }: Frozen, { pausedAt, resumedAt, catchUp }: Pause): Instant {
  const meant = pausedAt + remainingMs
  switch (catchUp) {
    case 'skip':
      return meant
    case 'send':
      return Math.max(meant, resumedAt)
    case 'shift': {
      if (rule?.kind === 'at' || rule?.kind === 'attribute') return meant
      const shifted = resumedAt + remainingMs
      if (rule?.kind !== 'time' || remainingMs < 0) return shifted
      const { minuteOfDay, days } = rule
      return nextLocalTime(zone, shifted, { minuteOfDay, days, isInclusive: true })
    }
    default:
      return assertNever(catchUp)
  }
}
