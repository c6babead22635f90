/** CSV imports: the file is kept, then read in the background, a few hundred rows a command. */
import { isAscii } from 'node:buffer'
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ImportCheck, ImportPreview } from '../../shared/api/contacts.ts'
import type { ImportId } from '../../shared/ids.ts'
import type { CommandInput, Commands, ImportOptions } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { attributeTypes } from '../db/queries/contacts.ts'
import { endedImportsWithPeople, unfinishedImports } from '../db/queries/imports.ts'
import { checkImport } from './check.ts'
import { columnsOf } from './columns.ts'
import { type FormFile, formFile } from './multipart.ts'
import { type Given, type Layout, layoutOf, previewOf } from './preview.ts'
import { type FileToRead, type ReadOutcome, readImport, UnreadableFile } from './reader.ts'
import type { Column } from './rows.ts'

const HEAD_BYTES = 262_144

export type SavedFile = {
  fileName: string
  path: string
  sizeBytes: number
  sha256: string
  head: Uint8Array
  /** Where the first letter beyond ASCII stands, if that is further down; its encoding is the file's. */
  foreign?: Uint8Array | undefined
}
export type GivenOptions = Given &
  Omit<ImportOptions, 'encoding' | 'delimiter' | 'header' | 'mapping'> & {
    mapping?: Readonly<Record<string, string | null>> | undefined
  }
export type ImportDeps = {
  db: Db
  commands: Commands
  dataDir: string
  log: { error(details: object, message: string): void }
  /** Reads a file in a thread of its own; absent where there are none (tests): it is read here. @throws UnreadableFile */
  readFile?: ReadFile | undefined
}
export type ReadFile = (file: FileToRead) => Promise<ReadOutcome>
export type Imports = {
  fileOfForm(body: AsyncIterable<Uint8Array>, contentType: string): Promise<FormFile | null>
  save(body: AsyncIterable<Uint8Array>, fileName: string): Promise<SavedFile>
  discard(file: SavedFile): Promise<void>
  start(file: SavedFile, options: GivenOptions): Promise<ImportId>
  preview(bytes: Uint8Array, given: Given): Promise<ImportPreview>
  /** What an import of this file would do; nothing is written. */
  check(body: AsyncIterable<Uint8Array>, options: GivenOptions): Promise<ImportCheck>
  /** Go on with the imports a former process left behind, where its last commit ended. Once, before new ones begin. */
  resume(): Promise<void>
  /** Resolves when nothing is being read any more. */
  idle(): Promise<void>
}

export function createImports(deps: ImportDeps): Imports {
  const folder = join(deps.dataDir, 'imports')
  const running = new Set<Promise<void>>()
  const run = (work: FileToRead) => {
    const done = runImport(deps, work).finally(() => running.delete(done))
    running.add(done)
  }
  return {
    fileOfForm: formFile,
    save: (body, fileName) => saveFile(folder, body, fileName),
    discard: (file) => rm(join(folder, file.path), { force: true }),
    async start(file, given) {
      const layout = layoutOf(file.head, given, file.sizeBytes <= file.head.byteLength, file.foreign)
      const columns = await columnsOf(deps.db, layout, given.mapping)
      const { fileName, path, sizeBytes } = file
      const options = optionsOf(given, layout, columns)
      const { id } = await deps.commands('create-import', { fileName, path, sizeBytes, options })
      run({ id, path: join(folder, path), layout, columns, doneBefore: 0 })
      return id
    },
    async preview(bytes, given) {
      const known = new Set(Object.keys(await attributeTypes(deps.db)))
      return previewOf(bytes, given, known, bytes.byteLength < HEAD_BYTES)
    },
    check: (body, given) => checkImport(deps.db, body, given, HEAD_BYTES),
    async resume() {
      for (const id of await endedImportsWithPeople(deps.db)) await forget(deps.commands, id)
      const unfinished = await unfinishedImports(deps.db)
      await forgetOrphans(folder, new Set(unfinished.map(({ path }) => path)))
      for (const row of unfinished) {
        const work = await workLeft(folder, row)
        if (work === null) await deps.commands('finish-import', lost(row.id))
        else run(work)
      }
    },
    async idle() {
      await Promise.all(running)
    },
  }
}

const optionsOf = (given: GivenOptions, layout: Layout, columns: readonly Column[]): ImportOptions => ({
  encoding: layout.encoding,
  delimiter: layout.delimiter,
  header: layout.header,
  mapping: Object.fromEntries(columns.map(({ name, target }) => [name, target])),
  columns,
  consent: given.consent,
  consentSource: given.consentSource,
  consentText: given.consentText,
  trigger: given.trigger,
})

type Unfinished = Awaited<ReturnType<typeof unfinishedImports>>[number]

/** What is left of an import; null when its file is gone. */
async function workLeft(folder: string, { id, path, options, rows }: Unfinished): Promise<FileToRead | null> {
  const file = join(folder, path)
  const head = await headOf(file)
  if (head === null || options.columns === undefined) return null
  const { encoding, delimiter, header, columns } = options
  const layout = layoutOf(head.bytes, { encoding, delimiter, header }, head.isWhole)
  return { id, path: file, layout, columns, doneBefore: rows }
}

async function headOf(path: string): Promise<{ bytes: Uint8Array; isWhole: boolean } | null> {
  try {
    const file = await open(path)
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
      return { bytes: buffer.subarray(0, bytesRead), isWhole: (await file.stat()).size <= HEAD_BYTES }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

const lost = (id: ImportId): CommandInput<'finish-import'> => ({
  id,
  status: 'failed',
  warnings: [],
  problem:
    'The server stopped during this import, and its file is gone. The rows counted here are in; import the file again for the rest: nobody is made twice.',
})

/** Files whose import never began: the process died between their last byte and the command. */
async function forgetOrphans(folder: string, known: ReadonlySet<string>): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(folder)) if (!known.has(name)) await rm(join(folder, name), { force: true })
}

async function saveFile(folder: string, body: AsyncIterable<Uint8Array>, fileName: string): Promise<SavedFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = `${randomBytes(12).toString('hex')}.csv`
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let foreign: Buffer | undefined
  let sizeBytes = 0
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (sizeBytes < HEAD_BYTES) head.push(chunk)
      if (foreign === undefined && !isAscii(chunk)) foreign = aroundForeign(chunk)
      sizeBytes += chunk.byteLength
      hash.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(Readable.from(body), look, createWriteStream(join(folder, path), { mode: 0o600 }))
  } catch (error) {
    await rm(join(folder, path), { force: true })
    throw error
  }
  const kept = Buffer.concat(head).subarray(0, HEAD_BYTES)
  const isInHead = kept.byteLength === 0 || !isAscii(kept)
  return {
    fileName: fileName.slice(0, 255),
    path,
    sizeBytes,
    sha256: hash.digest('base64url'),
    head: kept,
    foreign: isInHead ? undefined : foreign,
  }
}

/** From the line on in which the first letter beyond ASCII stands: a letter cut in two would look like another encoding. */
function aroundForeign(chunk: Buffer): Buffer {
  const at = chunk.findIndex((byte) => byte > 0x7f)
  return Buffer.from(chunk.subarray(Math.max(0, chunk.lastIndexOf(10, at)), at + HEAD_BYTES))
}

/**
 * Never throws: what goes wrong is the import's own problem, shown on its page. Only when even that cannot be written, because the writer
 * is gone, the file stays for the next process to go on with.
 */
async function runImport(deps: ImportDeps, file: FileToRead): Promise<void> {
  const { id, path } = file
  try {
    const ending = await endingOf(deps, file)
    if (ending !== 'cancelled') await deps.commands('finish-import', { id, ...ending })
    await rm(path, { force: true })
    await forget(deps.commands, id)
  } catch (error) {
    deps.log.error({ err: error, importId: id }, 'an import was left unfinished; the next start goes on with it')
  }
}

type Ending = Omit<CommandInput<'finish-import'>, 'id'>

async function endingOf(deps: ImportDeps, file: FileToRead): Promise<Ending | 'cancelled'> {
  const readHere: ReadFile = ({ path, ...reading }) =>
    readImport(createReadStream(path), { ...reading, commands: deps.commands })
  try {
    const { cancelled, warnings } = await (deps.readFile ?? readHere)(file)
    return cancelled ? 'cancelled' : { status: 'completed', warnings, problem: null }
  } catch (error) {
    if (error instanceof UnreadableFile) return { status: 'failed', warnings: [], problem: error.message }
    deps.log.error({ err: error, importId: file.id }, 'an import stopped')
    return { status: 'failed', warnings: [], problem: 'The file could not be read to its end.' }
  }
}

/** In pieces, and of no hurry: whom the import met is of no use any more. */
async function forget(commands: Commands, id: ImportId): Promise<void> {
  while ((await commands('forget-imported', { id })).left);
}
