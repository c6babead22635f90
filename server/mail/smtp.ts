/** One lane: one SMTP connection, kept open over many messages. What happens to each is server/mail/smtp-transaction.ts. */
import type { SmtpAnswer } from '../../shared/message/replies.ts'
import { withoutSecrets } from './smtp-secrets.ts'
import { lost, openSession } from './smtp-session.ts'
import { type LaneSettings, RFC_TIMEOUTS, type SmtpTimeouts } from './smtp-settings.ts'
import { type Delivery, type Envelope, type Line, reset, transact } from './smtp-transaction.ts'
import { takeWire } from './smtp-wire.ts'

/** How long a server may take to say goodbye. */
const QUIT_MS = 5_000

export type Opened = { ok: true } | { ok: false; answer: SmtpAnswer }

export type Lane = {
  /** Connect, greet, sign in; nothing to do when it is open. */
  open(): Promise<Opened>
  isOpen(): boolean
  /** Never throws. `beforeDot` is asked once, when all of the message but its dot has left. */
  send(envelope: Envelope, message: Buffer, beforeDot: () => Promise<boolean>): Promise<Delivery>
  /** QUIT, then gone; in the middle of a message just gone. */
  close(): void
}

export function createLane(settings: LaneSettings): Lane {
  const timeouts: SmtpTimeouts = { ...RFC_TIMEOUTS, ...settings.timeouts }
  let line: Line | null = null
  const isOpen = () => line !== null && !line.connection.destroyed

  return {
    isOpen,
    async open() {
      if (isOpen()) return { ok: true }
      const opened = await openSession(settings, timeouts)
      if ('answer' in opened) return { ok: false, answer: opened.answer }
      const wire = takeWire(opened.connection, withoutSecrets(settings))
      if (wire === null) return { ok: false, answer: lost('greeting', 'Connection closed unexpectedly', false) }
      line = { ...opened, wire, abandon: null }
      return { ok: true }
    },
    async send(envelope, message, beforeDot) {
      const current = line
      if (current === null || current.connection.destroyed) return lost('mail', 'the connection is closed', false)
      const delivery = await transact(current, timeouts, { envelope, message, beforeDot })
      await settle(current, delivery, timeouts)
      return delivery
    },
    close() {
      if (line === null || line.connection.destroyed) return
      if (line.abandon !== null) line.abandon()
      else quit(line)
      line = null
    },
  }
}

/** The server closes; if it does not in time, we do. */
function quit({ wire, connection }: Line): void {
  wire.write('QUIT\r\n')
  setTimeout(() => connection.close(), QUIT_MS).unref()
}

/** Make the connection ready for the next message, or close it. */
async function settle(line: Line, delivery: Delivery, timeouts: SmtpTimeouts): Promise<void> {
  const { connection } = line
  if (connection.destroyed || (delivery.kind === 'reply' && delivery.stage === 'dot' && delivery.code < 400)) return
  const isReusable = delivery.kind === 'reply' && delivery.stage !== 'data' && delivery.code !== 421
  if (!isReusable || !(await reset(line, timeouts.mailMs))) connection.close()
}
