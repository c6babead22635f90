/**
 * What an SMTP reply, or its absence, means for the message and for the sending account (ENGINE.md 3.2). A reply is always definite,
 * whenever it comes; only silence after the final dot is uncertain.
 */
import type { TroubleCode } from './trouble.ts'

export type SmtpStage = 'connect' | 'greeting' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dot'

export type SmtpAnswer =
  | { kind: 'reply'; stage: SmtpStage; code: number; enhanced: string | null; response: string }
  /** The connection broke or timed out. `isMarked`: the message was past its dot mark. */
  | {
      kind: 'lost'
      stage: SmtpStage
      response: string
      isMarked: boolean
      isTls: boolean
      /** What went wrong, as far as the system told. */
      trouble?: TroubleCode | undefined
    }

export type MessageVerdict =
  | { kind: 'sent' }
  /** Refused for now: the retry list decides when, or whether. */
  | { kind: 'retry'; reason: string }
  | { kind: 'failed'; reason: string; hardBounce: boolean }
  /** Provably not sent and not the message's fault. */
  | { kind: 'requeue' }
  | { kind: 'uncertain'; reason: string }
/** `pause`: nothing more until a person looks at it; `slow`: half the rate for a while; `back-off`: the server is out of reach. */
export type AccountVerdict = 'ok' | 'slow' | 'back-off' | 'pause'
/** `trouble`: what it says about the account; counts when the account is not `ok`. */
export type Verdict = { message: MessageVerdict; account: AccountVerdict; trouble: TroubleCode }

const REQUEUE: MessageVerdict = { kind: 'requeue' }
/** 530 authentication required, 534 mechanism too weak, 535 refused, 538 encryption required (RFC 4954 6). */
const ACCOUNT_CODES = new Set([530, 534, 535, 538])
/** The address itself is wrong: X.1.1, X.1.2, X.1.3, X.1.6, X.1.10 (RFC 3463, RFC 7505). */
const BAD_ADDRESS = /^5\.1\.(1|2|3|6|10)$/
const UNKNOWN_MAILBOX =
  /(user|mailbox|recipient|address|account)\b.{0,40}\b(unknown|not found|not exist|unavailable|disabled|invalid|rejected)|(unknown|no such|invalid|non-?existent) (local )?(user|mailbox|recipient|address|account|person)/i
const POLICY = /spam|block(ed|list)|blacklist|policy|reputation|denied|dmarc|spf|content|virus|relay/i
const RATE = /\brate\b|too many (?!recipients)|too fast|throttl|limit exceeded|slow down/i

export function judge(answer: SmtpAnswer): Verdict {
  return { ...judged(answer), trouble: troubleOf(answer) }
}

type Judged = Omit<Verdict, 'trouble'>

function judged(answer: SmtpAnswer): Judged {
  if (answer.kind === 'lost') return judgeLoss(answer)
  const isSession = answer.stage === 'connect' || answer.stage === 'greeting' || answer.stage === 'auth'
  return isSession ? judgeSession(answer) : judgeMessage(answer)
}

type Reply = Extract<SmtpAnswer, { kind: 'reply' }>

function judgeLoss(answer: Extract<SmtpAnswer, { kind: 'lost' }>): Judged {
  if (answer.isMarked) return { message: { kind: 'uncertain', reason: 'no-reply-after-dot' }, account: 'ok' }
  if (answer.isTls || answer.trouble === 'auth-unavailable') return { message: REQUEUE, account: 'pause' }
  const neverOpened = answer.stage === 'connect' || answer.stage === 'greeting' || answer.stage === 'auth'
  return { message: REQUEUE, account: neverOpened ? 'back-off' : 'ok' }
}

/** Before MAIL FROM nothing was said about any message. */
function judgeSession(reply: Reply): Judged {
  if (reply.code >= 500 && (reply.stage === 'auth' || ACCOUNT_CODES.has(reply.code))) {
    return { message: REQUEUE, account: 'pause' }
  }
  return { message: REQUEUE, account: reply.code === 421 ? 'slow' : 'back-off' }
}

function judgeMessage(reply: Reply): Judged {
  if (reply.code >= 200 && reply.code < 300 && reply.stage === 'dot')
    return { message: { kind: 'sent' }, account: 'ok' }
  if (ACCOUNT_CODES.has(reply.code)) return { message: REQUEUE, account: 'pause' }
  if (isTemporary(reply)) {
    const isRate =
      reply.code === 421 ||
      reply.code === 454 ||
      reply.enhanced?.startsWith('4.7.') === true ||
      RATE.test(reply.response)
    return { message: { kind: 'retry', reason: `smtp-${reply.code}` }, account: isRate ? 'slow' : 'ok' }
  }
  return { message: refusal(reply), account: 'ok' }
}

/** RFC 5321 4.5.3.1.10: 552 for too many recipients is temporary, as 452 is. */
function isTemporary({ code, stage, enhanced, response }: Reply): boolean {
  if (code >= 400 && code < 500) return true
  return code === 552 && stage === 'rcpt' && (enhanced === '5.5.3' || /too many recipients/i.test(response))
}

function refusal({ code, stage, enhanced, response }: Reply): MessageVerdict {
  if (isBadAddress({ code, stage, enhanced, response })) {
    return { kind: 'failed', reason: 'recipient-unknown', hardBounce: true }
  }
  if (enhanced === '5.2.2') return { kind: 'failed', reason: 'mailbox-full', hardBounce: false }
  if (stage === 'mail')
    return { kind: 'failed', reason: code === 552 ? 'too-large' : 'sender-refused', hardBounce: false }
  if (enhanced?.startsWith('5.7.') === true || POLICY.test(response)) {
    return { kind: 'failed', reason: 'policy', hardBounce: false }
  }
  return { kind: 'failed', reason: 'refused', hardBounce: false }
}

/** An enhanced code decides; without one, only the words of the reply to RCPT can. A refusal by policy says nothing about the address. */
function isBadAddress({ code, stage, enhanced, response }: Omit<Reply, 'kind'>): boolean {
  if (stage === 'mail') return false
  if (enhanced !== null) return BAD_ADDRESS.test(enhanced)
  if (stage !== 'rcpt') return false
  return code === 556 || ([550, 551, 553].includes(code) && UNKNOWN_MAILBOX.test(response) && !POLICY.test(response))
}

/** The status code of RFC 3463 in a reply such as `550 5.1.1 No such user`, or null. */
export function enhancedCodeOf(response: string): string | null {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?![\d.])/.exec(response)?.[1] ?? null
}

/** The name of what this answer says about the account. */
export function troubleOf(answer: SmtpAnswer): TroubleCode {
  if (answer.kind === 'lost') return answer.trouble ?? (answer.isTls ? 'tls-failed' : 'dropped')
  if (answer.code === 421) return 'busy'
  if (answer.code === 538 || (answer.code === 530 && /tls|encrypt/i.test(answer.response))) return 'encryption-needed'
  if (answer.code === 530) return 'auth-refused'
  if (answer.stage === 'auth') return answer.code >= 500 ? 'auth-refused' : 'busy'
  return answer.code === 534 || answer.code === 535 ? 'auth-refused' : 'turned-away'
}
