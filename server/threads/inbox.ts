/** The embedded inbox in a thread of its own, so that taking mail in never slows the pages down. Wiring only. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { connectCommands } from '../commands/remote.ts'
import { startInbox } from '../mail/inbox.ts'
import { startMeter } from './meter.ts'
import { nameThread } from './name.ts'
import type { FromInbox, InboxData, ToInbox } from './protocol.ts'

async function start(data: InboxData, parent: MessagePort): Promise<void> {
  const tell = (message: FromInbox) => parent.postMessage(message)
  const commands = connectCommands(data.writer)
  const inbox = await startInbox({
    port: data.port,
    store: (mails) => commands('store-inbox-mail', { mails: [...mails] }),
  })
  parent.on('message', async (_message: ToInbox) => {
    await inbox.close()
    data.writer.close()
    tell({ kind: 'stopped' })
    parent.close()
  })
  tell({ kind: 'ready', port: inbox.port })
  startMeter((report) => parent.postMessage(report))
}

if (parentPort === null) throw new RangeError('threads/inbox runs as a worker thread only')
nameThread('inbox')
await start(workerData as InboxData, parentPort)
