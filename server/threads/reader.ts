/** Reads the file of one import in a thread of its own, so that a long list never slows the pages down, and ends with it. Wiring only. */
import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { connectCommands } from '../commands/remote.ts'
import { readImport, UnreadableFile } from '../ingest/reader.ts'
import { nameThread } from './name.ts'
import type { FromReader, ReaderData } from './protocol.ts'

async function read({ writer, file: { path, ...reading } }: ReaderData): Promise<FromReader> {
  try {
    const commands = connectCommands(writer)
    return { kind: 'read', outcome: await readImport(createReadStream(path), { ...reading, commands }) }
  } catch (error) {
    if (error instanceof UnreadableFile) return { kind: 'unreadable', problem: error.message }
    throw error
  } finally {
    writer.close()
  }
}

if (parentPort === null) throw new RangeError('threads/reader runs as a worker thread only')
nameThread('reader')
parentPort.postMessage(await read(workerData as ReaderData))
