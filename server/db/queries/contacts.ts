/** Cold reads about contacts. */
import { z } from 'zod'
import type { Contact, Fields } from '../../../shared/api/contacts.ts'
import type { Condition } from '../../../shared/condition/schema.ts'
import { displayName } from '../../../shared/contact/values.ts'
import { type ContactId, fromColumn, partOf, toApiId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import { audienceQuery } from '../audience.ts'
import type { Db } from '../open.ts'
import type { ContactTable } from '../schema.ts'
import { type Cursor, decodeCursor, iso, pageOf } from './page.ts'

export type ContactRow = Omit<ContactTable, 'id'> & { id: number }

const jsonObjectText = z.record(z.string(), z.unknown())
const stringList = z.array(z.string())
const consentStates = z.record(z.string(), z.enum(['granted', 'withdrawn', 'unknown']))

/** A row as the API shows it. */
export function contactOf(row: ContactRow): Contact {
  return {
    id: toApiId(row.id),
    email: row.email,
    externalId: row.external_id,
    timezone: row.timezone,
    locale: row.locale,
    attributes: JSON.parse(row.attributes),
    tags: stringList.parse(JSON.parse(row.tags)),
    consent: { marketing: 'unknown', ...consentStates.parse(JSON.parse(row.consent)) },
    suppression: row.suppression === 'hard' ? 'hard' : row.suppression === 'global' ? 'global' : 'none',
    stage: null,
    score: null,
    retention: null,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  }
}

/** The name lists show; null when nobody told us one. */
export const nameOf = (attributesJson: string, locale: string | null = null): string | null =>
  displayName(JSON.parse(attributesJson), locale)

export async function findContact(db: Db, id: ContactId): Promise<ContactRow | null> {
  const row = await db.sql
    .selectFrom('contact')
    .selectAll()
    .where('part', '=', partOf(id))
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** By folded address or external id. */
export async function findContactId(db: Db, kind: 'email' | 'external', value: string): Promise<ContactId | null> {
  const row = await db.sql
    .selectFrom('contact_identity')
    .select('contact_id')
    .where('kind', '=', kind)
    .where('value', '=', value)
    .executeTakeFirst()
  return row === undefined ? null : fromColumn<ContactId>(row.contact_id)
}

export type ContactPageQuery = { limit: number; cursor: string | undefined }

/** Newest first. */
export async function listNewestContacts(db: Db, { limit, cursor }: ContactPageQuery) {
  const after = decodeCursor(cursor, ['number'])
  const rows = await db.sql
    .selectFrom('contact')
    .selectAll()
    .$if(after !== null, (q) => q.where('id', '<', Number(after?.[0])))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf<ContactRow>(rows, limit, (row) => [row.id])
}

/** The last text that begins with `prefix`: U+10FFFF sorts behind every character there is. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`

type Found = { key: readonly [string, string, number]; row: ContactRow }
const BY_ADDRESS = 'email_folded'
const BY_NAME = 'name_folded'

/**
 * Whose address or name begins so, addresses first: two index ranges, each with its own keyset, never a scan. Addresses are looked for
 * where identities are kept, so that no second index of them has to be written.
 * @param prefixes  folded as the columns are, not empty
 */
export async function searchContacts(
  db: Db,
  prefixes: { email: string; name: string },
  { limit, cursor }: ContactPageQuery,
) {
  const after = decodeCursor(cursor, ['string', 'string', 'number'])
  const resume = (range: string) => (after !== null && after[0] === range ? after : null)
  const found: Found[] =
    after !== null && after[0] === BY_NAME ? [] : await byAddress(db, prefixes.email, resume(BY_ADDRESS), limit + 1)
  if (found.length <= limit) found.push(...(await byName(db, prefixes, resume(BY_NAME), limit + 1 - found.length)))
  const page = pageOf(found, limit, ({ key }) => key)
  return { rows: page.rows.map(({ row }) => row), nextCursor: page.nextCursor }
}

async function byAddress(db: Db, prefix: string, after: Cursor | null, limit: number): Promise<Found[]> {
  const rows = await db.sql
    .selectFrom('contact_identity as i')
    .innerJoin('contact as c', (join) => join.onRef('c.part', '=', 'i.part').onRef('c.id', '=', 'i.contact_id'))
    .selectAll('c')
    .select('i.value')
    .where('i.kind', '=', 'email')
    .where('i.value', after === null ? '>=' : '>', after === null ? prefix : String(after[1]))
    .where('i.value', '<', endOf(prefix))
    .orderBy('i.value')
    .limit(limit)
    .execute()
  return rows.map(({ value, ...row }) => ({ key: [BY_ADDRESS, value, row.id], row }))
}

async function byName(
  db: Db,
  { email, name }: { email: string; name: string },
  after: Cursor | null,
  limit: number,
): Promise<Found[]> {
  const rows = await db.sql
    .selectFrom('contact')
    .selectAll()
    .where('name_folded', '>=', after === null ? name : String(after[1]))
    .where('name_folded', '<', endOf(name))
    // Those were among the addresses.
    .where((eb) => eb.or([eb('email_folded', '<', email), eb('email_folded', '>=', endOf(email))]))
    .$if(after !== null, (q) =>
      q.where((eb) => eb.or([eb('name_folded', '>', String(after?.[1])), eb('id', '>', Number(after?.[2]))])),
    )
    .orderBy('name_folded')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ key: [BY_NAME, row.name_folded, row.id], row }))
}

/** Looked at in one turn: 5 ms, also where the condition holds for nobody. */
const SLICE_IDS = 1_000

/** All contacts for whom the condition holds, by id; a slice may be empty. Whoever comes while it runs may be in it or not. */
export async function* contactSlices(db: Db, condition: Condition | null, now: Instant): AsyncGenerator<ContactRow[]> {
  const last = await db.sql
    .selectFrom('contact')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  for (let from = 0; from < (last?.id ?? 0); from += SLICE_IDS) {
    yield await audienceQuery(db, condition, now)
      .where('contact.id', '>', from)
      .where('contact.id', '<=', from + SLICE_IDS)
      .clearSelect()
      .selectAll()
      .orderBy('contact.id')
      .execute()
  }
}

const SEARCH_SLICE = 500

/** Those whom a search finds, in its order. */
export async function* searchSlices(
  db: Db,
  prefixes: { email: string; name: string },
  condition: Condition | null,
  now: Instant,
): AsyncGenerator<readonly ContactRow[]> {
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await searchContacts(db, prefixes, { limit: SEARCH_SLICE, cursor })
    const rows =
      condition === null || page.rows.length === 0 ? page.rows : await thoseWho(db, page.rows, condition, now)
    yield rows
    cursor = page.nextCursor
  }
}

async function thoseWho(db: Db, rows: readonly ContactRow[], condition: Condition, now: Instant) {
  const ids = rows.map(({ id }) => id)
  const found = await audienceQuery(db, condition, now).where('contact.id', 'in', ids).execute()
  const holds = new Set(found.map(({ id }) => id))
  return rows.filter(({ id }) => holds.has(id))
}

export async function listConsents(db: Db, id: ContactId) {
  const rows = await db.sql
    .selectFrom('consent_record')
    .select(['topic', 'status', 'source', 'text', 'at'])
    .where('part', '=', partOf(id))
    .where('contact_id', '=', id)
    .orderBy('id', 'desc')
    .limit(500)
    .execute()
  return rows.map((row) => ({ ...row, at: iso(row.at) }))
}

/** People looked at for samples and tags: enough to offer something, cheap on any size. */
const SAMPLED = 200

export async function listFields(db: Db): Promise<Fields> {
  const definitions = await db.sql
    .selectFrom('attribute_definition')
    .select(['key', 'type'])
    .orderBy('key')
    .limit(1_000)
    .execute()
  const events = await db.sql
    .selectFrom('event_definition')
    .select(['name', 'properties'])
    .orderBy('name')
    .limit(1_000)
    .execute()
  const people = await db.sql
    .selectFrom('contact')
    .select(['attributes', 'tags', 'consent'])
    .orderBy('id', 'desc')
    .limit(SAMPLED)
    .execute()
  const samples = new Map<string, Set<string>>()
  const tags = new Set<string>()
  const topics = new Set<string>(['marketing'])
  for (const person of people) {
    for (const tag of stringList.parse(JSON.parse(person.tags))) tags.add(tag)
    for (const topic of Object.keys(consentStates.parse(JSON.parse(person.consent)))) topics.add(topic)
    for (const [key, value] of Object.entries(jsonObjectText.parse(JSON.parse(person.attributes)))) {
      if (value === null || typeof value === 'object') continue
      const seen = samples.get(key) ?? new Set<string>()
      if (seen.size < 5) samples.set(key, seen.add(String(value).slice(0, 100)))
    }
  }
  return {
    attributes: definitions.map(({ key, type }) => ({
      key,
      type: attributeType(type),
      samples: [...(samples.get(key) ?? [])],
    })),
    tags: [...tags].sort(),
    topics: [...topics].sort(),
    events: events.map(({ name, properties }) => ({ name, properties: propertyNames(JSON.parse(properties)) })),
  }
}

export const attributeType = (type: string): 'text' | 'number' | 'boolean' | 'date' =>
  type === 'number' || type === 'boolean' || type === 'date' ? type : 'text'

/** Either a list of names or an object by name, as the writer learned them. */
const propertyNames = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'object' && value !== null ? Object.keys(value) : []

/** Declared types, for checks and for the import. */
export async function attributeTypes(db: Db): Promise<Record<string, 'text' | 'number' | 'boolean' | 'date'>> {
  const rows = await db.sql.selectFrom('attribute_definition').select(['key', 'type']).execute()
  return Object.fromEntries(rows.map(({ key, type }) => [key, attributeType(type)]))
}
