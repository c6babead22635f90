/**
 * The writer thread: the only one that changes the database. Takes the lock, migrates, recovers, then runs commands and activation
 * slices, one at a time. Wiring only. If it dies the process exits and the next start recovers.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { WorkflowId } from '../../shared/ids.ts'
import type { CommandName, CommandOutput } from '../commands/contract.ts'
import { createMailbox } from '../commands/mailbox.ts'
import { serveCommands } from '../commands/serve.ts'
import { acquire, type Lock } from '../db/lock.ts'
import { migrate } from '../db/migrate.ts'
import { openDatabase } from '../db/open.ts'
import { createCheckpointer, writeAheadLog } from '../engine/checkpoint.ts'
import { coalesce } from '../engine/coalesce.ts'
import { beginMoment, createEngine, settle } from '../engine/context.ts'
import { createCrowdWatch } from '../engine/crowd.ts'
import { ensureInstallation } from '../engine/install.ts'
import type { FromWriter, SenderHint, ToWriter, WriterData } from '../engine/protocol.ts'
import { recover } from '../engine/recover.ts'
import { startScheduler } from '../engine/scheduler.ts'
import { type Hints, transact } from '../engine/transact.ts'
import { createWriterMeter, startMeter } from './meter.ts'
import { nameThread } from './name.ts'

const SENDING: ReadonlySet<CommandName> = new Set(['mark-dots', 'finish-messages'])
/** A claim that found nothing (limits, a paused account) announces no marks, and must not make activations dear. */
const hasClaimed = (name: CommandName, output: unknown): boolean =>
  name === 'claim-messages' && (output as CommandOutput<'claim-messages'>).messages.length > 0
const STATS_INTERVAL_MS = 1_000
/** A transaction that outgrows it writes pages early, and its index pages are looked up in no order. */
const CACHE_KIB = 32_768

async function startWriter(data: WriterData, parent: MessagePort): Promise<void> {
  const tell = (message: FromWriter) => parent.postMessage(message)
  const early: ToWriter[] = []
  const standby = new AbortController()
  let receive = (message: ToWriter): void => {
    early.push(message)
    if (message.kind === 'stop') standby.abort()
  }
  parent.on('message', (message: ToWriter) => receive(message))

  const acquired = await acquireUnlessStopped(data.databaseUrl, standby.signal, () => tell({ kind: 'standby' }))
  if (acquired === null) {
    tell({ kind: 'stopped' })
    parent.close()
    return
  }
  const lock = acquired
  const db = await openDatabase(data.databaseUrl, { cacheKib: CACHE_KIB })
  await migrate(db)
  const engine = createEngine({ now: () => Date.now(), uncertainSends: data.uncertainSends })
  const ticks = () => performance.now()
  const senders = new Set<MessagePort>()
  const stats = coalesce<WorkflowId>(STATS_INTERVAL_MS, (workflowId) => tell({ kind: 'stats-changed', workflowId }))
  const checkpointer = createCheckpointer(writeAheadLog(db), ticks)
  let lastSenderAt = Number.NEGATIVE_INFINITY
  let wake = () => {}
  const meter = createWriterMeter()

  function onCommit(hints: Hints): void {
    checkpointer.note()
    // An import commits a hundred times a second: its log is written back between its chunks, not only when nobody has work.
    if (!db.raw.inTransaction) checkpointer.between(false)
    meter.tally(hints.tally)
    if (hints.due || hints.jobs) wake()
    const hint: SenderHint = { kind: 'messages-ready' }
    if (hints.messages) for (const port of senders) port.postMessage(hint)
    for (const workflowId of hints.stats) stats.note(workflowId)
  }

  const installId = randomBytes(6).toString('hex')
  await transact(db, (tx) => ensureInstallation(tx, { now: engine.now(), installId }))
  const { value: recovered } = await transact(db, async (tx) => {
    const moment = await beginMoment(engine, tx)
    const report = await recover(moment, { kernelBootId: kernelBootId(), version: data.version })
    await settle(moment)
    return report
  })
  const mailbox = createMailbox({ db, engine, onCommit })
  let sliceBeganAt = ticks()
  const scheduler = startScheduler({
    db,
    engine,
    async drained(patienceMs) {
      await mailbox.drained(patienceMs)
      sliceBeganAt = ticks()
    },
    lastSenderAt: () => lastSenderAt,
    onCommit,
    between(isIdle) {
      if (!isIdle) meter.slice(ticks() - sliceBeganAt)
      checkpointer.between(isIdle)
    },
    mayActivate: checkpointer.mayActivate,
    isCrowded: createCrowdWatch(db, ticks),
    ticks,
  })
  wake = scheduler.wake

  receive = (message) => {
    if (message.kind === 'stop') {
      void stop()
      return
    }
    if (message.role === 'sender') senders.add(message.port)
    message.port.on('close', () => senders.delete(message.port))
    serveCommands(message.port, {
      async send(name, input) {
        const output = await meter.during(() => mailbox.send(name, input))
        if (hasClaimed(name, output)) lastSenderAt = ticks()
        return output
      },
      onCommand: (name) => {
        if (SENDING.has(name)) lastSenderAt = ticks()
      },
    })
  }
  async function stop(): Promise<void> {
    await scheduler.stop()
    await mailbox.idle()
    stats.stop()
    db.raw.pragma('wal_checkpoint(TRUNCATE)')
    await db.close()
    lock.release()
    tell({ kind: 'stopped' })
    parent.close()
  }
  for (const message of early) receive(message)
  tell({ kind: 'ready', recovered })
  startMeter((report) => parent.postMessage(report), meter.report)
  await scheduler.finished
}

/** Null when told to stop while another process was the active one. */
async function acquireUnlessStopped(url: string, signal: AbortSignal, onStandby: () => void): Promise<Lock | null> {
  try {
    return await acquire(url, { signal, onStandby })
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

/** Tells a crash of the process from one of the machine; empty where the system does not say. */
function kernelBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

if (parentPort === null) throw new Error('server/threads/writer.ts runs as a worker thread only.')
nameThread('writer')
await startWriter(workerData as WriterData, parentPort)
