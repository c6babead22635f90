/** What an update-contact step sets: one row per attribute, and the edits of a row. Pure. */
import { type AttributeType, typeOfValue } from '../../shared/contact/values.ts'
import { isRecord } from '../../shared/workflow/draft.ts'

/** `value`: the same for everybody; `entry`: a property of the entry event; `delete`: the attribute goes. */
export type ValueMode = 'value' | 'entry' | 'delete'
export const VALUE_MODES: readonly ValueMode[] = ['value', 'entry', 'delete']
export type ValueRow = { attribute: string; mode: ValueMode; type: AttributeType; value: unknown; entry: string }
export type DrawnValues = Readonly<Record<string, unknown>>

export const valuesOf = (set: unknown): DrawnValues => (isRecord(set) ? set : {})

/** @param typeOf the declared type of a known attribute; null for one nobody has used yet */
export function rowsOf(set: unknown, typeOf: (attribute: string) => AttributeType | null): ValueRow[] {
  return Object.entries(valuesOf(set)).map(([attribute, value]) => {
    const entry = isRecord(value) && typeof value.entry === 'string' ? value.entry : null
    return {
      attribute,
      mode: value === null ? 'delete' : entry !== null ? 'entry' : 'value',
      type: typeOf(attribute) ?? typeFrom(value),
      value,
      entry: entry ?? '',
    }
  })
}

/** A value nobody declared speaks for itself. */
function typeFrom(value: unknown): AttributeType {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return (isPlain ? typeOfValue(value) : null) ?? 'text'
}

/** What a row begins with: nothing a person would have to delete first, except that yes or no is always one of both. */
export function blankOf(type: AttributeType): string | number | boolean {
  if (type === 'number') return 0
  return type === 'boolean' ? true : ''
}

/** A typed value; text that is no number stays text, and the check says so. */
export function typedValue(text: string, type: AttributeType): string | number | boolean {
  if (type === 'boolean') return text === 'true'
  if (type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  return text
}

export function withValue(set: DrawnValues, attribute: string, value: unknown): DrawnValues {
  return set[attribute] === value && Object.hasOwn(set, attribute) ? set : { ...set, [attribute]: value }
}

export function withoutValue(set: DrawnValues, attribute: string): DrawnValues {
  return Object.fromEntries(Object.entries(set).filter(([name]) => name !== attribute))
}

/** What a row holds after its mode was changed. */
export function valueOfMode(mode: ValueMode, row: ValueRow): unknown {
  if (mode === 'delete') return null
  return mode === 'entry' ? { entry: row.entry } : blankOf(row.type)
}
