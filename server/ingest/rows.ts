/** From one record of a file to a row for the writer, or to the reasons why not. */
import { z } from 'zod'
import { parseAddress } from '../../shared/contact/address.ts'
import { unguarded } from '../../shared/contact/export-columns.ts'
import { type AttributeType, coerce, isNameKey } from '../../shared/contact/values.ts'
import type { Json } from '../../shared/json.ts'
import { isZone } from '../../shared/time/zones.ts'
import type { ImportRowError } from '../commands/contract.ts'
import { type ImportRow, importRow, type RecordFields } from '../commands/import-row.ts'
import type { CsvRecord } from './csv.ts'

export type Column = {
  name: string
  /** email | externalId | timezone | locale | tags | attributes.<key> | null: left out */
  target: string | null
  /** What an attribute's cells are read as. */
  type: AttributeType
  /** The file is an export of ours: cells stand as they were, but for the sign that keeps spreadsheets from running them. */
  isExported?: boolean | undefined
}
export type TakenRow =
  | { kind: 'row'; row: ImportRow; kept: readonly string[] }
  | { kind: 'rejected'; errors: readonly ImportRowError[] }
  | { kind: 'empty' }

const ATTRIBUTE = 'attributes.'
const MAX_CELL = 10_000
const MAX_RECORD_SHOWN = 20_000
const MAX_EXTERNAL_ID = 200
const MAX_TAG = 100
const MAX_TAGS = 200
/** Printable ASCII is stored as it stands, and needs no look at its letters. */
const PLAIN = /^[\x20-\x7e]*$/
/** NUL cannot be stored in PostgreSQL's text; half a surrogate pair in no UTF-8. */
const UNSTORABLE = /\0|\p{Surrogate}/u

type Refuse = (column: string, code: string, message: string) => void
type Fields = { -readonly [K in keyof RecordFields]: RecordFields[K] }

/** What is the same for every row of a file is worked out once. */
export function rowTaker(columns: readonly Column[]): (record: CsvRecord) => TakenRow {
  const ready = columns.map(({ target, ...column }): ReadyColumn => {
    const key = target?.startsWith(ATTRIBUTE) === true ? target.slice(ATTRIBUTE.length) : null
    return { ...column, target, key, isName: key !== null && isNameKey(key) }
  })
  return (record) => takeRow(record, ready)
}

type ReadyColumn = Column & {
  /** Of the attribute; null: the column is none. */
  key: string | null
  /** People may be called by it. */
  isName: boolean
}

/** `kept`: columns whose cell did not fit its type and stays text. */
function takeRow({ cells, line, cellCount, tooLong }: CsvRecord, columns: readonly ReadyColumn[]): TakenRow {
  if (cells.every((cell) => cell === '' || cell.trim() === '')) return { kind: 'empty' }
  const errors: ImportRowError[] = []
  const refuse: Refuse = (column, code, message) =>
    errors.push({ row: line, column, code, message, record: JSON.stringify(cells).slice(0, MAX_RECORD_SHOWN) })
  if (tooLong !== null)
    refuse(columns[tooLong.index]?.name ?? '', 'too-long', tooLongText('cell', tooLong.chars, MAX_CELL))
  if (cellCount > columns.length && cells.slice(columns.length).some((cell) => cell.trim() !== ''))
    refuse('', 'too-many-cells', `The row has ${cellCount} cells; expected ${columns.length}. Is a quote missing?`)
  const kept: string[] = []
  const fields = fieldsOf(cells, columns, kept, refuse)
  if (errors.length === 0 && fields.address === null && fields.externalId === null)
    refuse('', 'no-identity', 'The row has neither an address nor an external id; expected at least one.')
  return errors.length > 0 ? { kind: 'rejected', errors } : { kind: 'row', row: importRow(line, fields), kept }
}

const tooLongText = (what: string, found: number, most: number): string =>
  `The ${what} has ${found} characters; expected at most ${most}.`

function fieldsOf(cells: readonly string[], columns: readonly ReadyColumn[], kept: string[], refuse: Refuse): Fields {
  const attributes: [string, Json][] = []
  const names: [string, Json][] = []
  const none = { address: null, externalId: null, timezone: null, locale: null, attributes: {}, names: {}, addTags: [] }
  const fields: Fields = none
  for (let i = 0; i < columns.length; i += 1) {
    const column = columns[i]
    const given = cells[i]
    if (column === undefined || given === undefined || column.target === null) continue
    const { name, target, type, key } = column
    const trimmed = column.isExported === true ? unguarded(given) : given.trim()
    if (trimmed === '') continue
    // An address is judged as it was written: in normal form, some that are none look like one.
    const isPlain = PLAIN.test(trimmed)
    const cell = isPlain ? trimmed : trimmed.normalize('NFC')
    if (cell.length > MAX_CELL) refuse(name, 'too-long', tooLongText('cell', cell.length, MAX_CELL))
    else if (!isPlain && UNSTORABLE.test(cell))
      refuse(name, 'bad-text', 'The cell holds a NUL or half a character; expected text.')
    else if (key !== null) {
      const read = type === 'text' ? null : coerce(cell, type)
      if (read?.ok === false) kept.push(name)
      const value = read?.ok === true ? read.value : cell
      attributes.push([key, value])
      if (column.isName) names.push([key, value])
    } else setField(fields, target, target === 'email' ? trimmed : cell, (code, message) => refuse(name, code, message))
  }
  fields.attributes = Object.fromEntries(attributes)
  fields.names = Object.fromEntries(names)
  return fields
}

function setField(fields: Fields, target: string, cell: string, refuse: (code: string, message: string) => void): void {
  switch (target) {
    case 'email': {
      const parsed = parseAddress(cell)
      if (parsed.ok) fields.address = parsed
      else refuse('bad-email', `${JSON.stringify(cell.slice(0, 100))} is no email address. ${parsed.message}`)
      return
    }
    case 'externalId':
      if (cell.length <= MAX_EXTERNAL_ID) fields.externalId = cell
      else refuse('too-long', tooLongText('external id', cell.length, MAX_EXTERNAL_ID))
      return
    case 'timezone':
      if (isZone(cell)) fields.timezone = cell
      else
        refuse(
          'bad-timezone',
          `${JSON.stringify(cell.slice(0, 60))} is no time zone; expected an IANA name such as Asia/Ho_Chi_Minh.`,
        )
      return
    case 'locale':
      if (/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/.test(cell)) fields.locale = cell.replaceAll('_', '-')
      else
        refuse(
          'bad-locale',
          `${JSON.stringify(cell.slice(0, 60))} is no language tag; expected for example vi or en-GB.`,
        )
      return
    case 'tags':
      fields.addTags = [...new Set([...fields.addTags, ...tagsOf(cell)])].slice(0, MAX_TAGS)
      return
    default:
      throw new RangeError(`unknown import target ${JSON.stringify(target)}`)
  }
}

function tagsOf(cell: string): string[] {
  const list = cell.startsWith('[') ? tagList(cell) : null
  if (list !== null) return list
  return cell
    .split(/[;,|]/)
    .map((tag) => tag.trim().slice(0, MAX_TAG))
    .filter((tag) => tag !== '')
}

/** Tags that have a separator in them are exported as JSON. */
function tagList(cell: string): string[] | null {
  try {
    return z.array(z.string().min(1).max(MAX_TAG)).parse(JSON.parse(cell))
  } catch {
    return null // words in brackets: a tag like any other
  }
}
