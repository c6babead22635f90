/** Create or change one contact: merge, identities, consent ledger. What changed is answered, so that the engine can react. */

import type { ConsentStatus, ContactFacts } from '../../shared/condition/facts.ts'
import { displayName, foldForSearch, typeOfValue } from '../../shared/contact/values.ts'
import type { Change } from '../../shared/engine/change.ts'
import { conflict, notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, fromColumn, partOf } from '../../shared/ids.ts'
import type { Json, JsonObject } from '../../shared/json.ts'
import type { Moment } from '../engine/context.ts'
import { contactFacts } from '../engine/facts.ts'
import { type Address, findContactRef, findIdentity, readAddress, setIdentity } from './contact-identity.ts'
import type { ConsentChange, ContactPatch, ContactRef } from './contract.ts'
import { takeObjection } from './objections.ts'

export type Written = { id: ContactId; created: boolean; change: Extract<Change, { kind: 'contact' }> }
export type WriteOptions = {
  ref?: ContactRef | undefined
  /** An import never turns a withdrawn consent into a granted one. */
  keepWithdrawn?: boolean
}

/** @throws 409 when the identities name two people, 422 without any identity or with a bad address, 404 for an unknown `ref` */
export async function writeContact(moment: Moment, patch: ContactPatch, options: WriteOptions = {}): Promise<Written> {
  const address = typeof patch.email === 'string' ? readAddress(patch.email) : patch.email
  const known = await findPerson(moment, patch, address, options.ref)
  const found = known === null ? await insertEmpty(moment) : await readContact(moment, known)
  const before = await withObjection(moment, found, address)
  const after = merge(before, patch, address)
  if (after.email === null && after.externalId === null) {
    throw unprocessable('no-identity', 'A contact needs an email or an externalId; both are missing.')
  }
  if (address !== undefined) await setIdentity(moment, before.id, 'email', address?.folded ?? null)
  if (patch.externalId !== undefined) await setIdentity(moment, before.id, 'external', patch.externalId)
  const consent = await writeConsents(moment, before, patch.consent ?? {}, options.keepWithdrawn === true)
  await learnAttributes(moment, patch.attributes ?? {})
  await store(moment, { ...after, consent: consent.byTopic }, address)
  const topics = Object.keys(consent.byTopic).filter((topic) => consent.byTopic[topic] !== found.consent[topic])
  return { id: before.id, created: known === null, change: changeBetween(before, after, topics) }
}

/** Somebody erased comes back with this address: what they objected to is in force before anything else is read. */
async function withObjection(
  moment: Moment,
  contact: ContactFacts,
  address: Address | null | undefined,
): Promise<ContactFacts> {
  if (address === undefined || address === null) return contact
  const objection = await takeObjection(moment.tx, address.folded)
  if (objection === null) return contact
  const withdrawal = { status: 'withdrawn', source: 'erasure', text: null, at: null, address: null } as const
  const withdrawals = Object.fromEntries(objection.withdrawn.map((topic) => [topic, withdrawal]))
  const { byTopic } = await writeConsents(moment, contact, withdrawals, false)
  return { ...contact, consent: byTopic, suppression: stronger(contact.suppression, objection.suppression) }
}

const STRENGTH = { none: 0, global: 1, hard: 2 } as const
const stronger = (a: ContactFacts['suppression'], b: ContactFacts['suppression']) =>
  STRENGTH[a] >= STRENGTH[b] ? a : b

async function findPerson(
  moment: Moment,
  patch: ContactPatch,
  address: Address | null | undefined,
  ref: ContactRef | undefined,
): Promise<ContactId | null> {
  if (ref !== undefined) {
    const id = await findContactRef(moment, ref)
    if (id !== null) return id
    if ('id' in ref) throw notFound('contact', ref.id)
  }
  const byEmail =
    address === null || address === undefined ? null : await findIdentity(moment.tx, 'email', address.folded)
  const { externalId } = patch
  const byExternal =
    externalId === null || externalId === undefined ? null : await findIdentity(moment.tx, 'external', externalId)
  if (byEmail !== null && byExternal !== null && byEmail !== byExternal) {
    throw conflict(
      `The email ${JSON.stringify(patch.email)} and the externalId ${JSON.stringify(externalId)} name two people.`,
      {
        contactIds: [String(byEmail), String(byExternal)],
      },
    )
  }
  return byEmail ?? byExternal
}

async function insertEmpty({ tx, now }: Moment): Promise<ContactFacts> {
  const row = await tx.sql
    .insertInto('contact')
    .values({
      part: 0,
      email: null,
      external_id: null,
      name_folded: '',
      email_folded: '',
      timezone: null,
      locale: null,
      attributes: '{}',
      tags: '[]',
      consent: '{}',
      suppression: 'none',
      created_at: now,
      updated_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const id = fromColumn<ContactId>(row.id)
  // The partition follows from the id, which only the insert gives.
  await tx.sql
    .updateTable('contact')
    .set({ part: partOf(id) })
    .where('id', '=', row.id)
    .execute()
  return {
    id,
    email: null,
    externalId: null,
    timezone: null,
    locale: null,
    createdAt: now,
    attributes: {},
    tags: [],
    consent: {},
    suppression: 'none',
  }
}

/** @throws 404 */
export async function readContact({ tx }: Moment, id: ContactId): Promise<ContactFacts> {
  const [row] = await tx.store.findContacts([id])
  if (row === undefined) throw notFound('contact', id)
  return contactFacts(row)
}

function merge(before: ContactFacts, patch: ContactPatch, address: Address | null | undefined): ContactFacts {
  const attributes: Record<string, Json> = { ...before.attributes }
  for (const [key, value] of Object.entries(patch.attributes ?? {})) {
    if (value === null) delete attributes[key]
    else Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true })
  }
  const tags = new Set(patch.tags ?? before.tags)
  for (const tag of patch.addTags ?? []) tags.add(tag)
  for (const tag of patch.removeTags ?? []) tags.delete(tag)
  return {
    ...before,
    email: address === undefined ? before.email : (address?.address ?? null),
    externalId: patch.externalId === undefined ? before.externalId : patch.externalId,
    timezone: patch.timezone === undefined ? before.timezone : patch.timezone,
    locale: patch.locale === undefined ? before.locale : patch.locale,
    attributes,
    tags: [...tags].sort(),
  }
}

type Consents = { byTopic: ContactFacts['consent']; topics: string[] }

/** Every statement goes into the ledger; the state per topic follows it. No consent ever lifts a suppression. */
export async function writeConsents(
  { tx, now }: Moment,
  { id, consent }: Pick<ContactFacts, 'id' | 'consent'>,
  changes: Readonly<Record<string, ConsentChange>>,
  keepWithdrawn: boolean,
): Promise<Consents> {
  const byTopic: Record<string, ConsentStatus> = { ...consent }
  const topics: string[] = []
  for (const [topic, change] of Object.entries(changes)) {
    const before = byTopic[topic] ?? 'unknown'
    if (keepWithdrawn && (before === 'withdrawn' || change.status === 'unknown')) continue
    await tx.sql
      .insertInto('consent_record')
      .values({
        part: partOf(id),
        contact_id: id,
        topic,
        status: change.status,
        source: change.source,
        text: change.text,
        address: change.address,
        at: change.at ?? now,
      })
      .execute()
    if (before === change.status) continue
    byTopic[topic] = change.status
    topics.push(topic)
  }
  return { byTopic, topics }
}

/** A key keeps the type it was first seen with. */
async function learnAttributes({ tx, now }: Moment, attributes: JsonObject): Promise<void> {
  for (const [key, value] of Object.entries(attributes)) {
    const type = typeOfValue(value)
    if (type === null) continue
    await tx.sql
      .insertInto('attribute_definition')
      .values({ key, type, created_at: now })
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

async function store({ tx, now }: Moment, contact: ContactFacts, address: Address | null | undefined): Promise<void> {
  await tx.sql
    .updateTable('contact')
    .set({
      email: contact.email,
      external_id: contact.externalId,
      ...(address === undefined ? {} : { email_folded: address?.folded ?? '' }),
      name_folded: foldedName(contact.attributes, contact.locale),
      timezone: contact.timezone,
      locale: contact.locale,
      attributes: JSON.stringify(contact.attributes),
      tags: JSON.stringify(contact.tags),
      consent: JSON.stringify(contact.consent),
      suppression: contact.suppression,
      updated_at: now,
    })
    .where('id', '=', contact.id)
    .execute()
}

/** What a prefix search by name finds: the name as it is shown, folded, so that "nguyen" finds "Nguyễn". */
function foldedName(attributes: JsonObject, locale: string | null): string {
  return foldForSearch(displayName(attributes, locale) ?? '')
}

const FIELDS = ['email', 'externalId', 'timezone', 'locale'] as const

function changeBetween(before: ContactFacts, after: ContactFacts, topics: string[]): Written['change'] {
  const keys = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])
  const attributes = [...keys].filter(
    (key) => JSON.stringify(before.attributes[key]) !== JSON.stringify(after.attributes[key]),
  )
  for (const field of FIELDS) if (before[field] !== after[field]) attributes.push(field)
  const tags = [
    ...before.tags.filter((tag) => !after.tags.includes(tag)),
    ...after.tags.filter((tag) => !before.tags.includes(tag)),
  ]
  return { kind: 'contact', attributes, tags, topics }
}
