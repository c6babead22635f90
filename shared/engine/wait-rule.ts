/** When a wait ends. */
import { assertNever } from '../assert-never.ts'
import { attributeOf } from '../condition/evaluate.ts'
import type { ContactFacts } from '../condition/facts.ts'
import type { Instant } from '../time/instant.ts'
import { addDuration, fromLocalText, nextLocalTime } from '../time/zones.ts'
import type { WaitRule } from '../workflow/plan.ts'

export type WaitEnd =
  | { kind: 'until'; at: Instant }
  /** Nothing to wait for: go on at once. */
  | { kind: 'pass'; why: 'date-past' | 'date-missing' }
  | { kind: 'exit'; why: 'date-past' | 'date-missing' }

/**
 * `base` is what relative waits are counted from: when the person was due here. It may lie in the past; the wait then ends in the past
 * too and the next activation takes it up. A fixed moment that is over lets people pass at once, as does a date they do not have.
 */
export function endOfWait(
  rule: WaitRule,
  { base, now, zone, contact }: { base: Instant; now: Instant; zone: string; contact: ContactFacts },
): WaitEnd {
  switch (rule.kind) {
    case 'for':
      return { kind: 'until', at: addDuration(base, rule.duration, zone) }
    case 'time': {
      const { minuteOfDay, days, after } = rule
      // "At 09:00" from 09:00 sharp means tomorrow, or a daily loop would run twice; "after 2 days, at 09:00" may end at its floor.
      const at =
        after === null
          ? nextLocalTime(zone, base, { minuteOfDay, days })
          : nextLocalTime(zone, addDuration(base, after, zone), { minuteOfDay, days, isInclusive: true })
      return { kind: 'until', at }
    }
    case 'at':
      return untilDate(fromLocalText(zone, rule.local), now, 'pass')
    case 'attribute': {
      const value = attributeOf(contact, rule.attribute)
      const date = typeof value === 'string' ? fromLocalText(zone, value) : null
      const at = date === null ? null : addDuration(date, rule.offset, zone, rule.sign)
      return untilDate(at, now, rule.ifPast === 'exit' ? 'exit' : 'pass')
    }
    default:
      return assertNever(rule)
  }
}

function untilDate(at: Instant | null, now: Instant, otherwise: 'pass' | 'exit'): WaitEnd {
  if (at === null) return { kind: otherwise, why: 'date-missing' }
  return at > now ? { kind: 'until', at } : { kind: otherwise, why: 'date-past' }
}
