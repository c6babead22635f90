/**
 * Does a condition hold? Pure: facts in, yes or no out.
 *
 * A comparison with a missing value (absent, null, '') is false, `not-equals` too; `not` of it is true. Text is compared exactly, numbers
 * as numbers, dates as instants (a date alone is its midnight UTC); `within-…` counts calendar days in UTC. What the audience query
 * (server/db/audience.ts) says in SQL must agree with what is said here.
 */
import { assertNever } from '../assert-never.ts'
import type { Json } from '../json.ts'
import { durationOf } from '../time/duration.ts'
import type { Instant } from '../time/instant.ts'
import { addDuration } from '../time/zones.ts'
import type { ContactFacts, EventFacts, Facts, Seen } from './facts.ts'
import type {
  AttributeCondition,
  Condition,
  ConditionValue,
  EventCondition,
  MessageCondition,
  Operator,
  PropertyCondition,
} from './schema.ts'
import { instantOf, isEntryValue, isEqual, isMissing, numberOf } from './values.ts'

/** What stays the same while one condition is evaluated. */
type Looking = {
  facts: Facts
  now: Instant
  /** Events and deeds after it do not count. */
  until: Instant
  /** The event whose properties `property` reads; the entry event stands behind it. */
  event: EventFacts | null
  seen: Seen[] | null
}

/** Whether `condition` holds now; the values looked at are added to `seen`, as far as it had to look. */
export function evaluate(condition: Condition, facts: Facts, now: Instant, seen?: Seen[]): boolean {
  return holds(condition, { facts, now, until: Number.POSITIVE_INFINITY, event: facts.event, seen: seen ?? null })
}

/** The same as of an instant: what happened after it is left out (a deadline that is judged a little later). */
export function evaluateAsOf(condition: Condition, facts: Facts, at: Instant, seen?: Seen[]): boolean {
  const event = facts.event !== null && facts.event.occurredAt <= at ? facts.event : null
  return holds(condition, { facts, now: at, until: at, event, seen: seen ?? null })
}

function holds(condition: Condition, looking: Looking): boolean {
  if ('all' in condition) return condition.all.every((part) => holds(part, looking))
  if ('any' in condition) return condition.any.some((part) => holds(part, looking))
  if ('not' in condition) return !holds(condition.not, looking)
  if ('attribute' in condition) return attributeHolds(condition, looking)
  if ('property' in condition) return propertyHolds(condition, looking)
  if ('event' in condition) return eventHolds(condition, looking)
  if ('message' in condition) return messageHolds(condition, looking)
  const { contact } = looking.facts
  if ('tag' in condition) {
    const has = contact.tags.includes(condition.tag)
    return note(looking, `tag:${condition.tag}`, has, has)
  }
  if ('consent' in condition) {
    const status = own(contact.consent, condition.consent) ?? 'unknown'
    return note(looking, `consent:${condition.consent}`, status, status === 'granted')
  }
  return assertNever(condition)
}

function attributeHolds({ attribute, is, value }: AttributeCondition, looking: Looking): boolean {
  const found = attributeOf(looking.facts.contact, attribute)
  return note(looking, `attribute:${attribute}`, found, compare(found, is, expected(value, looking.facts), looking.now))
}

/** Fields of a contact that conditions may ask about like attributes; an attribute of the same name comes first. */
const CONTACT_FIELDS = ['email', 'externalId', 'timezone', 'locale'] as const

/** The value of an attribute, or of a field of the contact under the same name. */
export function attributeOf(contact: ContactFacts, key: string): Json | undefined {
  const value = own(contact.attributes, key)
  if (value !== undefined) return value
  const field = CONTACT_FIELDS.find((name) => name === key)
  return field === undefined ? undefined : contact[field]
}

/** Of the event at hand; a property it lacks is looked for in the entry event, so that a later event does not hide it. */
function propertyHolds({ property, is, value }: PropertyCondition, looking: Looking): boolean {
  const { event, facts, now } = looking
  const found = own(event?.properties, property) ?? own(facts.entry?.properties, property)
  return note(looking, `property:${property}`, found, compare(found, is, expected(value, facts), now))
}

function eventHolds(condition: EventCondition, looking: Looking): boolean {
  const count = countEvents(condition, looking)
  const { atLeast, atMost } = condition.times ?? {}
  const least = atLeast ?? (atMost === undefined ? 1 : 0)
  return note(looking, `event:${condition.event}`, count, count >= least && (atMost === undefined || count <= atMost))
}

function countEvents(condition: EventCondition, looking: Looking): number {
  const { facts, until } = looking
  const sinceEntry = condition.within === 'since-entry'
  const from = earliest(condition.within, looking)
  let count = 0
  let isAtHandListed = false
  for (const event of facts.events) {
    if (facts.event !== null && isSame(event, facts.event)) isAtHandListed = true
    if (fits(event)) count++
  }
  // The driver may have loaded the past before it recorded the event at hand.
  if (facts.event !== null && !isAtHandListed && fits(facts.event)) count++
  return count

  function fits(event: EventFacts): boolean {
    if (event.name !== condition.event || event.occurredAt < from || event.occurredAt > until) return false
    if (sinceEntry && facts.entry !== null && isSame(event, facts.entry)) return false
    const { where } = condition
    return where === undefined || where === null || holds(where, { ...looking, event, seen: null })
  }
}

/** Events before it do not count. What came with the entry event but was recorded before the person entered came since. */
function earliest(within: string | undefined, { facts, now }: Looking): Instant {
  if (within === undefined) return Number.NEGATIVE_INFINITY
  if (within === 'since-entry') {
    if (facts.enteredAt === null) return Number.POSITIVE_INFINITY
    return facts.entry === null ? facts.enteredAt : Math.min(facts.enteredAt, facts.entry.occurredAt)
  }
  const duration = durationOf(within)
  return duration === null ? Number.POSITIVE_INFINITY : addDuration(now, duration, 'UTC', -1)
}

function isSame(a: EventFacts, b: EventFacts): boolean {
  if (a.id !== null && b.id !== null) return a.id === b.id
  return a === b || (a.name === b.name && a.occurredAt === b.occurredAt)
}

function messageHolds({ message, did, machine }: MessageCondition, looking: Looking): boolean {
  const done = looking.facts.messages.some(
    (deed) =>
      deed.email === message && deed.did === did && (machine === true || !deed.machine) && deed.at <= looking.until,
  )
  return note(looking, `message:${message}:${did}`, done, done)
}

/** The literal, or the property of the entry event that it names; at a trigger the event at hand is going to be that one. */
function expected(value: ConditionValue | undefined, facts: Facts): Json | undefined {
  if (!isEntryValue(value)) return value
  return own((facts.entry ?? facts.event)?.properties, value.entry)
}

function compare(found: Json | undefined, is: Operator, value: Json | undefined, now: Instant): boolean {
  if (is === 'exists') return !isMissing(found)
  if (is === 'missing') return isMissing(found)
  if (isMissing(found) || value === undefined || value === null) return false
  switch (is) {
    case 'equals':
      return isEqual(found, value)
    case 'not-equals':
      return !isEqual(found, value)
    case 'one-of':
      return Array.isArray(value) && value.some((one) => isEqual(found, one))
    case 'contains':
      if (Array.isArray(found)) return found.some((one) => isEqual(one, value))
      return isTextual(found) && isTextual(value) && String(found).includes(String(value))
    case 'starts-with':
      return isTextual(found) && isTextual(value) && String(found).startsWith(String(value))
    case 'greater-than':
    case 'at-least':
    case 'less-than':
    case 'at-most':
      return compareNumbers(numberOf(found), is, numberOf(value))
    case 'before':
    case 'after':
    case 'within-last':
    case 'within-next':
      return compareDates(instantOf(found), is, value, now)
    default:
      return assertNever(is)
  }
}

const isTextual = (value: Json): boolean => typeof value === 'string' || typeof value === 'number'

function compareNumbers(
  a: number | null,
  is: 'greater-than' | 'at-least' | 'less-than' | 'at-most',
  b: number | null,
): boolean {
  if (a === null || b === null) return false
  if (is === 'greater-than') return a > b
  if (is === 'at-least') return a >= b
  return is === 'less-than' ? a < b : a <= b
}

function compareDates(
  found: Instant | null,
  is: 'before' | 'after' | 'within-last' | 'within-next',
  value: Json,
  now: Instant,
): boolean {
  if (found === null) return false
  if (is === 'before' || is === 'after') {
    const limit = instantOf(value)
    return limit !== null && (is === 'before' ? found < limit : found > limit)
  }
  const duration = typeof value === 'string' ? durationOf(value) : null
  if (duration === null) return false
  if (is === 'within-last') return found <= now && found >= addDuration(now, duration, 'UTC', -1)
  return found >= now && found <= addDuration(now, duration, 'UTC')
}

function own<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined
}

const LONGEST_SEEN = 200

function note(looking: Looking, what: string, value: Json | undefined, isTrue: boolean): boolean {
  looking.seen?.push({ what, value: brief(value), holds: isTrue })
  return isTrue
}

/** History keeps what was seen, not a whole cart. */
function brief(value: Json | undefined): Json {
  if (value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean')
    return value ?? null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= LONGEST_SEEN ? value : `${text.slice(0, LONGEST_SEEN)}…`
}
