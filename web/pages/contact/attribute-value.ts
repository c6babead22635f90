/** Values of attributes as text and back. */
import type { Format } from '../../app/format.ts'

export type AttributeValue = string | number | boolean

export function valueToText(value: unknown, format: Format, t: (key: string) => string): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return t(value ? 'state.yes' : 'state.no')
  if (typeof value === 'number') return format.count(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  return isDate(value) ? format.day(value.length === 10 ? `${value}T12:00:00Z` : value) : value
}

/** Keep the type a value had, as far as the new text allows it. */
export function valueFromText(text: string, type: string): AttributeValue {
  const trimmed = text.trim()
  if (type === 'number' && trimmed !== '' && Number.isFinite(Number(trimmed))) return Number(trimmed)
  if (type === 'boolean' && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true'
  return trimmed
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text))
