/** Read a file record by record and hand it to the writer in chunks, letting other requests in between. */
import { Duplex, type Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { parse } from 'csv-parse'
import iconv from 'iconv-lite'
import type { ImportId } from '../../shared/ids.ts'
import type { Commands, ImportRow, ImportRowError } from '../commands/contract.ts'
import { MAX_RECORD_CHARS, parseOptions } from './layout.ts'
import type { Layout } from './preview.ts'
import { type Column, type TakenRow, takeRow } from './rows.ts'

const CHUNK_ROWS = 500

export type Reading = {
  id: ImportId
  layout: Layout
  columns: readonly Column[]
  /** So many records were taken or refused before: they are read for their warnings and not written again. */
  doneBefore: number
  commands: Commands
}
type RawRecord = { record: string[]; raw: string }

/** @throws CsvError naming the line where a quote was opened and never closed */
export async function readImport(
  file: Readable,
  { id, layout, columns, doneBefore, commands }: Reading,
): Promise<{ cancelled: boolean; warnings: string[] }> {
  let readBytes = 0
  const keptAsText = new Map<string, number>()
  const lines = lineCounter()
  const chunk = chunkOf((rows, errors) => commands('import-chunk', { importId: id, rows, errors, readBytes }))
  let [toSkip, doneAlready] = [(layout.skipsFirstLine ? 1 : 0) + (layout.header ? 1 : 0), doneBefore]
  file.on('data', (bytes: Buffer) => {
    readBytes += bytes.byteLength
  })
  try {
    for await (const { record, raw } of recordsOf(file, layout)) {
      const row = lines(raw)
      if (toSkip > 0) {
        toSkip -= 1
        continue
      }
      const taken = takeRow(record, row, columns)
      if (taken.kind === 'empty') continue
      if (taken.kind === 'row') for (const name of taken.kept) keptAsText.set(name, (keptAsText.get(name) ?? 0) + 1)
      if (doneAlready > 0) doneAlready -= 1
      else if (await chunk.add(taken)) return { cancelled: true, warnings: [] }
    }
  } catch (error) {
    await chunk.send()
    throw atLine(error, lines.next())
  } finally {
    file.destroy()
  }
  const cancelled = await chunk.send()
  return { cancelled, warnings: [...keptAsText].map(keptSentence) }
}

const keptSentence = ([name, n]: readonly [string, number]): string =>
  `${name}: ${n} cells did not fit the type of the attribute and were kept as text`

type Send = (rows: ImportRow[], errors: ImportRowError[]) => Promise<{ cancelled: boolean }>

/** Collect rows and refusals; each answer says whether the import was cancelled. One record is never split over two chunks. */
function chunkOf(give: Send) {
  let rows: ImportRow[] = []
  let errors: ImportRowError[] = []
  const chunk = {
    async send(): Promise<boolean> {
      const { cancelled } = await give(rows, errors)
      rows = []
      errors = []
      await nextTurn()
      return cancelled
    },
    async add(taken: Exclude<TakenRow, { kind: 'empty' }>): Promise<boolean> {
      if (taken.kind === 'row') rows.push(taken.row)
      else errors.push(...taken.errors)
      return rows.length + errors.length >= CHUNK_ROWS && chunk.send()
    },
  }
  return chunk
}

async function* recordsOf(file: Readable, { encoding, delimiter }: Layout): AsyncGenerator<RawRecord> {
  const parser = parse({ ...parseOptions(delimiter), raw: true })
  const decoder = Duplex.from(iconv.decodeStream(encoding))
  file.on('error', (error) => decoder.destroy(error))
  decoder.on('error', (error) => parser.destroy(error))
  file.pipe(decoder).pipe(parser)
  try {
    for await (const found of parser) yield found as RawRecord
  } finally {
    file.unpipe()
    decoder.destroy()
    parser.destroy()
  }
}

const LINE_END = /\r\n|\n|\r/g

/** Physical lines, 1 for the first: of each record the one it starts on; blank lines stand before it in `raw`. */
function lineCounter(): ((raw: string) => number) & { next(): number } {
  let line = 1
  const count = (raw: string) => {
    const blank = /^(?:\r\n|\n|\r)*/.exec(raw)?.[0] ?? ''
    const start = line + (blank.match(LINE_END)?.length ?? 0)
    line += raw.match(LINE_END)?.length ?? 0
    return start
  }
  return Object.assign(count, { next: () => line })
}

function atLine(error: unknown, line: number): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE')
    error.message = `A quote is opened in the record of line ${line} and not closed within ${MAX_RECORD_CHARS} characters; the rows before it are in.`
  return error
}
