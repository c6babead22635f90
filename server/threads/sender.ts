/** The sender thread: renders, speaks SMTP, asks the writer for every change. Wiring only. */
import { randomUUID } from 'node:crypto'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { connectCommands, onSenderHint } from '../commands/remote.ts'
import { openDatabase } from '../db/open.ts'
import { ACCOUNT_PURPOSE, DKIM_PURPOSE, sealer } from '../mail/secrets.ts'
import { dkimKeys } from '../outbox/dkim-keys.ts'
import { outboxReads } from '../outbox/reads.ts'
import { startSender } from '../outbox/sender.ts'
import { signer } from '../tracking/tokens.ts'
import { startMeter } from './meter.ts'
import { nameThread } from './name.ts'
import type { FromSender, SenderData, ToSender } from './protocol.ts'

async function start(data: SenderData, parent: MessagePort): Promise<void> {
  const tell = (message: FromSender) => parent.postMessage(message)
  const log = (level: 'warn' | 'error') => (details: object, message: string) =>
    tell({ kind: 'log', level, details: plain(details), message })
  const db = await openDatabase(data.databaseUrl, { readonly: true, cacheKib: 4_096 })
  const leasePrefix = randomUUID()
  let leases = 0
  const sender = startSender({
    commands: connectCommands(data.writer),
    reads: outboxReads(db.sql),
    sign: signer(data.secretKeys),
    now: () => Date.now(),
    publicUrl: data.publicUrl,
    retryMs: data.retryMs,
    newLease: () => `${leasePrefix}.${++leases}`,
    openSecret: sealer(data.secretKeys, ACCOUNT_PURPOSE).open,
    inbox: data.inbox,
    dkim: dkimKeys({
      sql: db.sql,
      openKey: sealer(data.secretKeys, DKIM_PURPOSE).open,
      now: () => Date.now(),
      log: { error: log('error') },
    }),
    log: { warn: log('warn'), error: log('error') },
    timeouts: data.timeouts,
  })
  onSenderHint(data.writer, () => sender.wake())
  parent.on('message', async (message: ToSender) => {
    if (message.kind === 'wake') return sender.wake()
    await sender.stop()
    await db.close()
    data.writer.close()
    tell({ kind: 'stopped' })
    parent.close()
  })
  tell({ kind: 'ready' })
  startMeter((report) => parent.postMessage(report))
}

/** An Error does not show its message as a plain value. */
function plain(details: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      value instanceof Error ? (value.stack ?? value.message) : value,
    ]),
  )
}

if (parentPort === null) throw new RangeError('threads/sender runs as a worker thread only')
nameThread('sender')
await start(workerData as SenderData, parentPort)
