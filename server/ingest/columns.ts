/** Where the columns of a file go: mapped ones where they are told, the others become text under their header. */
import { isExport } from '../../shared/contact/export-columns.ts'
import { guessType } from '../../shared/contact/values.ts'
import type { Db } from '../db/open.ts'
import { attributeTypes } from '../db/queries/contacts.ts'
import { guessColumns, IDENTITY_TARGETS } from './guess.ts'
import { type Layout, withSamples } from './preview.ts'
import type { Column } from './rows.ts'

const ATTRIBUTE = 'attributes.'

export type Mapping = Readonly<Record<string, string | null>> | undefined

export async function columnsOf(db: Db, layout: Layout, mapping: Mapping): Promise<Column[]> {
  const declared = await attributeTypes(db)
  const samples = withSamples(layout)
  const guesses = guessColumns(samples, new Set())
  const isExported = layout.header && isExport(layout.columns)
  return samples.map((column, i): Column => {
    const given = mapping !== undefined && Object.hasOwn(mapping, column.name) ? mapping[column.name] : undefined
    const target = given === undefined ? unmapped(column.name, guesses[i]?.target ?? null, mapping, isExported) : given
    const common = { name: column.name, target, ...(isExported && { isExported }) }
    if (target === null || !target.startsWith(ATTRIBUTE)) return { ...common, type: 'text' }
    const key = target.slice(ATTRIBUTE.length)
    const known = Object.hasOwn(declared, key) ? declared[key] : undefined
    const guessed = given === undefined && !isExported ? 'text' : guessType(column.samples)
    return { ...common, type: known ?? guessed }
  })
}

function unmapped(name: string, guess: string | null, mapping: Mapping, isExported: boolean): string | null {
  if (isExported) return guess
  const isIdentity = mapping === undefined && guess !== null && IDENTITY_TARGETS.has(guess)
  return isIdentity ? guess : `${ATTRIBUTE}${name}`
}
