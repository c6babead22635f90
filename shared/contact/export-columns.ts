/**
 * The columns of an exported list, and cells that no spreadsheet runs as a formula; both ways, so that what was exported can be imported
 * again and comes out as it was.
 */

/** In this order at the beginning; attributes follow, each under its own name. */
export const EXPORT_COLUMNS = [
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

const ATTRIBUTE = 'attributes.'
const TAKEN: ReadonlySet<string> = new Set(EXPORT_COLUMNS)
/** Where those columns go when the list comes back; the others say what an import may not change. */
const BACK: ReadonlySet<string> = new Set(['email', 'externalId', 'timezone', 'locale', 'tags'])

/** An attribute with the name of another column says what it is. */
export const headerOf = (key: string): string =>
  TAKEN.has(key) || key.startsWith(ATTRIBUTE) || key.trim() !== key || key === '' ? `${ATTRIBUTE}${key}` : key

/** Whether a file is an export of ours, by its header. */
export const isExport = (columns: readonly string[]): boolean => EXPORT_COLUMNS.every((name, i) => columns[i] === name)

/** Where a column of an export goes; null: nowhere. */
export function targetOf(column: string, index: number): string | null {
  if (index < EXPORT_COLUMNS.length) return BACK.has(column) ? column : null
  return column.startsWith(ATTRIBUTE) ? column : `${ATTRIBUTE}${column}`
}

const PHONE = /^\+\d[\d\s().-]{5,}$/

/** Spreadsheets run cells that start like a formula; a leading ' stops them. Phone numbers are no formulas. */
export const guarded = (text: string): string => (/^'*[=@+\-\t\r]/.test(text) && !PHONE.test(text) ? `'${text}` : text)

export const unguarded = (text: string): string => (/^'+[=@+\-\t\r]/.test(text) ? text.slice(1) : text)
