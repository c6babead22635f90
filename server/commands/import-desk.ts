/**
 * The people of one chunk of an import in memory: rows are applied one after the other, by the rules of contact-write.ts, and all of it is
 * written at once (tests/server/commands/import-desk.test.ts holds both against each other).
 */
import type { ConsentStatus, ContactFacts } from '../../shared/condition/facts.ts'
import { foldAddress } from '../../shared/contact/address.ts'
import { MOST_ATTRIBUTES, MOST_TAGS, tooMuch } from '../../shared/contact/limits.ts'
import { type ContactId, partOf } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { ConsentWrite, ContactWrite, IdentityWrite } from '../db/hot/import-store.ts'
import type { StoredContact } from '../db/hot/store.ts'
import { contactFacts } from '../engine/facts.ts'
import type { Tx } from '../engine/transact.ts'
import { foldedName, type ImportRow } from './import-row.ts'
import { findObjections, type Objection } from './objections.ts'

/** One contact while rows are applied. */
export type Person = {
  /** Null: not written yet. */
  id: ContactId | null
  createdAt: Instant
  /** As it stands in the database; null for somebody new. */
  stored: ContactFacts | null
  storedAttributes: string
  storedFolded: string | null
  email: string | null
  emailFolded: string | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  /** JSON text, and parsed where rows had to be merged. */
  attributes: string
  parsed: JsonObject | null
  nameFolded: string | null
  tags: readonly string[]
  consent: Readonly<Record<string, ConsentStatus>>
  suppression: ContactFacts['suppression']
  /** Statements for the ledger, in order. */
  ledger: Omit<ConsentWrite, 'part' | 'contactId'>[]
  /** How many rows this chunk has had for them. */
  rows: number
}

export const stranger = (now: Instant): Person => ({
  id: null,
  createdAt: now,
  stored: null,
  storedAttributes: '{}',
  storedFolded: null,
  email: null,
  emailFolded: null,
  externalId: null,
  timezone: null,
  locale: null,
  attributes: '{}',
  parsed: null,
  nameFolded: '',
  tags: [],
  consent: {},
  suppression: 'none',
  ledger: [],
  rows: 0,
})

export function acquaintance(row: StoredContact): Person {
  const stored = contactFacts(row)
  const folded = stored.email === null ? null : foldAddress(stored.email)
  return {
    ...stranger(stored.createdAt),
    id: stored.id,
    stored,
    storedAttributes: row.attributes,
    storedFolded: folded,
    email: stored.email,
    emailFolded: folded,
    externalId: stored.externalId,
    timezone: stored.timezone,
    locale: stored.locale,
    attributes: row.attributes,
    parsed: stored.attributes,
    nameFolded: null,
    tags: stored.tags,
    consent: stored.consent,
    suppression: stored.suppression,
  }
}

export type Basis = { consent: 'granted' | 'unknown'; consentSource: string; consentText: string | null }

const MARKETING = 'marketing'

/** Apply one row. Never lifts a withdrawn consent or a suppression. */
export function apply(person: Person, row: ImportRow, basis: Basis, objection: Objection | null, now: Instant): void {
  if (objection !== null) object(person, objection, now)
  if (row.attributes !== '{}') addAttributes(person, row)
  if (row.email !== null) {
    person.email = row.email
    person.emailFolded = row.emailFolded
  }
  if (row.externalId !== null) person.externalId = row.externalId
  if (row.timezone !== null) person.timezone = row.timezone
  if (row.locale !== null && row.locale !== person.locale) {
    person.locale = row.locale
    // The order of given and family name goes by the language; a first row has worked it out itself.
    if (person.nameFolded !== null && person.rows > 0) person.nameFolded = null
  }
  if (row.addTags.length > 0) person.tags = [...new Set([...person.tags, ...row.addTags])].sort()
  if (basis.consent === 'granted' && person.consent[MARKETING] !== 'withdrawn')
    state(person, { topic: MARKETING, status: 'granted', ...proofOf(basis), address: row.email, at: now })
  person.rows += 1
}

/** An attribute takes 5 characters at least: only long texts are worth a look. */
const LEAST_OF_ATTRIBUTE = 5

/** Why the row would make too much of this person, as a sentence; null: it fits. */
export function overfull(person: Person, row: ImportRow): string | null {
  const isLong = person.attributes.length + row.attributes.length > MOST_ATTRIBUTES * LEAST_OF_ATTRIBUTE
  if (!isLong && person.tags.length + row.addTags.length <= MOST_TAGS) return null
  const { tags, consent } = person
  const before = { tags, consent, attributes: attributesOf(person) }
  const merged = { ...before.attributes, ...(JSON.parse(row.attributes) as JsonObject) }
  return tooMuch(before, { tags: [...new Set([...tags, ...row.addTags])], consent, attributes: merged })
}

const proofOf = ({ consentSource, consentText }: Basis) => ({ source: consentSource, text: consentText })

/** Somebody erased comes back: what they objected to is in force before anything else of the row. */
function object(person: Person, objection: Objection, now: Instant): void {
  for (const topic of objection.withdrawn)
    state(person, { topic, status: 'withdrawn', source: 'erasure', text: null, address: null, at: now })
  const strength = { none: 0, global: 1, hard: 2 } as const
  if (strength[objection.suppression] > strength[person.suppression]) person.suppression = objection.suppression
}

function state(person: Person, statement: Person['ledger'][number]): void {
  person.ledger.push(statement)
  if ((person.consent[statement.topic] ?? 'unknown') === statement.status) return
  person.consent = { ...person.consent, [statement.topic]: statement.status }
}

function addAttributes(person: Person, row: ImportRow): void {
  if (person.attributes === row.attributes) return
  if (person.attributes === '{}') {
    person.attributes = row.attributes
    person.parsed = null
    person.nameFolded = person.stored === null && person.rows === 0 ? row.nameFolded : null
    return
  }
  const merged: JsonObject = { ...attributesOf(person), ...(JSON.parse(row.attributes) as JsonObject) }
  const text = JSON.stringify(merged)
  person.parsed = merged
  if (text === person.attributes) return
  person.attributes = text
  person.nameFolded = null
}

function attributesOf(person: Person): JsonObject {
  person.parsed ??= JSON.parse(person.attributes) as JsonObject
  return person.parsed
}

/** As the engine sees them, once they are written. */
export const factsOf = (person: Person, id: ContactId): ContactFacts => ({
  id,
  email: person.email,
  externalId: person.externalId,
  timezone: person.timezone,
  locale: person.locale,
  createdAt: person.createdAt,
  attributes: attributesOf(person),
  tags: person.tags,
  consent: person.consent,
  suppression: person.suppression,
})

export function contactWrite(person: Person, id: ContactId, now: Instant): ContactWrite {
  const nameFolded = person.nameFolded ?? foldedName(attributesOf(person), person.locale)
  return {
    id,
    part: partOf(id),
    email: person.email,
    externalId: person.externalId,
    nameFolded,
    emailFolded: person.emailFolded ?? '',
    timezone: person.timezone,
    locale: person.locale,
    attributes: person.attributes,
    tags: JSON.stringify(person.tags),
    consent: JSON.stringify(person.consent),
    suppression: person.suppression,
    at: now,
    isIndexed: isIndexed(person, nameFolded),
  }
}

function isIndexed(person: Person, nameFolded: string): boolean {
  const { stored } = person
  if (stored === null || stored.email !== person.email || stored.externalId !== person.externalId) return true
  if (stored.consent !== person.consent || stored.suppression !== person.suppression) return true
  const isSameName = stored.locale === person.locale && person.storedAttributes === person.attributes
  return !isSameName && nameFolded !== foldedName(stored.attributes, stored.locale)
}

/** Identities that are not in the database yet. */
export function identityWrites(person: Person, id: ContactId): IdentityWrite[] {
  const { storedFolded } = person
  const writes: IdentityWrite[] = []
  const part = partOf(id)
  if (person.emailFolded !== null && person.emailFolded !== storedFolded)
    writes.push({ kind: 'email', value: person.emailFolded, part, contactId: id, isNew: storedFolded === null })
  const external = person.stored?.externalId ?? null
  if (person.externalId !== null && person.externalId !== external)
    writes.push({ kind: 'external', value: person.externalId, part, contactId: id, isNew: external === null })
  return writes
}

/** Who is known by what, from the database and from the rows applied so far. */
export async function openDesk(tx: Tx, rows: readonly ImportRow[]) {
  const addresses = [...new Set(rows.flatMap(({ emailFolded }) => emailFolded ?? []))]
  const externals = [...new Set(rows.flatMap(({ externalId }) => externalId ?? []))]
  const identities = [
    ...(await tx.store.findIdentities('email', addresses)),
    ...(await tx.store.findIdentities('external', externals)),
  ]
  const ids = [...new Set(identities.map(({ contactId }) => contactId))]
  const stored = ids.length === 0 ? [] : await tx.store.findContacts(ids)
  const people = new Map(stored.map((row) => [row.id, acquaintance(row)]))
  const known = { email: new Map<string, Person>(), external: new Map<string, Person>() }
  for (const { kind, value, contactId } of identities) {
    const person = people.get(contactId)
    if (person !== undefined) known[kind].set(value, person)
  }
  const objections = new Map(await findObjections(tx, addresses))
  const spent: string[] = []
  return {
    /** Hashes of the objections that were handed on. */
    spent,
    find(row: ImportRow): Person | 'two-people' | null {
      const first = row.emailFolded === null ? null : (known.email.get(row.emailFolded) ?? null)
      const second = row.externalId === null ? null : (known.external.get(row.externalId) ?? null)
      if (first !== null && second !== null && first !== second) return 'two-people'
      return first ?? second
    },
    takeObjection(address: string): Objection | null {
      const objection = objections.get(address)
      if (objection === undefined) return null
      objections.delete(address)
      spent.push(objection.hash)
      return objection
    },
    /** Who they are from now on; what they were known by before (`had`) names nobody any more. */
    note(person: Person, row: ImportRow, had: { email: string | null; external: string | null }): void {
      rename(known.email, person, had.email, row.emailFolded)
      rename(known.external, person, had.external, row.externalId)
    },
  }
}
export type Desk = Awaited<ReturnType<typeof openDesk>>

function rename(known: Map<string, Person>, person: Person, before: string | null, after: string | null): void {
  if (after === null || after === before) return
  if (before !== null) known.delete(before)
  known.set(after, person)
}
