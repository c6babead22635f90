/** Create or change one contact: merge, identities, consent ledger. What changed is answered, so that the engine can react. */

import type { ConsentStatus, ContactFacts } from '../../shared/condition/facts.ts'
import { tooMuch } from '../../shared/contact/limits.ts'
import { patched } from '../../shared/contact/patch.ts'
import { type Change, changeBetween, tagsAdded } from '../../shared/engine/change.ts'
import { conflict, notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, fromColumn, partOf } from '../../shared/ids.ts'
import { learnAttributes, valueColumns } from '../engine/contact-change.ts'
import type { Moment } from '../engine/context.ts'
import { contactFacts } from '../engine/facts.ts'
import { type Address, findContactRef, findIdentity, readAddress, setIdentity } from './contact-identity.ts'
import type { ConsentChange, ContactPatch, ContactRef } from './contract.ts'
import { takeObjection } from './objections.ts'

export type Written = {
  id: ContactId
  created: boolean
  change: Extract<Change, { kind: 'contact' }>
  tagsAdded: readonly string[]
}
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
  const consentAfter = { ...before.consent, ...statusesOf(patch.consent ?? {}) }
  const tooMany = tooMuch(before, { ...after, consent: consentAfter })
  if (tooMany !== null) throw unprocessable('too-much', tooMany)
  if (address !== undefined) await setIdentity(moment, before.id, 'email', address?.folded ?? null)
  if (patch.externalId !== undefined) await setIdentity(moment, before.id, 'external', patch.externalId)
  const consent = await writeConsents(moment, before, patch.consent ?? {}, options.keepWithdrawn === true)
  await learnAttributes(moment, patch.attributes ?? {})
  await store(moment, { ...after, consent: consent.byTopic }, address)
  const topics = Object.keys(consent.byTopic).filter((topic) => consent.byTopic[topic] !== found.consent[topic])
  const change = changeBetween(before, after, topics)
  return { id: before.id, created: known === null, change, tagsAdded: tagsAdded(before, after) }
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
  return {
    ...patched(before, patch),
    email: address === undefined ? before.email : (address?.address ?? null),
    externalId: patch.externalId === undefined ? before.externalId : patch.externalId,
  }
}

const statusesOf = (changes: Readonly<Record<string, ConsentChange>>) =>
  Object.fromEntries(Object.entries(changes).map(([topic, { status }]) => [topic, status]))

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

async function store({ tx, now }: Moment, contact: ContactFacts, address: Address | null | undefined): Promise<void> {
  await tx.sql
    .updateTable('contact')
    .set({
      ...valueColumns(contact),
      email: contact.email,
      external_id: contact.externalId,
      ...(address === undefined ? {} : { email_folded: address?.folded ?? '' }),
      consent: JSON.stringify(contact.consent),
      suppression: contact.suppression,
      updated_at: now,
    })
    .where('id', '=', contact.id)
    .execute()
}
