/** Load what plans depend on, for a whole batch, and nothing else. Rows become the plain values that conditions read. */
import type { ContactFacts, EventFacts, Facts, MessageFacts } from '../../shared/condition/facts.ts'
import { type ContactId, type EnrollmentId, type Part, partOf } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Dependencies } from '../../shared/workflow/plan.ts'
import type { DeedKey, EventKey, LiveEnrollment, StoredContact, StoredDeed, StoredEvent } from '../db/hot/store.ts'
import type { Tx } from './transact.ts'

const NOTHING: JsonObject = {}
const NO_TAGS: readonly string[] = []

export function contactFacts(row: StoredContact): ContactFacts {
  return {
    id: row.id,
    email: row.email,
    externalId: row.externalId,
    timezone: row.timezone,
    locale: row.locale,
    createdAt: row.createdAt,
    attributes: row.attributes === '{}' ? NOTHING : (JSON.parse(row.attributes) as JsonObject),
    tags: row.tags === '[]' ? NO_TAGS : (JSON.parse(row.tags) as string[]),
    consent: row.consent === '{}' ? {} : (JSON.parse(row.consent) as ContactFacts['consent']),
    suppression: row.suppression,
  }
}

export const eventFacts = (row: StoredEvent): EventFacts => ({
  id: row.id,
  name: row.name,
  occurredAt: row.occurredAt,
  properties: JSON.parse(row.properties) as JsonObject,
})

const deedFacts = (row: StoredDeed): MessageFacts => ({
  email: row.email,
  did: row.did,
  machine: row.machine === 1,
  at: row.at,
})

/** Whose facts: an enrollment's, or (with `enrollment` null) those of a contact who may enter. */
export type Subject = { contactId: ContactId; enrollment: LiveEnrollment | null; dependencies: Dependencies }
export type LoadedFacts = {
  contact(id: ContactId): ContactFacts | null
  /** @throws RangeError when the contact does not exist (erased: the caller has asked `contact` first) */
  of(subject: Subject, event: EventFacts | null): Facts
}

export async function loadFacts(tx: Tx, subjects: readonly Subject[]): Promise<LoadedFacts> {
  const stored = new Map<ContactId, StoredContact>()
  for (const row of await tx.store.findContacts([...new Set(subjects.map((subject) => subject.contactId))])) {
    stored.set(row.id, row)
  }
  // Parsed when asked for: a row that cannot be read harms nobody else of the batch.
  const parsed = new Map<ContactId, ContactFacts>()
  const contactOf = (id: ContactId): ContactFacts | null => {
    const known = parsed.get(id)
    if (known !== undefined) return known
    const row = stored.get(id)
    if (row === undefined) return null
    const facts = contactFacts(row)
    parsed.set(id, facts)
    return facts
  }
  const events = groupBy(await tx.store.findEvents(eventKeys(subjects)), (row) => row.contactId)
  const deedRows = await tx.store.findDeeds(subjects.flatMap(deedKey))
  const byEnrollment = groupBy(deedRows, (row) => row.enrollmentId)
  const byContact = groupBy(deedRows, (row) => row.contactId)

  return {
    contact: contactOf,
    of({ contactId, enrollment }, event) {
      const contact = contactOf(contactId)
      if (contact === null) throw new RangeError(`there is no contact ${contactId}`)
      const deeds = enrollment === null ? byContact.get(contactId) : byEnrollment.get(enrollment.id)
      return {
        contact,
        event,
        entry: enrollment === null ? event : entryFacts(enrollment.entryEvent),
        enteredAt: enrollment?.enteredAt ?? null,
        events: (events.get(contactId) ?? []).map(eventFacts),
        messages: (deeds ?? []).map(deedFacts),
      }
    },
  }
}

export function entryFacts(stored: string | null): EventFacts | null {
  return stored === null ? null : (JSON.parse(stored) as EventFacts)
}

/** One key per contact, with all names any of its subjects asks for. */
function eventKeys(subjects: readonly Subject[]): EventKey[] {
  const names = new Map<ContactId, Set<string>>()
  for (const { contactId, dependencies } of subjects) {
    if (dependencies.events.length === 0) continue
    const known = names.get(contactId)
    if (known === undefined) names.set(contactId, new Set(dependencies.events))
    else for (const name of dependencies.events) known.add(name)
  }
  return [...names].map(([contactId, set]) => ({ part: partOf(contactId), contactId, names: [...set] }))
}

function deedKey({ contactId, enrollment, dependencies }: Subject): DeedKey[] {
  if (dependencies.messages.length === 0) return []
  const part: Part = partOf(contactId)
  const enrollmentId: EnrollmentId | null = enrollment?.id ?? null
  return [{ part, contactId, enrollmentId, emails: dependencies.messages }]
}

function groupBy<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}
