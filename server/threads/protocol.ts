/** What main.ts and the sender and inbox threads say to each other. The writer's half is server/engine/protocol.ts. */
import type { MessagePort } from 'node:worker_threads'
import type { FileToRead, ReadOutcome } from '../ingest/reader.ts'
import type { SmtpTimeouts } from '../mail/smtp-settings.ts'

/** `workerData` of server/threads/sender.ts; transfer `writer`. */
export type SenderData = {
  /** Carries commands to the writer (`{ kind: 'serve', role: 'sender' }` there) and its `messages-ready` back. */
  writer: MessagePort
  /** Opened read-only, after the writer said `ready`. */
  databaseUrl: string
  /** First signs and seals, all verify and open. */
  secretKeys: readonly string[]
  publicUrl: string
  /** `SMTP_RETRY`, in ms. */
  retryMs: readonly number[]
  /** Where the inbox thread listens; null: there is none. */
  inbox: { host: string; port: number } | null
  timeouts?: Partial<SmtpTimeouts> | undefined
}
export type ToSender = { kind: 'wake' } | { kind: 'stop' }
export type FromSender =
  | { kind: 'ready' }
  | { kind: 'log'; level: 'warn' | 'error'; details: Record<string, unknown>; message: string }
  /** What was on the wire has ended, leases are given back, the thread is about to exit. */
  | { kind: 'stopped' }

/** `workerData` of server/threads/inbox.ts; transfer `writer`. */
export type InboxData = {
  /** Carries `store-inbox-mail` (`role: 'inbox'`). */
  writer: MessagePort
  /** 0: any free port. */
  port: number
}
export type ToInbox = { kind: 'stop' }
export type FromInbox = { kind: 'ready'; port: number } | { kind: 'stopped' }

/** `workerData` of server/threads/reader.ts; transfer `writer`. */
export type ReaderData = {
  /** Carries `import-chunk`. */
  writer: MessagePort
  file: FileToRead
}
/** Its only word; what else goes wrong ends the thread with an error. */
export type FromReader = { kind: 'read'; outcome: ReadOutcome } | { kind: 'unreadable'; problem: string }
