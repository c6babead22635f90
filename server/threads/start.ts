/** Start the writer, the inbox and the sender, in that order, and stop them in the other. Used by main.ts. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads'
import type { WorkflowId } from '../../shared/ids.ts'
import type { Config } from '../config.ts'
import type { FromWriter, ToWriter, WriterData } from '../engine/protocol.ts'
import { type FileToRead, type ReadOutcome, UnreadableFile } from '../ingest/reader.ts'
import type { ThreadReport } from '../ops/thread-reports.ts'
import type {
  FromInbox,
  FromReader,
  FromSender,
  InboxData,
  ReaderData,
  SenderData,
  ToInbox,
  ToSender,
} from './protocol.ts'

type Log = Record<'info' | 'warn' | 'error', (details: object, message: string) => void>
export type ThreadOptions = {
  /** Of the built entry files. */
  folder: URL
  config: Config
  version: string
  log: Log
  /** Another process has the database; this one waits for its end. */
  onStandby(): void
  onStats(workflowId: WorkflowId): void
  onReport(thread: Name, report: ThreadReport): void
  onCrash(thread: string, error: unknown): void
}
export type Threads = {
  /** Carries commands to the writer. */
  commandPort: MessagePort
  /** Read the file of an import in a thread of its own. @throws UnreadableFile */
  readImportFile(file: FileToRead): Promise<ReadOutcome>
  /** The sender lets what is on the wire end and gives its leases back, then the inbox, then the writer closes the database. */
  stop(): Promise<void>
}

const INBOX_HOST = '127.0.0.1'

export class MissingBuild extends Error {
  override readonly name = 'MissingBuild'
}

/** @throws MissingBuild naming the file and the command that makes it */
export function threadUrl(folder: URL, name: string): URL {
  const url = new URL(`${name}.js`, folder)
  if (existsSync(url)) return url
  throw new MissingBuild(
    `${fileURLToPath(url)} is missing: threads run built code. Run \`npm run build\`, or \`npm start\`, which builds what is missing.`,
  )
}

type Name = 'writer' | 'inbox' | 'sender'
/** Of what a thread has just made. V8 would give each 48 MiB, which it fills before it looks; less than this costs time. */
const YOUNG_MIB: Readonly<Record<Name, number>> = { writer: 24, inbox: 6, sender: 24 }
type Starter = (name: Name, data: unknown, transferList?: TransferListItem[]) => Worker

export async function startThreads(options: ThreadOptions): Promise<Threads> {
  const { folder } = options
  const urls = {
    writer: threadUrl(folder, 'writer'),
    inbox: threadUrl(folder, 'inbox'),
    sender: threadUrl(folder, 'sender'),
  }
  const readerUrl = threadUrl(folder, 'reader')
  let isStopping = false
  const start: Starter = (name, workerData, transferList = []) => {
    const resourceLimits = { maxYoungGenerationSizeMb: YOUNG_MIB[name] }
    const worker = new Worker(urls[name], { workerData, transferList, resourceLimits })
    worker.on('error', (error) => options.onCrash(name, error))
    worker.on('message', (message: { kind: string } | ThreadReport) => {
      if ('loop' in message) options.onReport(name, message)
    })
    worker.on('exit', (code) => {
      if (!isStopping) options.onCrash(name, new Error(`the ${name} thread ended with code ${code}`))
    })
    return worker
  }
  const writer = await startWriter(start, options)
  const commandPort = portOf(writer, 'main')
  const inbox = await startInbox(start, writer)
  const sender = await startSender(start, writer, inbox.port, options)
  return {
    commandPort,
    readImportFile: (file) => readInThread(readerUrl, portOf(writer, 'main'), file),
    async stop() {
      isStopping = true
      await stopped(sender, { kind: 'stop' } satisfies ToSender)
      await stopped(inbox.worker, { kind: 'stop' } satisfies ToInbox)
      await stopped(writer, { kind: 'stop' } satisfies ToWriter)
      commandPort.close()
    },
  }
}

/** Resolves when the database is ours, migrated and recovered. */
async function startWriter(start: Starter, { config, version, log, onStandby, onStats }: ThreadOptions) {
  const { databaseUrl, uncertainSends } = config
  const writer = start('writer', { databaseUrl, uncertainSends, version } satisfies WriterData)
  await heardFrom<FromWriter>(writer, (message) => {
    if (message.kind === 'standby') {
      log.warn({}, 'another process uses this database; standing by until it ends')
      onStandby()
    }
    if (message.kind === 'ready') log.info({ recovered: message.recovered }, 'the database is ready')
    return message.kind === 'ready'
  })
  writer.on('message', (message: FromWriter) => {
    if (message.kind === 'stats-changed') onStats(message.workflowId)
  })
  return writer
}

/** A line of commands to the writer. */
function portOf(writer: Worker, role: 'main' | 'sender' | 'inbox'): MessagePort {
  const { port1, port2 } = new MessageChannel()
  writer.postMessage({ kind: 'serve', port: port2, role } satisfies ToWriter, [port2])
  return port1
}

/** Text and rows come and go by the megabyte: a small young generation would copy them again and again, a large heap would keep them. */
const READER_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 128 }

/** Its failure is the import's own: the process goes on. */
function readInThread(url: URL, writer: MessagePort, file: FileToRead): Promise<ReadOutcome> {
  const { path, id, layout, columns, doneBefore } = file
  const { encoding, delimiter, header, skipsFirstLine } = layout
  const told = { path, id, layout: { encoding, delimiter, header, skipsFirstLine }, columns, doneBefore }
  const data: ReaderData = { writer, file: told }
  const reader = new Worker(url, { workerData: data, transferList: [writer], resourceLimits: READER_LIMITS })
  return new Promise((resolve, reject) => {
    reader.on('message', (message: FromReader) => {
      if (message.kind === 'read') resolve(message.outcome)
      else reject(new UnreadableFile(message.problem))
    })
    reader.on('error', reject)
    reader.on('exit', (code) => reject(new Error(`the reader of an import ended with code ${code}`)))
  })
}

async function startInbox(start: Starter, writer: Worker): Promise<{ worker: Worker; port: number }> {
  const data: InboxData = { writer: portOf(writer, 'inbox'), port: 0 }
  const worker = start('inbox', data, [data.writer])
  let port = 0
  await heardFrom<FromInbox>(worker, (message) => {
    if (message.kind === 'ready') port = message.port
    return message.kind === 'ready'
  })
  return { worker, port }
}

async function startSender(start: Starter, writer: Worker, inboxPort: number, { config, log }: ThreadOptions) {
  const { secretKeys, publicUrl, smtpRetryMs: retryMs, databaseUrl } = config
  const port = portOf(writer, 'sender')
  const inbox = { host: INBOX_HOST, port: inboxPort }
  const data: SenderData = { writer: port, databaseUrl, secretKeys, publicUrl, retryMs, inbox }
  const sender = start('sender', data, [port])
  await heardFrom<FromSender>(sender, (message) => message.kind === 'ready')
  sender.on('message', (message: FromSender) => {
    if (message.kind === 'log') log[message.level](message.details, message.message)
  })
  return sender
}

/** Resolves at the first message that `isIt` accepts. */
function heardFrom<T>(worker: Worker, isIt: (message: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const hear = (message: T) => {
      if (!isIt(message)) return
      worker.off('message', hear)
      resolve()
    }
    worker.on('message', hear)
  })
}

function stopped(worker: Worker, message: ToSender | ToInbox | ToWriter): Promise<void> {
  const done = Promise.race([
    heardFrom<{ kind: string }>(worker, ({ kind }) => kind === 'stopped'),
    new Promise<void>((resolve) => worker.once('exit', () => resolve())),
  ])
  worker.postMessage(message)
  return done
}
