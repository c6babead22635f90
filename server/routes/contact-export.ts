/** Contacts as a file, CSV or JSON Lines: read in slices of ids on a connection of its own, no faster than the other side takes it. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'hono'
import type { Contact } from '../../shared/api/contacts.ts'
import type { Condition } from '../../shared/condition/schema.ts'
import { EXPORT_COLUMNS, guarded, headerOf } from '../../shared/contact/export-columns.ts'
import { foldForSearch } from '../../shared/contact/values.ts'
import type { Db } from '../db/open.ts'
import { attributeTypes, contactOf, contactSlices, searchSlices } from '../db/queries/contacts.ts'
import { foldedOf } from './contact-input.ts'
import type { AppEnv, RouteDeps } from './deps.ts'

export type ExportOptions = { format: 'csv' | 'jsonl'; q: string; condition: Condition | null }
type Slices = AsyncGenerator<readonly Contact[]>

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/jsonl; charset=utf-8' } as const

/** The file ends where the client lets go of it. */
export async function exportContacts(
  c: Context<AppEnv>,
  { db: shared, openReader, now }: RouteDeps,
  options: ExportOptions,
): Promise<Response> {
  const own = openReader === undefined ? null : await openReader()
  const close = async (): Promise<void> => own?.close()
  const db = own ?? shared
  const keys = Object.keys(await attributeTypes(db)).sort()
  const slices = slicesOf(db, options, now())
  const encoder = new TextEncoder()
  const toText = options.format === 'csv' ? (contact: Contact) => line(cellsOf(contact, keys)) : jsonLine
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (options.format === 'csv') controller.enqueue(encoder.encode(line(headerCells(keys))))
      },
      async pull(controller) {
        try {
          for (;;) {
            // Between slices it is the turn of other requests, also while nobody is found.
            await nextTurn()
            const { done, value } = await slices.next()
            if (done === true) break
            if (value.length > 0) return controller.enqueue(encoder.encode(value.map(toText).join('')))
          }
          await close()
          controller.close()
        } catch (error) {
          await close()
          throw error
        }
      },
      async cancel() {
        await slices.return(undefined)
        await close()
      },
    },
    { highWaterMark: 1 },
  )
  return c.body(body, 200, {
    'content-type': TYPES[options.format],
    'content-disposition': `attachment; filename="contacts.${options.format}"`,
    'cache-control': 'no-store',
  })
}

async function* slicesOf(db: Db, { q, condition }: ExportOptions, now: number): Slices {
  const prefixes = { email: foldedOf(q), name: foldForSearch(q) }
  const isSearch = prefixes.email !== '' && prefixes.name !== ''
  const slices = isSearch ? searchSlices(db, prefixes, condition, now) : contactSlices(db, condition, now)
  for await (const rows of slices) yield rows.map(contactOf)
}

const headerCells = (keys: readonly string[]): string[] => [...EXPORT_COLUMNS, ...keys.map(headerOf)]
const jsonLine = (contact: Contact): string => `${JSON.stringify(contact)}\n`

function cellsOf(contact: Contact, keys: readonly string[]): readonly string[] {
  const fixed = [
    contact.id,
    contact.email,
    contact.externalId,
    contact.timezone,
    contact.locale,
    tagsText(contact.tags),
    contact.consent.marketing ?? 'unknown',
    contact.suppression,
    contact.createdAt,
  ]
  const { attributes } = contact
  return [...fixed, ...keys.map((key) => (Object.hasOwn(attributes, key) ? attributes[key] : null))].map(textOf)
}

/** As a list of JSON where a tag has one of the signs that part tags. */
const tagsText = (tags: readonly string[]): string =>
  tags.some((tag) => /[;,|]|^\[|^\s|\s$/.test(tag)) ? JSON.stringify(tags) : tags.join(';')

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export const line = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

export function cell(text: string): string {
  const safe = guarded(text)
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
