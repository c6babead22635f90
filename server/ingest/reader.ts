/** Read a file record by record and hand it to the writer in chunks that fit its slices, letting other requests in between. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import iconv from 'iconv-lite'
import type { ImportId } from '../../shared/ids.ts'
import type { CommandOutput, Commands, ImportRowError } from '../commands/contract.ts'
import { type ImportRow, type PackedRows, packRows } from '../commands/import-row.ts'
import { CsvReader, type CsvRecord } from './csv.ts'
import type { Layout } from './preview.ts'
import { type Column, rowTaker, type TakenRow } from './rows.ts'

export type FileToRead = {
  id: ImportId
  path: string
  layout: Pick<Layout, 'encoding' | 'delimiter' | 'header' | 'skipsFirstLine'>
  columns: readonly Column[]
  /** So many records were taken or refused before: they are read for their warnings and not written again. */
  doneBefore: number
}
export type Reading = Omit<FileToRead, 'path'> & { commands: Commands }
export type ReadOutcome = { cancelled: boolean; warnings: string[] }

/** What keeps the rest of a file from being read: the import ends here, and says so. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}

/** @throws UnreadableFile naming the line where a quote was opened and never closed */
export async function readImport(
  file: AsyncIterable<Uint8Array>,
  { id, layout, columns, doneBefore, commands }: Reading,
): Promise<ReadOutcome> {
  let [readBytes, doneAlready] = [0, doneBefore]
  const odd = oddities()
  const takeRow = rowTaker(columns)
  const chunks = chunksOf(doneBefore, (chunk) => commands('import-chunk', { importId: id, readBytes, ...chunk }))
  const take = async (records: readonly CsvRecord[]): Promise<boolean> => {
    for (const record of records) {
      const taken = takeRow(record)
      if (taken.kind === 'empty') continue
      odd.note(record, taken)
      if (doneAlready > 0) doneAlready -= 1
      else if (await chunks.add(taken)) return true
    }
    return false
  }
  for await (const { records, bytes, openQuote } of recordsOf(file, layout)) {
    readBytes = bytes
    if (await take(records)) return { cancelled: true, warnings: [] }
    if (openQuote === null) continue
    await chunks.end()
    throw new UnreadableFile(
      `A quote is opened on line ${openQuote} and never closed; the rows before it are in. Close it, or take the quote out, and import the file again.`,
    )
  }
  const cancelled = await chunks.end()
  return { cancelled, warnings: odd.warnings() }
}

type Piece = { records: readonly CsvRecord[]; bytes: number; openQuote: number | null }

/** The records of the file below its header, piece by piece. */
export async function* recordsOf(
  file: AsyncIterable<Uint8Array>,
  { encoding, delimiter, header, skipsFirstLine }: Reading['layout'],
): AsyncGenerator<Piece> {
  const decoder = iconv.getDecoder(encoding)
  const reader = new CsvReader(delimiter)
  let toSkip = (skipsFirstLine ? 1 : 0) + (header ? 1 : 0)
  let bytes = 0
  const below = (records: CsvRecord[]): CsvRecord[] => {
    const skipped = Math.min(toSkip, records.length)
    toSkip -= skipped
    return skipped === 0 ? records : records.slice(skipped)
  }
  for await (const chunk of file) {
    bytes += chunk.byteLength
    yield { records: below(reader.push(decoder.write(Buffer.from(chunk)))), bytes, openQuote: null }
  }
  const rest = below(reader.push(decoder.end() ?? ''))
  const { records, openQuote } = reader.end()
  yield { records: [...rest, ...below(records)], bytes, openQuote }
}

/** What is worth a word at the end: cells that stayed text, letters that could not be read. */
export function oddities() {
  const keptAsText = new Map<string, number>()
  let unreadable = 0
  return {
    note({ cells }: CsvRecord, taken: TakenRow): void {
      if (taken.kind === 'row') for (const name of taken.kept) keptAsText.set(name, (keptAsText.get(name) ?? 0) + 1)
      if (cells.some((cell) => cell.includes('\ufffd'))) unreadable += 1
    },
    warnings: (): string[] => [
      ...[...keptAsText].map(
        ([name, n]) => `${name}: ${n} cells did not fit the type of the attribute and were kept as text`,
      ),
      ...(unreadable === 0
        ? []
        : [`${unreadable} rows hold letters that could not be read in this encoding; they are shown as \ufffd`]),
    ],
  }
}

type Chunk = { after: number; rows: PackedRows; errors: readonly ImportRowError[] }
type Reply = CommandOutput<'import-chunk'>
/** A chunk on its way: what came of it is looked at when there is room for the next. */
type Sent = Promise<{ reply: Reply; size: number } | { failure: unknown }>

/** The writer takes 10 ms for a chunk: less than a slice (DESIGN.md 4), and others have their turn in between. */
const CHUNK_MS = 10
const FIRST_CHUNK = 150
const LARGEST_CHUNK = 600
/** Where each row wakes workflows; without them 150 rows take 7 ms, and smaller chunks cost more pages a row. */
const SMALLEST_CHUNK = 150
/** One is written while the next is read. */
const ON_THEIR_WAY = 2

/** Collect rows and refusals; each answer says whether the import was cancelled. One record is never split over two chunks. */
function chunksOf(doneBefore: number, give: (chunk: Chunk) => Promise<Reply>) {
  let [rows, errors, records, after, size]: [ImportRow[], ImportRowError[], number, number, number] = [
    [],
    [],
    0,
    doneBefore,
    FIRST_CHUNK,
  ]
  const sent: Sent[] = []
  async function settle(room: number): Promise<boolean> {
    let cancelled = false
    while (sent.length > room) {
      const outcome = await sent.shift()
      if (outcome === undefined) break
      if ('failure' in outcome) throw outcome.failure
      const { reply } = outcome
      cancelled ||= reply.cancelled
      if (reply.tookMs > 0) size = fitting(outcome.size, size, reply.tookMs)
    }
    return cancelled
  }
  async function send(): Promise<boolean> {
    const cancelled = await settle(ON_THEIR_WAY - 1)
    if (cancelled || records === 0) return cancelled
    const count = records
    sent.push(
      give({ after, rows: packRows(rows), errors }).then(
        (reply) => ({ reply, size: count }),
        (failure: unknown) => ({ failure }),
      ),
    )
    after += records
    ;[rows, errors, records] = [[], [], 0]
    await nextTurn()
    return false
  }
  return {
    async add(taken: Exclude<TakenRow, { kind: 'empty' }>): Promise<boolean> {
      records += 1
      if (taken.kind === 'row') rows.push(taken.row)
      else errors.push(...taken.errors)
      return records >= size && send()
    },
    end: async (): Promise<boolean> => (await send()) || settle(0),
  }
}

/** As many rows as the writer's last slice says it can take in its time; at most doubled at once. */
function fitting(was: number, current: number, tookMs: number): number {
  const fits = Math.floor((was * CHUNK_MS) / tookMs)
  return Math.min(Math.max(Math.min(fits, current * 2), SMALLEST_CHUNK), LARGEST_CHUNK)
}
