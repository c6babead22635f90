/** Start the writer, the inbox and the sender, in that order, and stop them in the other. Used by main.ts. */
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { MessageChannel, type MessagePort, type TransferListItem, Worker } from 'node:worker_threads'
import type { WorkflowId } from '../../shared/ids.ts'
import type { Config } from '../config.ts'
import type { FromWriter, ToWriter, WriterData } from '../engine/protocol.ts'
import type { FromInbox, FromSender, InboxData, SenderData, ToInbox, ToSender } from './protocol.ts'

type Log = Record<'info' | 'warn' | 'error', (details: object, message: string) => void>
export type ThreadOptions = {
  /** Of the built entry files. */
  folder: URL
  config: Config
  version: string
  log: Log
  onStats(workflowId: WorkflowId): void
  onCrash(thread: string, error: unknown): void
}
export type Threads = {
  /** Carries commands to the writer. */
  commandPort: MessagePort
  /** Names of the threads that are not up yet. */
  waitingFor(): readonly string[]
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

export async function startThreads(options: ThreadOptions): Promise<Threads> {
  const { config, folder, log } = options
  const urls = {
    writer: threadUrl(folder, 'writer'),
    inbox: threadUrl(folder, 'inbox'),
    sender: threadUrl(folder, 'sender'),
  }
  const waiting = new Set(['writer', 'inbox', 'sender'])
  let isStopping = false
  const watch = (name: string, worker: Worker) => {
    worker.on('error', (error) => options.onCrash(name, error))
    worker.on('exit', (code) => {
      if (!isStopping) options.onCrash(name, new Error(`the ${name} thread ended with code ${code}`))
    })
    return worker
  }
  const start = (name: 'writer' | 'inbox' | 'sender', data: unknown, transferList: TransferListItem[] = []) =>
    watch(name, new Worker(urls[name], { workerData: data, transferList }))

  const writerData: WriterData = {
    databaseUrl: config.databaseUrl,
    uncertainSends: config.uncertainSends,
    version: options.version,
  }
  const writer = start('writer', writerData)
  await heardFrom<FromWriter>(writer, (message) => {
    if (message.kind === 'standby') log.warn({}, 'another process uses this database; standing by until it ends')
    if (message.kind === 'ready') log.info({ recovered: message.recovered }, 'the database is ready')
    return message.kind === 'ready'
  })
  writer.on('message', (message: FromWriter) => {
    if (message.kind === 'stats-changed') options.onStats(message.workflowId)
  })
  waiting.delete('writer')
  const portFor = (role: 'main' | 'sender' | 'inbox'): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    const message: ToWriter = { kind: 'serve', port: port2, role }
    writer.postMessage(message, [port2])
    return port1
  }
  const commandPort = portFor('main')

  const inboxData: InboxData = { writer: portFor('inbox'), port: 0 }
  const inbox = start('inbox', inboxData, [inboxData.writer])
  let inboxPort = 0
  await heardFrom<FromInbox>(inbox, (message) => {
    if (message.kind === 'ready') inboxPort = message.port
    return message.kind === 'ready'
  })
  waiting.delete('inbox')

  const { secretKeys, publicUrl, smtpRetryMs: retryMs, databaseUrl } = config
  const senderData: SenderData = {
    writer: portFor('sender'),
    databaseUrl,
    secretKeys,
    publicUrl,
    retryMs,
    inbox: { host: INBOX_HOST, port: inboxPort },
  }
  const sender = start('sender', senderData, [senderData.writer])
  await heardFrom<FromSender>(sender, (message) => message.kind === 'ready')
  sender.on('message', (message: FromSender) => {
    if (message.kind === 'log') log[message.level](message.details, message.message)
  })
  waiting.delete('sender')

  return {
    commandPort,
    waitingFor: () => [...waiting],
    async stop() {
      isStopping = true
      await stopped(sender, { kind: 'stop' } satisfies ToSender)
      await stopped(inbox, { kind: 'stop' } satisfies ToInbox)
      await stopped(writer, { kind: 'stop' } satisfies ToWriter)
      commandPort.close()
    },
  }
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

/** A port that was free a moment ago. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, host, () => {
      const address = server.address()
      server.close(() =>
        address === null || typeof address === 'string'
          ? reject(new RangeError('no port in the address'))
          : resolve(address.port),
      )
    })
  })
}
