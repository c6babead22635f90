/** What the writer thread and the thread that started it say to each other, besides commands (server/commands/remote.ts). */
import type { MessagePort } from 'node:worker_threads'
import type { WorkflowId } from '../../shared/ids.ts'
import type { Recovered } from './recover.ts'

/** `workerData` of server/threads/writer.ts. */
export type WriterData = {
  databaseUrl: string
  uncertainSends: 'hold' | 'resend'
  /** Of the product, for the boot row. */
  version: string
}

export type ToWriter =
  /** Serve commands on this port. Ports of senders also get `messages-ready`. Transfer the port. */
  | { kind: 'serve'; port: MessagePort; role: 'main' | 'sender' | 'inbox' }
  /** Finish what runs, close the database, say `stopped`. */
  | { kind: 'stop' }

export type FromWriter =
  /** Another process is the active one; this one waits for its end. */
  | { kind: 'standby' }
  /** Migrated, recovered, serving. Ports that came before are served from now on. */
  | { kind: 'ready'; recovered: Recovered }
  /** At most one a second for each workflow. */
  | { kind: 'stats-changed'; workflowId: WorkflowId }
  | { kind: 'stopped' }

/** Posted on the port of each sender, among the replies. */
export type SenderHint = { kind: 'messages-ready' }
