/** All contacts as CSV, streamed in batches. */
import type { Context } from 'hono'
import type { Contact } from '../../shared/api/contacts.ts'
import type { Db } from '../db/open.ts'
import { attributeTypes, contactOf, contactsAfter } from '../db/queries/contacts.ts'
import type { AppEnv } from './deps.ts'

const BATCH = 500
const FIXED = [
  'id',
  'email',
  'externalId',
  'timezone',
  'locale',
  'tags',
  'consent.marketing',
  'suppression',
  'createdAt',
] as const

export async function exportContacts(c: Context<AppEnv>, db: Db): Promise<Response> {
  const keys = Object.keys(await attributeTypes(db)).sort()
  const encoder = new TextEncoder()
  let after = 0
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(line([...FIXED, ...keys])))
    },
    async pull(controller) {
      const rows = await contactsAfter(db, after, BATCH)
      const last = rows.at(-1)
      if (last === undefined) return controller.close()
      after = last.id
      controller.enqueue(encoder.encode(rows.map((row) => line(cellsOf(contactOf(row), keys))).join('')))
    },
  })
  return c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="contacts.csv"',
  })
}

function cellsOf(contact: Contact, keys: readonly string[]): readonly string[] {
  const fixed = [
    contact.id,
    contact.email,
    contact.externalId,
    contact.timezone,
    contact.locale,
    contact.tags.join(';'),
    contact.consent.marketing ?? 'unknown',
    contact.suppression,
    contact.createdAt,
  ]
  return [
    ...fixed,
    ...keys.map((key) => (Object.hasOwn(contact.attributes, key) ? contact.attributes[key] : null)),
  ].map(textOf)
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

/** Spreadsheets run cells that start like a formula; a leading ' stops them. Phone numbers are no formulas. */
export function cell(text: string): string {
  const isRisky = /^[=@+\-\t\r]/.test(text) && !/^\+\d[\d\s().-]{5,}$/.test(text)
  const safe = isRisky ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
