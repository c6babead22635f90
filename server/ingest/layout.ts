/** How a CSV file is laid out: delimiter, header or none, names of its columns. */
import { parse } from 'csv-parse/sync'
import { parseAddress } from '../../shared/contact/address.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const
const RECORD_DELIMITERS = ['\r\n', '\n', '\r']
/** A record longer than this is a quote that was never closed. */
export const MAX_RECORD_CHARS = 1_000_000
const LOOKED_AT = 50

/** What csv-parse is told, here and in the reader. */
export const parseOptions = (delimiter: string) => ({
  bom: true,
  delimiter,
  record_delimiter: RECORD_DELIMITERS,
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: MAX_RECORD_CHARS,
})

/** Excel's first line `sep=;` names the delimiter and is no record. */
export function separatorLine(text: string): string | null {
  return /^\ufeff?sep=(.)(?:\r\n|\n|\r)/i.exec(text)?.[1] ?? null
}

/** The rows at the beginning; a last row that is cut off is left out. */
export function firstRows(text: string, delimiter: string, isWhole: boolean, most = LOOKED_AT): string[][] {
  const whole = isWhole ? text : text.slice(0, Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1) || text
  const rows: string[][] = []
  try {
    parse(whole, {
      ...parseOptions(delimiter),
      to: most + 1,
      on_record: (record: string[]) => {
        rows.push(record)
        return null
      },
    })
  } catch (error) {
    // An open quote at the cut: the rows before it are good. The reader of the whole file says what is wrong, with its line.
    if (!(error instanceof Error && 'code' in error)) throw error
  }
  return rows.slice(0, most)
}

/** The delimiter that cuts most rows into the same number of cells, and more than one. */
export function guessDelimiter(text: string, isWhole: boolean): string {
  const named = separatorLine(text)
  if (named !== null) return named
  let best = { delimiter: ',', score: 0 }
  for (const delimiter of DELIMITERS) {
    const rows = firstRows(text, delimiter, isWhole)
    const width = rows[0]?.length ?? 1
    const same = rows.filter((row) => row.length === width).length
    const score = width < 2 ? 0 : (same / rows.length) * 100 + Math.min(width, 50) / 50
    if (score > best.score) best = { delimiter, score }
  }
  return best.delimiter
}

/** A first row with an address in it is a person, not a header. */
export function guessHeader(rows: readonly (readonly string[])[]): boolean {
  return !(rows[0] ?? []).some((cell) => cell.includes('@') && parseAddress(cell.trim()).ok)
}

/** Names that objects give a meaning of their own. */
const PROTOTYPE = '__proto__'

/** Column names, each once, none empty; without a header their numbers from 1. */
export function columnNames(first: readonly string[], hasHeader: boolean): string[] {
  if (!hasHeader) return first.map((_, i) => String(i + 1))
  const seen = new Set<string>()
  return first.map((cell, i) => {
    const base = cell.trim().slice(0, 200) || `Column ${i + 1}`
    const safe = base === PROTOTYPE ? '_proto_' : base
    let name = safe
    for (let n = 2; seen.has(name); n += 1) name = `${safe} (${n})`
    seen.add(name)
    return name
  })
}
