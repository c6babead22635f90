/** Exit rule and goal: tested at the start of every activation and on every change, before anything else. */
import { evaluate, evaluateAsOf } from '../condition/evaluate.ts'
import type { Facts, Seen } from '../condition/facts.ts'
import type { Instant } from '../time/instant.ts'
import { addDuration } from '../time/zones.ts'
import type { PlanSettings } from '../workflow/plan.ts'

export type Leaving = { reason: 'exit-rule' | 'goal'; seen: Seen[] }

/** Why the person leaves now, or null: stays. A goal counts up to `within` after entry; `zone` is asked for only then. */
export function leaving(
  { exitWhen, goal }: Pick<PlanSettings, 'exitWhen' | 'goal'>,
  facts: Facts,
  at: { now: Instant; enteredAt: Instant; zone: () => string },
): Leaving | null {
  if (exitWhen !== null) {
    const seen: Seen[] = []
    if (evaluate(exitWhen, facts, at.now, seen)) return { reason: 'exit-rule', seen }
  }
  if (goal === null) return null
  const seen: Seen[] = []
  if (goal.within === null) return evaluate(goal.when, facts, at.now, seen) ? { reason: 'goal', seen } : null
  const lastAt = addDuration(at.enteredAt, goal.within, at.zone())
  // An event that was late to arrive but happened in time still reaches the goal.
  const heardAt = facts.event?.occurredAt ?? at.now
  if (heardAt > lastAt) return null
  return evaluateAsOf(goal.when, facts, Math.min(Math.max(at.now, heardAt), lastAt), seen)
    ? { reason: 'goal', seen }
    : null
}
