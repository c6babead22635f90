/** CSV imports: the file is kept, then read in the background, 500 rows a command. */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ImportPreview } from '../../shared/api/contacts.ts'
import { guessType } from '../../shared/contact/values.ts'
import type { ImportId } from '../../shared/ids.ts'
import type { Commands, ImportOptions } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { attributeTypes } from '../db/queries/contacts.ts'
import { unfinishedImports } from '../db/queries/imports.ts'
import { guessColumns, IDENTITY_TARGETS } from './guess.ts'
import { type Given, type Layout, layoutOf, previewOf, withSamples } from './preview.ts'
import { readImport } from './reader.ts'
import type { Column } from './rows.ts'

const HEAD_BYTES = 262_144

export type SavedFile = { fileName: string; path: string; sizeBytes: number; sha256: string; head: Uint8Array }
export type GivenOptions = Given &
  Omit<ImportOptions, 'encoding' | 'delimiter' | 'header' | 'mapping'> & {
    mapping?: Readonly<Record<string, string | null>> | undefined
  }
export type ImportDeps = {
  db: Db
  commands: Commands
  dataDir: string
  log: { error(details: object, message: string): void }
}
export type Imports = {
  save(body: ReadableStream<Uint8Array>, fileName: string): Promise<SavedFile>
  discard(file: SavedFile): Promise<void>
  start(file: SavedFile, options: GivenOptions): Promise<ImportId>
  preview(bytes: Uint8Array, given: Given): Promise<ImportPreview>
  /** Say of the imports a former process left behind that they failed; safe to repeat. */
  closeUnfinished(): Promise<void>
  /** Resolves when nothing is being read any more. */
  idle(): Promise<void>
}

export function createImports(deps: ImportDeps): Imports {
  const folder = join(deps.dataDir, 'imports')
  const running = new Set<Promise<void>>()
  const mine = new Set<ImportId>()
  return {
    save: (body, fileName) => saveFile(folder, body, fileName),
    discard: (file) => rm(join(folder, file.path), { force: true }),
    async start(file, given) {
      const layout = layoutOf(file.head, given, file.sizeBytes <= file.head.byteLength)
      const columns = await columnsOf(deps.db, layout, given.mapping)
      const options: ImportOptions = {
        encoding: layout.encoding,
        delimiter: layout.delimiter,
        header: layout.header,
        mapping: Object.fromEntries(columns.map(({ name, target }) => [name, target])),
        consent: given.consent,
        consentSource: given.consentSource,
        consentText: given.consentText,
        trigger: given.trigger,
      }
      const { id } = await deps.commands('create-import', {
        fileName: file.fileName,
        path: file.path,
        sizeBytes: file.sizeBytes,
        options,
      })
      mine.add(id)
      const work = runImport(deps, { id, path: join(folder, file.path), layout, columns }).finally(() =>
        running.delete(work),
      )
      running.add(work)
      return id
    },
    async preview(bytes, given) {
      const known = new Set(Object.keys(await attributeTypes(deps.db)))
      return previewOf(bytes, given, known, bytes.byteLength < HEAD_BYTES)
    },
    async closeUnfinished() {
      for (const { id, path } of await unfinishedImports(deps.db)) {
        if (mine.has(id as ImportId)) continue
        const problem =
          'The server stopped during this import. The rows counted here are in; import the file again for the rest: nobody is made twice.'
        await deps.commands('finish-import', { id: id as ImportId, status: 'failed', warnings: [], problem })
        await rm(join(folder, path), { force: true })
      }
    },
    async idle() {
      await Promise.all(running)
    },
  }
}

async function saveFile(folder: string, body: ReadableStream<Uint8Array>, fileName: string): Promise<SavedFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = `${randomBytes(12).toString('hex')}.csv`
  const hash = createHash('sha256')
  const head: Buffer[] = []
  let sizeBytes = 0
  const look = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (sizeBytes < HEAD_BYTES) head.push(chunk)
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
  return { fileName: fileName.slice(0, 255), path, sizeBytes, sha256: hash.digest('base64url'), head: kept }
}

/** Mapped columns go where they are told, the others become text under their header. */
async function columnsOf(
  db: Db,
  layout: Layout,
  mapping: Readonly<Record<string, string | null>> | undefined,
): Promise<Column[]> {
  const declared = await attributeTypes(db)
  const samples = withSamples(layout)
  const guesses = guessColumns(samples, new Set())
  return samples.map((column, i): Column => {
    const given = mapping !== undefined && Object.hasOwn(mapping, column.name) ? mapping[column.name] : undefined
    const guess = guesses[i]?.target ?? null
    const own = `attributes.${column.name}`
    const target =
      given !== undefined ? given : mapping === undefined && guess !== null && IDENTITY_TARGETS.has(guess) ? guess : own
    if (target === null || !target.startsWith('attributes.')) return { name: column.name, target, type: 'text' }
    const key = target.slice('attributes.'.length)
    const known = Object.hasOwn(declared, key) ? declared[key] : undefined
    return { name: column.name, target, type: known ?? (given === undefined ? 'text' : guessType(column.samples)) }
  })
}

type Work = { id: ImportId; path: string; layout: Layout; columns: readonly Column[] }

/** Never throws: what goes wrong is the import's own problem, shown on its page. */
async function runImport(deps: ImportDeps, { id, path, layout, columns }: Work): Promise<void> {
  const finish = (status: 'completed' | 'failed', warnings: readonly string[], problem: string | null) =>
    deps.commands('finish-import', { id, status, warnings, problem })
  try {
    const { cancelled, warnings } = await readImport(createReadStream(path), {
      id,
      layout,
      columns,
      commands: deps.commands,
    })
    if (!cancelled) await finish('completed', warnings, null)
  } catch (error) {
    deps.log.error({ err: error, importId: id }, 'an import stopped')
    const problem =
      error instanceof Error && 'code' in error && String(error.code).startsWith('CSV_')
        ? error.message
        : 'The file could not be read to its end.'
    await finish('failed', [], problem).catch((cause: unknown) =>
      deps.log.error({ err: cause, importId: id }, 'an import could not be closed'),
    )
  } finally {
    await rm(path, { force: true })
  }
}
