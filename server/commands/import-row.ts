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
  addTags: readonly string[]
}

export function importRow(row: number, fields: RecordFields): ImportRow {
  const { address, externalId, timezone, locale, attributes, addTags } = fields
  return {
    row,
    email: address?.address ?? null,
    emailFolded: address?.folded ?? null,
    externalId,
    timezone,
    locale,
    attributes: JSON.stringify(attributes),
    nameFolded: foldedName(attributes, locale),
    addTags,
  }
}

/** What a prefix search by name finds: the name as it is shown, folded, so that "nguyen" finds "Nguyễn". */
export function foldedName(attributes: JsonObject, locale: string | null): string {
  const name = displayName(attributes, locale)
  return name === null ? '' : foldForSearch(name)
}
