/** How a CSV file is laid out: delimiter, header or none, names of its columns. */
import { parseAddress } from '../../shared/contact/address.ts'
import { CsvReader } from './csv.ts'

export const DELIMITERS = [',', ';', '\t', '|'] as const
const LOOKED_AT = 50

/** Excel's first line `sep=;` names the delimiter and is no record. */
export function separatorLine(text: string): string | null {
  return /^\ufeff?sep=(.)(?:\r\n|\n|\r)/i.exec(text)?.[1] ?? null
}

/** The rows at the beginning; a last row that is cut off is left out, and so is what an open quote swallows. */
export function firstRows(text: string, delimiter: string, isWhole: boolean, most = LOOKED_AT): string[][] {
  const reader = new CsvReader(delimiter)
  const records = reader.push(text)
  if (isWhole || records.length === 0) records.push(...reader.end().records)
  return records.slice(0, most).map(({ cells }) => cells)
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
