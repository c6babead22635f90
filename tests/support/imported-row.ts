/** A row of an import as the reader makes it, from the same words a person would use. */
import { type ImportRow, importRow } from '../../server/commands/import-row.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import type { JsonObject } from '../../shared/json.ts'

export type Record = {
  email?: string
  externalId?: string
  timezone?: string
  locale?: string
  attributes?: JsonObject
  addTags?: readonly string[]
}

export function importedRow(row: number, record: Record): ImportRow {
  const parsed = record.email === undefined ? null : parseAddress(record.email)
  if (parsed?.ok === false) throw new RangeError(parsed.message)
  return importRow(row, {
    address: parsed,
    externalId: record.externalId ?? null,
    timezone: record.timezone ?? null,
    locale: record.locale ?? null,
    attributes: record.attributes ?? {},
    names: record.attributes ?? {},
    addTags: record.addTags ?? [],
  })
}
