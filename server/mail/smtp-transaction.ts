/**
 * One message over an open session: MAIL, RCPT, DATA (in one write where the server offers PIPELINING, RFC 2920), the message, and the
 * dot barrier (ENGINE.md 3.2): the final dot is written after `beforeDot` said yes, durably. It says no, throws or never answers: the
 * connection is destroyed in mid-DATA, and what has no final dot was never sent (RFC 5321 4.1.1.4).
 */
import type { SmtpAnswer, SmtpStage } from '../../shared/message/replies.ts'
import { after, answerOf, lost, replyOf, type Session } from './smtp-session.ts'
import type { SmtpTimeouts } from './smtp-settings.ts'
import type { Wire } from './smtp-wire.ts'

/** An open session whose socket is ours. */
export type Line = Session & {
  wire: Wire
  /** End the message under way; set while there is one. */
  abandon: (() => void) | null
}

export type Envelope = { from: string; to: string; needsSmtpUtf8: boolean }
export type Delivery =
  | SmtpAnswer
  /** `beforeDot` said no: nothing was sent. */
  | { kind: 'aborted'; stage: 'data'; response: string }
  /** The address needs SMTPUTF8 and the server does not offer it (RFC 6531 3.2): it never will reach this recipient. */
  | { kind: 'unsupported'; stage: 'mail'; response: string }

export type Outgoing = {
  envelope: Envelope
  /** Ends in CRLF and has no bare CR or LF, as all of ours do; dots are stuffed here if there are any. */
  message: Buffer
  beforeDot: () => Promise<boolean>
}

/** Resolves once the message's fate on this connection is known. Never rejects. */
export function transact(line: Line, timeouts: SmtpTimeouts, outgoing: Outgoing): Promise<Delivery> {
  return new Promise((resolve) => {
    const refusal = refused(line, outgoing)
    if (refusal === null) new Transaction(line, timeouts, outgoing, resolve).begin()
    else resolve(refusal)
  })
}

/** What must not even be tried. */
function refused({ offers }: Line, { envelope, message }: Outgoing): Delivery | null {
  const { from, to, needsSmtpUtf8 } = envelope
  if (/[\r\n<>]/.test(`${from}${to}`) || to === '') return lost('mail', 'the address would break the command', false)
  if (needsSmtpUtf8 && !offers.smtpUtf8) {
    return { kind: 'unsupported', stage: 'mail', response: 'the server does not offer SMTPUTF8' }
  }
  if (offers.maxBytes > 0 && message.length > offers.maxBytes) {
    return replyOf('mail', `552 5.3.4 Message size larger than allowed ${offers.maxBytes}`)
  }
  return null
}

class Transaction {
  readonly #line: Line
  readonly #timeouts: SmtpTimeouts
  readonly #outgoing: Outgoing
  readonly #resolve: (delivery: Delivery) => void
  #stage: SmtpStage = 'mail'
  #isBodySent = false
  #isMarked = false
  #isSettled = false
  /** The first refusal of a pipelined envelope, while its other replies come in. */
  #refusal: SmtpAnswer | null = null
  /** An empty message to nobody is being ended: RFC 2920 3.1, where DATA was taken without a recipient. */
  #isEnding = false
  #timer: NodeJS.Timeout | undefined

  constructor(line: Line, timeouts: SmtpTimeouts, outgoing: Outgoing, resolve: (delivery: Delivery) => void) {
    this.#line = line
    this.#timeouts = timeouts
    this.#outgoing = outgoing
    this.#resolve = resolve
  }

  begin(): void {
    const { wire, offers } = this.#line
    const { from, to, needsSmtpUtf8 } = this.#outgoing.envelope
    const size = offers.maxBytes >= 0 ? ` SIZE=${this.#outgoing.message.length}` : ''
    const mail = `MAIL FROM:<${from}>${needsSmtpUtf8 ? ' SMTPUTF8' : ''}${size}\r\n`
    this.#line.abandon = () => this.#giveUp(lost(this.#stage, 'the sender is stopping', this.#isMarked))
    wire.listen({
      hear: (reply) => this.#hear(reply),
      gone: (error) => this.#settle(answerOf(error, this.#stage, this.#isMarked)),
    })
    this.#enter('mail', this.#timeouts.mailMs)
    wire.write(offers.pipelining ? `${mail}RCPT TO:<${to}>\r\nDATA\r\n` : mail)
  }

  #hear(reply: string) {
    // Whatever this is, it is no answer: after the dot nobody knows what became of the message.
    if (!/^[2-5]\d\d([ -]|$)/.test(reply)) {
      return this.#giveUp(lost(this.#stage, `no SMTP reply: ${reply}`, this.#isMarked, 'not-smtp'))
    }
    if (reply.startsWith('421')) return this.#giveUp(this.#refusal ?? replyOf(this.#stage, reply))
    const isGood = /^[23]/.test(reply)
    if (this.#isEnding) return this.#settle(this.#refusal ?? replyOf(this.#stage, reply))
    switch (this.#stage) {
      case 'mail':
        return this.#next(isGood, reply, 'rcpt', `RCPT TO:<${this.#outgoing.envelope.to}>\r\n`)
      case 'rcpt':
        return this.#next(isGood, reply, 'data', 'DATA\r\n')
      case 'data':
        return this.#taken(isGood, reply)
      default:
        return this.#settle(replyOf('dot', reply))
    }
  }

  /** A reply to MAIL or RCPT. A pipelined envelope has all its replies on the way. */
  #next(isGood: boolean, reply: string, next: 'rcpt' | 'data', command: string) {
    if (!isGood) this.#refusal ??= replyOf(this.#stage, reply)
    const { pipelining } = this.#line.offers
    if (this.#refusal !== null && !pipelining) return this.#settle(this.#refusal)
    this.#enter(next, next === 'rcpt' ? this.#timeouts.rcptMs : this.#timeouts.dataMs)
    if (!pipelining) this.#line.wire.write(command)
  }

  /** The reply to DATA - or, once the message is on its way, one that comes before its dot. */
  #taken(isGood: boolean, reply: string) {
    if (this.#isBodySent) {
      const early = `answered before the final dot: ${reply}`
      return this.#giveUp(isGood ? lost('data', early, false) : replyOf('data', reply))
    }
    if (this.#refusal !== null) {
      if (!isGood) return this.#settle(this.#refusal)
      if (this.#refusal.stage === 'mail') return this.#giveUp(this.#refusal)
      this.#isEnding = true
      return this.#line.wire.write('.\r\n')
    }
    if (!isGood) return this.#settle(replyOf('data', reply))
    this.#isBodySent = true
    this.#enter('data', this.#timeouts.blockMs)
    // Asked when the body has left us: what waits in a buffer of ours may never leave, and must not be marked.
    this.#line.wire.write(dotStuffed(this.#outgoing.message), (error) => {
      if (error === undefined || error === null) void this.#mark()
    })
  }

  async #mark(): Promise<void> {
    if (this.#isSettled) return
    const refusal = await askBeforeDot(this.#outgoing.beforeDot)
    if (this.#isSettled) return
    if (refusal !== null) return this.#giveUp({ kind: 'aborted', stage: 'data', response: refusal })
    if (this.#line.connection.destroyed) return this.#giveUp(lost('data', 'the connection is closed', false))
    this.#isMarked = true
    this.#enter('dot', this.#timeouts.dotMs)
    this.#line.wire.write('.\r\n')
  }

  #enter(next: SmtpStage, limitMs: number): void {
    if (this.#isSettled) return
    this.#stage = next
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => this.#giveUp(lost(this.#stage, `no answer within ${limitMs} ms`, this.#isMarked, 'silent')),
      limitMs,
    )
  }

  #settle(delivery: Delivery): void {
    if (this.#isSettled) return
    this.#isSettled = true
    clearTimeout(this.#timer)
    this.#line.abandon = null
    this.#line.wire.listen(null)
    this.#resolve(delivery)
  }

  #giveUp(delivery: Delivery): void {
    this.#settle(delivery)
    this.#line.connection.close()
  }
}

/** RSET, so that the next message starts afresh; false: there is no next one on this line. */
export async function reset({ wire }: Line, limitMs: number): Promise<boolean> {
  const answered = new Promise<Error | null>((resolve) => {
    wire.listen({ hear: (reply) => resolve(reply.startsWith('2') ? null : new Error(reply)), gone: resolve })
  })
  wire.write('RSET\r\n')
  const slow = after(limitMs, new Error('no answer to RSET'))
  const problem = await Promise.race([answered, slow.promise])
  slow.cancel()
  wire.listen(null)
  return problem === null
}

/** Why the dot must not leave, or null: it may. */
async function askBeforeDot(beforeDot: () => Promise<boolean>): Promise<string | null> {
  try {
    return (await beforeDot()) ? null : 'the message is not ours to send any more'
  } catch (error) {
    return `the dot mark failed: ${error instanceof Error ? error.message : String(error)}`
  }
}

const DOT = 46
const LF = 10

/** A dot at the start of a line is doubled (RFC 5321 4.5.2). Ours has none: quoted-printable encodes it, so one native search is all. */
function dotStuffed(message: Buffer): Buffer {
  if (message[0] !== DOT && message.indexOf('\n.') < 0) return message
  const pieces: Buffer[] = []
  let from = 0
  for (let at = message.indexOf(DOT); at >= 0; at = message.indexOf(DOT, at + 1)) {
    if (at > 0 && message[at - 1] !== LF) continue
    pieces.push(message.subarray(from, at), Buffer.from('.'))
    from = at
  }
  return Buffer.concat([...pieces, message.subarray(from)])
}
