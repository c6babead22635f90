/**
 * One lane: one SMTP connection, kept open over many messages, and the dot barrier (ENGINE.md 3.2). The message is a stream whose end is
 * pushed only after `beforeDot` said yes, durably. It says no, throws or never answers: the connection is destroyed in mid-DATA, and
 * what has no final dot was never sent (RFC 5321 4.1.1.4).
 */
import { Readable } from 'node:stream'
import type { SmtpAnswer, SmtpStage } from '../../shared/message/replies.ts'
import { after, answerOf, lost, openSession, replyOf, type Session } from './smtp-session.ts'
import { type LaneSettings, RFC_TIMEOUTS, type SmtpTimeouts } from './smtp-settings.ts'

export type Envelope = { from: string; to: string; needsSmtpUtf8: boolean }
export type Delivery =
  | SmtpAnswer
  /** `beforeDot` said no: nothing was sent. */
  | { kind: 'aborted'; stage: 'data'; response: string }
  /** The address needs SMTPUTF8 and the server does not offer it (RFC 6531 3.2): it never will reach this recipient. */
  | { kind: 'unsupported'; stage: 'mail'; response: string }
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
  let session: Session | null = null
  const isOpen = () => session !== null && !session.connection.destroyed

  return {
    isOpen,
    async open() {
      if (isOpen()) return { ok: true }
      const opened = await openSession(settings, timeouts)
      if ('answer' in opened) return { ok: false, answer: opened.answer }
      session = opened
      return { ok: true }
    },
    async send(envelope, message, beforeDot) {
      const current = session
      if (current === null || current.connection.destroyed) return lost('mail', 'the connection is closed', false)
      if (envelope.needsSmtpUtf8 && !current.offersSmtpUtf8) {
        return { kind: 'unsupported', stage: 'mail', response: 'the server does not offer SMTPUTF8' }
      }
      const delivery = await deliver(current, timeouts, envelope, message, beforeDot)
      await settle(current, delivery, timeouts)
      return delivery
    },
    close() {
      if (session === null || session.connection.destroyed) return
      if (session.abandon !== null) session.abandon()
      else session.connection.quit()
      session = null
    },
  }
}

/** One message on its way: which stage it is in, how long that may take, and how it ended. */
function transaction(session: Session, resolve: (delivery: Delivery) => void) {
  let stage: SmtpStage = 'mail'
  let isMarked = false
  let isSettled = false
  let timer: NodeJS.Timeout | undefined
  const self = {
    stage: () => stage,
    isMarked: () => isMarked,
    isSettled: () => isSettled,
    settle(delivery: Delivery) {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      session.abandon = null
      resolve(delivery)
    },
    giveUp(delivery: Delivery) {
      self.settle(delivery)
      session.connection.close()
    },
    enter(next: SmtpStage, limitMs: number) {
      if (isSettled) return
      stage = next
      clearTimeout(timer)
      timer = setTimeout(() => self.giveUp(lost(stage, `no answer within ${limitMs} ms`, isMarked)), limitMs)
    },
    markDone(limitMs: number) {
      isMarked = true
      self.enter('dot', limitMs)
    },
  }
  session.abandon = () => self.giveUp(lost(stage, 'the sender is stopping', isMarked))
  return self
}

/** Send one message over an open session; resolves once its fate on this connection is known. */
function deliver(
  session: Session,
  timeouts: SmtpTimeouts,
  { from, to }: Envelope,
  message: Buffer,
  beforeDot: () => Promise<boolean>,
): Promise<Delivery> {
  return new Promise((resolve) => {
    const current = transaction(session, resolve)
    // Replies come in the order of the commands, pipelined or not: MAIL, RCPT, DATA.
    session.onReply = (line) => {
      if (!/^[23]/.test(line)) return
      if (current.stage() === 'mail') current.enter('rcpt', timeouts.rcptMs)
      else if (current.stage() === 'rcpt') current.enter('data', timeouts.dataMs)
    }
    const mark = async () => {
      const refusal = await askBeforeDot(beforeDot)
      if (current.isSettled()) return
      if (refusal !== null) return current.giveUp({ kind: 'aborted', stage: 'data', response: refusal })
      if (session.connection.destroyed) return current.giveUp(lost('data', 'the connection is closed', false))
      current.markDone(timeouts.dotMs)
      body.push(null)
    }
    const pieces: ('body' | 'mark')[] = ['mark', 'body']
    const body = new Readable({
      read() {
        const piece = pieces.pop()
        if (piece === 'body') {
          current.enter('data', timeouts.blockMs)
          this.push(message)
        } else if (piece === 'mark') void mark()
      },
    })
    current.enter('mail', timeouts.mailMs)
    session.connection.send({ from, to: [to], size: message.length }, body, (error, info) => {
      session.onReply = () => undefined
      if (error) return current.settle(answerOf(error, current.stage(), current.isMarked()))
      if (!current.isMarked())
        return current.giveUp(lost('data', `answered before the final dot: ${info.response}`, false))
      current.settle(replyOf('dot', info.response))
    })
  })
}

/** Why the dot must not leave, or null: it may. */
async function askBeforeDot(beforeDot: () => Promise<boolean>): Promise<string | null> {
  try {
    return (await beforeDot()) ? null : 'the message is not ours to send any more'
  } catch (error) {
    return `the dot mark failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Make the connection ready for the next message, or close it. */
async function settle({ connection }: Session, delivery: Delivery, timeouts: SmtpTimeouts): Promise<void> {
  if (connection.destroyed || (delivery.kind === 'reply' && delivery.stage === 'dot' && delivery.code < 400)) return
  const isReusable = delivery.kind === 'reply' && delivery.stage !== 'data' && delivery.code !== 421
  if (!isReusable) return connection.close()
  const reset = new Promise<Error | null>((resolve) => connection.reset((error) => resolve(error ?? null)))
  const ended = new Promise<Error>((resolve) => connection.once('end', () => resolve(new Error('closed'))))
  const slow = after(timeouts.mailMs, new Error('no answer to RSET'))
  const problem = await Promise.race([reset, ended, slow.promise])
  slow.cancel()
  if (problem !== null) connection.close()
}
