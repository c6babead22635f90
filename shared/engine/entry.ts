/** May this person enter now? The rules in the order of PRODUCT.md B2; the first that says no is the answer. */
import { evaluate } from '../condition/evaluate.ts'
import type { EventFacts, Facts, Seen } from '../condition/facts.ts'
import type { Instant } from '../time/instant.ts'
import { zoneOf } from '../time/zone-of.ts'
import { addDuration } from '../time/zones.ts'
import type { Plan, PlanSettings, PlanTrigger } from '../workflow/plan.ts'

/** What this contact has been through in this workflow, all versions. */
export type EntryHistory = {
  /** Enrollments ever. */
  entries: number
  lastEnteredAt: Instant | null
  /** Slots of the active (and paused) ones; those without a slot are left out. */
  activeSlots: readonly string[]
  hasActive: boolean
}

export type EntryInput = {
  plan: Plan
  trigger: PlanTrigger
  /** `facts.event` is the event that wants to start it; null for a manual entry without one. */
  facts: Facts
  history: EntryHistory
  now: Instant
  workspaceZone: string
}

export type EntryReason = 'trigger-filter' | 'audience' | 'suppressed' | 'reentry' | 'concurrency' | 'no-key'
export type EntryDecision =
  /** `entryKey` is the slot: '' when one at a time is allowed, the key's value per key, null without a limit. */
  { enter: true; entryKey: string | null } | { enter: false; reason: EntryReason; seen: Seen[] }

/** Missing marketing consent does not keep anybody out: each mail is skipped later, and consent may still come. */
export function decideEntry(input: EntryInput): EntryDecision {
  const { plan, trigger, facts, now } = input
  const seen: Seen[] = []
  if (!triggerFits(trigger, facts, now, seen)) return refuse('trigger-filter', seen)
  const { audience, concurrency } = plan.settings
  if (audience !== null && !evaluate(audience, facts, now, seen)) return refuse('audience', seen)
  const { email, suppression } = facts.contact
  if (suppression === 'hard' || email === null || email === '') {
    return refuse('suppressed', [{ what: 'suppression', value: email === null ? null : suppression, holds: false }])
  }
  if (!mayComeBack(input)) return refuse('reentry', historySeen(input.history))
  return slotFor(concurrency, facts.event ?? facts.entry, input.history)
}

function triggerFits(trigger: PlanTrigger, facts: Facts, now: Instant, seen: Seen[]): boolean {
  // The driver asks for these only when a person, a new contact or that very tag was at hand.
  if (trigger.kind !== 'event') return true
  if (facts.event?.name !== trigger.event) return false
  return trigger.where === null || evaluate(trigger.where, facts, now, seen)
}

function mayComeBack({ plan, facts, history, now, workspaceZone }: EntryInput): boolean {
  const { reentry, reentryEvery, timezone } = plan.settings
  if (reentry === 'once') return history.entries === 0
  if (reentry === 'always') return true
  if (reentry === 'after-exit') return !history.hasActive
  if (history.lastEnteredAt === null || reentryEvery === null) return true
  const { zone } = zoneOf({ contact: facts.contact.timezone, workflow: timezone, workspace: workspaceZone })
  return now >= addDuration(history.lastEnteredAt, reentryEvery, zone)
}

function slotFor(
  concurrency: PlanSettings['concurrency'],
  event: EventFacts | null,
  history: EntryHistory,
): EntryDecision {
  if (concurrency === 'many') return { enter: true, entryKey: null }
  if (concurrency === 'one') {
    return history.hasActive ? refuse('concurrency', historySeen(history)) : { enter: true, entryKey: '' }
  }
  const { perKey } = concurrency
  const value = event !== null && Object.hasOwn(event.properties, perKey) ? event.properties[perKey] : null
  const what = `property:${perKey}`
  const isKey = (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean'
  if (!isKey) return refuse('no-key', [{ what, value: null, holds: false }])
  const slot = String(value)
  return history.activeSlots.includes(slot)
    ? refuse('concurrency', [{ what, value: slot, holds: false }])
    : { enter: true, entryKey: slot }
}

const refuse = (reason: EntryReason, seen: Seen[]): EntryDecision => ({ enter: false, reason, seen })

function historySeen({ entries, lastEnteredAt, hasActive }: EntryHistory): Seen[] {
  return [
    { what: 'history:entries', value: entries, holds: false },
    { what: 'history:last-entered-at', value: lastEnteredAt, holds: false },
    { what: 'history:active', value: hasActive, holds: false },
  ]
}
