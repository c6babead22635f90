/** A record of a file as the reader hands it to the writer: everything that can be worked out without the database already is. */
import { displayName, foldForSearch } from '../../shared/contact/values.ts'
import type { JsonObject } from '../../shared/json.ts'

export type ImportRow = {
  /** Physical line where the record starts; header = 1. */
  row: number
  /** In normal form, and as it is compared. */
  email: string | null
  emailFolded: string | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  /** JSON object; no value is null: an empty cell changes nothing. */
  attributes: string
  /** What the person is found by if these are all of their attributes. */
  nameFolded: string
  addTags: readonly string[]
}
export type RecordFields = {
  address: { address: string; folded: string } | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  attributes: JsonObject
  /** Those of the attributes that people may be called by. */
  names: JsonObject
  addTags: readonly string[]
}

/**
 * Rows as they go from thread to thread, column by column: objects would carry the names of their fields each time, which takes the writer
 * as long as writing two of its indexes.
 */
export type PackedRows = { readonly [K in keyof ImportRow]: readonly ImportRow[K][] }

export function packRows(rows: readonly ImportRow[]): PackedRows {
  return {
    row: rows.map(({ row }) => row),
    email: rows.map(({ email }) => email),
    emailFolded: rows.map(({ email, emailFolded }) => (emailFolded === email ? null : emailFolded)),
    externalId: rows.map(({ externalId }) => externalId),
    timezone: rows.map(({ timezone }) => timezone),
    locale: rows.map(({ locale }) => locale),
    attributes: rows.map(({ attributes }) => attributes),
    nameFolded: rows.map(({ nameFolded }) => nameFolded),
    addTags: rows.map(({ addTags }) => addTags),
  }
}

export function unpackRows(packed: PackedRows): ImportRow[] {
  return packed.row.map((row, i) => {
    const email = packed.email[i] ?? null
    return {
      row,
      email,
      // Most addresses are their own folded form, and go once.
      emailFolded: packed.emailFolded[i] ?? email,
      externalId: packed.externalId[i] ?? null,
      timezone: packed.timezone[i] ?? null,
      locale: packed.locale[i] ?? null,
      attributes: packed.attributes[i] ?? '{}',
      nameFolded: packed.nameFolded[i] ?? '',
      addTags: packed.addTags[i] ?? [],
    }
  })
}

export function importRow(row: number, fields: RecordFields): ImportRow {
  const { address, externalId, timezone, locale, attributes, names, addTags } = fields
  return {
    row,
    email: address?.address ?? null,
    emailFolded: address?.folded ?? null,
    externalId,
    timezone,
    locale,
    attributes: JSON.stringify(attributes),
    nameFolded: foldedName(names, locale),
    addTags,
  }
}

/** What a prefix search by name finds: the name as it is shown, folded, so that "nguyen" finds "Nguyễn". */
export function foldedName(attributes: JsonObject, locale: string | null): string {
  const name = displayName(attributes, locale)
  return name === null ? '' : foldForSearch(name)
}
