/** From one record of a file to a contact's patch, or to the reasons why not. */
import { parseAddress } from '../../shared/contact/address.ts'
import { type AttributeType, coerce } from '../../shared/contact/values.ts'
import type { Json } from '../../shared/json.ts'
import { isZone } from '../../shared/time/zones.ts'
import type { ContactPatch, ImportRow, ImportRowError } from '../commands/contract.ts'

export type Column = {
  name: string
  /** email | externalId | timezone | locale | tags | attributes.<key> | null: left out */
  target: string | null
  /** What an attribute's cells are read as. */
  type: AttributeType
}
export type TakenRow =
  | { kind: 'row'; row: ImportRow; kept: readonly string[] }
  | { kind: 'rejected'; errors: readonly ImportRowError[] }
  | { kind: 'empty' }

const MAX_CELL = 10_000
/** NUL cannot be stored in PostgreSQL's text; half a surrogate pair in no UTF-8. */
const UNSTORABLE = /\0|\p{Surrogate}/u

/** `kept`: columns whose cell did not fit its type and stays text. */
export function takeRow(record: readonly string[], row: number, columns: readonly Column[]): TakenRow {
  if (record.every((cell) => cell.trim() === '')) return { kind: 'empty' }
  const errors: ImportRowError[] = []
  const kept: string[] = []
  const attributes: [string, Json][] = []
  const text = JSON.stringify(record).slice(0, 20_000)
  const refuse = (column: string, code: string, message: string) =>
    errors.push({ row, column, code, message, record: text })
  const patch: { -readonly [K in keyof ContactPatch]: ContactPatch[K] } = {}
  const extra = record.slice(columns.length).find((cell) => cell.trim() !== '')
  if (extra !== undefined)
    refuse('', 'too-many-cells', `The row has ${record.length} cells; expected ${columns.length}. Is a quote missing?`)
  for (const [i, { name, target, type }] of columns.entries()) {
    const cell = (record[i] ?? '').trim().normalize('NFC')
    if (target === null || cell === '') continue
    if (cell.length > MAX_CELL)
      refuse(name, 'too-long', `The cell has ${cell.length} characters; expected at most ${MAX_CELL}.`)
    else if (UNSTORABLE.test(cell)) refuse(name, 'bad-text', 'The cell holds a NUL or half a character; expected text.')
    else if (target.startsWith('attributes.')) {
      const read = coerce(cell, type)
      if (!read.ok) kept.push(name)
      attributes.push([target.slice('attributes.'.length), read.ok ? read.value : cell])
    } else setField(patch, target, cell, (code, message) => refuse(name, code, message))
  }
  if (errors.length === 0 && patch.email == null && patch.externalId == null)
    refuse('', 'no-identity', 'The row has neither an address nor an external id; expected at least one.')
  if (errors.length > 0) return { kind: 'rejected', errors }
  return { kind: 'row', row: { row, patch: { ...patch, attributes: Object.fromEntries(attributes) } }, kept }
}

type Fields = { -readonly [K in keyof ContactPatch]: ContactPatch[K] }

function setField(patch: Fields, target: string, cell: string, refuse: (code: string, message: string) => void): void {
  switch (target) {
    case 'email': {
      const parsed = parseAddress(cell)
      if (parsed.ok) patch.email = parsed.address
      else refuse('bad-email', `${JSON.stringify(cell.slice(0, 100))} is no email address. ${parsed.message}`)
      return
    }
    case 'externalId':
      if (cell.length <= 200) patch.externalId = cell
      else refuse('too-long', `The external id has ${cell.length} characters; expected at most 200.`)
      return
    case 'timezone':
      if (isZone(cell)) patch.timezone = cell
      else
        refuse(
          'bad-timezone',
          `${JSON.stringify(cell.slice(0, 60))} is no time zone; expected an IANA name such as Asia/Ho_Chi_Minh.`,
        )
      return
    case 'locale':
      if (/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/.test(cell)) patch.locale = cell.replaceAll('_', '-')
      else
        refuse(
          'bad-locale',
          `${JSON.stringify(cell.slice(0, 60))} is no language tag; expected for example vi or en-GB.`,
        )
      return
    case 'tags':
      patch.addTags = [...new Set(cell.split(/[;,|]/).map((tag) => tag.trim().slice(0, 100)))].filter(
        (tag) => tag !== '',
      )
      return
    default:
      throw new RangeError(`unknown import target ${JSON.stringify(target)}`)
  }
}
