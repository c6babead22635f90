/** The head of a file, as the mapping screen shows it; the import itself starts from the same guesses. */
import type { ImportPreview } from '../../shared/api/contacts.ts'
import { unprocessable } from '../../shared/errors.ts'
import { decode, guessEncoding, knownEncoding } from './encoding.ts'
import { guessColumns } from './guess.ts'
import { columnNames, firstRows, guessDelimiter, guessHeader, separatorLine } from './layout.ts'
import { refuseBinary, wideEncoding } from './recognize.ts'

export type Given = { encoding?: string | undefined; delimiter?: string | undefined; header?: boolean | undefined }
const ROWS_SHOWN = 10
const SAMPLES = 3

export type Layout = {
  encoding: string
  delimiter: string
  header: boolean
  columns: string[]
  rows: string[][]
  skipsFirstLine: boolean
}

/** More columns than anybody fills in by hand; a mistaken delimiter makes them. */
const MAX_COLUMNS = 1_000

/**
 * @param isWhole  whether `bytes` is all of the file
 * @param foreign  bytes from further down, where the first letter beyond ASCII stands
 * @throws RequestError 422 for what is no list of rows
 */
export function layoutOf(bytes: Uint8Array, given: Given, isWhole: boolean, foreign: Uint8Array = bytes): Layout {
  refuseBinary(bytes)
  const encoding =
    given.encoding === undefined || given.encoding === ''
      ? (wideEncoding(bytes) ?? guessEncoding(foreign))
      : knownEncoding(given.encoding)
  const text = decode(bytes, encoding)
  const skipsFirstLine = separatorLine(text) !== null
  const delimiter = delimiterOf(given.delimiter) ?? guessDelimiter(text, isWhole)
  const all = firstRows(text, delimiter, isWhole)
  const body = skipsFirstLine ? all.slice(1) : all
  const header = given.header ?? guessHeader(body)
  const first = body[0]
  if (first === undefined)
    throw unprocessable('empty-file', 'The file holds no rows, only blanks; expected CSV with at least one row.')
  const width = header ? first.length : body.reduce((widest, row) => Math.max(widest, row.length), 0)
  if (width > MAX_COLUMNS)
    throw unprocessable(
      'too-many-columns',
      `The first rows have ${width} columns when cut at ${JSON.stringify(delimiter)}; expected at most ${MAX_COLUMNS}.`,
    )
  const columns = columnNames(
    Array.from({ length: width }, (_, i) => first[i] ?? ''),
    header,
  )
  return { encoding, delimiter, header, columns, rows: header ? body.slice(1) : body, skipsFirstLine }
}

/** `\t` may be written out. @throws RequestError 422 */
function delimiterOf(text: string | undefined): string | null {
  if (text === undefined || text === '') return null
  const delimiter = text === '\\t' || text.toLowerCase() === 'tab' ? '\t' : text
  if (delimiter.length === 1 && !/["\r\n]/.test(delimiter)) return delimiter
  throw unprocessable(
    'bad-delimiter',
    `\`delimiter\` is ${JSON.stringify(text)}; expected one character such as , or ; or \\t.`,
  )
}

export function previewOf(
  bytes: Uint8Array,
  given: Given,
  attributes: ReadonlySet<string>,
  isWhole: boolean,
): ImportPreview {
  const layout = layoutOf(bytes, given, isWhole)
  const columns = withSamples(layout)
  const guesses = guessColumns(columns, attributes)
  const hasIdentity = guesses.some(({ target }) => target === 'email' || target === 'externalId')
  return {
    encoding: layout.encoding,
    delimiter: layout.delimiter,
    header: layout.header,
    columns: columns.map((column, i) => ({
      name: column.name,
      samples: column.samples.slice(0, SAMPLES),
      guess: guesses[i]?.target ?? null,
      why: guesses[i]?.why ?? 'empty',
    })),
    rows: layout.rows.slice(0, ROWS_SHOWN).map((row) => row.map((cell) => cell.slice(0, 200))),
    warnings: hasIdentity ? [] : ['no-identity-column'],
  }
}

/** Distinct cells that are not empty. */
export const withSamples = ({ columns, rows }: Layout) =>
  columns.map((name, i) => ({
    name,
    samples: [...new Set(rows.map((row) => (row[i] ?? '').trim().slice(0, 200)))].filter((cell) => cell !== ''),
  }))
