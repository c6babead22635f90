/** An SMTP session by nodemailer's protocol client, and its errors in our words. */
import { TLSSocket } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { enhancedCodeOf, type SmtpAnswer, type SmtpStage } from '../../shared/message/replies.ts'
import { lossTroubleOf, type TroubleCode, tlsTroubleOf } from '../../shared/message/trouble.ts'
import { withoutSecrets } from './smtp-secrets.ts'
import type { LaneSettings, SmtpTimeouts } from './smtp-settings.ts'

/** What the server's last EHLO said. */
export type Offers = {
  pipelining: boolean
  smtpUtf8: boolean
  /** Of SIZE: 0 is without limit, -1 not offered. */
  maxBytes: number
  startTls: boolean
}
export type Session = {
  connection: SMTPConnection
  offers: Offers
}

/** How far a session came. */
export type SessionPhase = 'connect' | 'greeting' | 'auth'
export type Hearing = (reply: string, phase: SessionPhase) => void

/** Connect, greet, sign in. `hear` gets every reply of the server. A server that repeats what we signed in with is not quoted. */
export async function openSession(
  settings: LaneSettings,
  timeouts: SmtpTimeouts,
  hear: Hearing = () => undefined,
): Promise<Session | { answer: SmtpAnswer }> {
  const clean = withoutSecrets(settings)
  const opened = await signIn(settings, timeouts, (reply, phase) => hear(clean(reply), phase))
  if ('connection' in opened) return opened
  return { answer: { ...opened.answer, response: clean(opened.answer.response) } }
}

async function signIn(
  settings: LaneSettings,
  timeouts: SmtpTimeouts,
  hear: Hearing,
): Promise<Session | { answer: SmtpAnswer }> {
  const connection = connectionFor(settings, timeouts, onLine)
  let offers = offersOf('')
  let stage: SessionPhase = 'connect'
  let offeredTls = false
  function onLine(text: string): void {
    hear(text, stage)
    if (stage === 'connect') stage = 'greeting'
    // After STARTTLS the server says it again, and only that counts (RFC 3207 4.2).
    else if (stage === 'greeting' && text.startsWith('250')) offers = offersOf(text)
    offeredTls ||= offers.startTls
  }
  // Later errors reach the message in flight through its own callback; between messages they only close the lane.
  const failed = new Promise<Error>((resolve) => connection.on('error', resolve))
  const connected = new Promise<Error | null>((resolve) => connection.connect((error) => resolve(error ?? null)))
  // A server that greets and then falls silent: EHLO and STARTTLS have no phase of their own in nodemailer.
  const silent = after(2 * timeouts.greetingMs, silence('no answer to EHLO'))
  const problem = await Promise.race([failed, connected, silent.promise])
  silent.cancel()
  if (problem !== null) {
    connection.close()
    const answer = answerOf(problem, stage)
    // Asked for all the same, and refused: somebody on the way may have taken the offer out.
    const isStripped = answer.kind === 'lost' && answer.isTls && !offeredTls && settings.security === 'starttls'
    return { answer: isStripped ? { ...answer, trouble: 'tls-missing' } : answer }
  }
  if (settings.username === '') return { connection, offers }
  if (!connection.allowsAuth) {
    connection.close()
    return { answer: lost('auth', 'the server offers no sign-in', false, 'auth-unavailable') }
  }
  stage = 'auth'
  const credentials = { user: settings.username, pass: settings.password ?? '' }
  const login = new Promise<Error | null>((resolve) =>
    connection.login({ credentials }, (error) => resolve(error ?? null)),
  )
  const slow = after(timeouts.mailMs, silence('no answer to AUTH'))
  const refused = await Promise.race([failed, login, slow.promise])
  slow.cancel()
  if (refused === null) return { connection, offers }
  connection.close()
  return { answer: answerOf(refused, 'auth') }
}

function connectionFor(settings: LaneSettings, timeouts: SmtpTimeouts, onLine: (text: string) => void): SMTPConnection {
  const ignore = () => undefined
  const debug = (entry: unknown, text: unknown) => {
    if (isServerLine(entry)) onLine(String(text))
  }
  return new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.security === 'tls',
    requireTLS: settings.security === 'starttls',
    opportunisticTLS: settings.security === 'opportunistic',
    ignoreTLS: settings.security === 'none',
    tls: {
      // Without a demand for TLS an unverified encryption still beats none (RFC 7435); with it, the certificate must be right.
      rejectUnauthorized: settings.security !== 'opportunistic',
      minVersion: 'TLSv1.2',
      ...(settings.trusted === undefined ? {} : { ca: settings.trusted }),
    },
    ...(settings.clientName === undefined ? {} : { name: settings.clientName }),
    connectionTimeout: timeouts.greetingMs,
    greetingTimeout: timeouts.greetingMs,
    // Ours are per phase; this one only ends a connection that all of them have missed.
    socketTimeout: Math.max(...Object.values(timeouts)) * 2,
    socketCloseTimeout: 0,
    transactionLog: true,
    logger: { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore },
  })
}

function offersOf(ehlo: string): Offers {
  const size = /^250[ -]SIZE(?:[ =](\d{1,15}))?/im.exec(ehlo)
  return {
    pipelining: /^250[ -]PIPELINING\b/im.test(ehlo),
    smtpUtf8: /^250[ -]SMTPUTF8\b/im.test(ehlo),
    maxBytes: size === null ? -1 : Number(size[1] ?? 0),
    startTls: /^250[ -]STARTTLS\b/im.test(ehlo),
  }
}

const isServerLine = (entry: unknown): boolean =>
  typeof entry === 'object' && entry !== null && 'tnx' in entry && entry.tnx === 'server'

/** A deadline to race against. */
export function after(ms: number, error: Error): { promise: Promise<Error>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(error), ms)
  })
  return { promise, cancel: () => clearTimeout(timer) }
}

const STAGE_OF: Readonly<Record<string, SmtpStage>> = { 'MAIL FROM': 'mail', 'RCPT TO': 'rcpt' }

/** What nodemailer's error says: a reply of the server, or that there was none. */
export function answerOf(error: Error, stage: SmtpStage, isMarked = false): SmtpAnswer {
  const found = new Map<string, unknown>(Object.entries(error))
  const response = String(found.get('response') ?? '')
  // A server that refuses STARTTLS for good is a TLS failure; for now, it is just out of reach.
  const code = String(found.get('originalCode') ?? found.get('code') ?? '')
  if (found.get('code') === 'ETLS' && !response.startsWith('4')) {
    const trouble = /^5\d\d/.test(response) ? 'tls-missing' : tlsTroubleOf(code)
    return { ...lost(stage, error.message, isMarked, trouble), isTls: true }
  }
  if (/^[2345]\d\d/.test(response)) {
    return replyOf(STAGE_OF[String(found.get('command'))] ?? stage, response)
  }
  // nodemailer itself refuses what is larger than the server's SIZE.
  if (found.get('code') === 'EMESSAGE') return replyOf('mail', `552 5.3.4 ${error.message}`)
  const isTls = /CERT|SSL|TLS|ALTNAME|VERIFY|EPROTO$/.test(String(found.get('originalCode') ?? ''))
  const isAuth = found.get('code') === 'EAUTH'
  if (isAuth && stage === 'auth') return replyOf('auth', `535 5.7.8 ${error.message}`)
  const trouble = isTls ? tlsTroubleOf(code) : (lossTroubleOf(code) ?? lossTroubleOf(String(found.get('code') ?? '')))
  return { ...lost(stage, error.message, isMarked, trouble ?? undefined), isTls }
}

export function replyOf(stage: SmtpStage, response: string): SmtpAnswer {
  return { kind: 'reply', stage, code: Number(response.slice(0, 3)), enhanced: enhancedCodeOf(response), response }
}

export function lost(
  stage: SmtpStage,
  response: string,
  isMarked: boolean,
  trouble?: TroubleCode,
): Extract<SmtpAnswer, { kind: 'lost' }> {
  return { kind: 'lost', stage, response, isMarked, isTls: false, ...(trouble === undefined ? {} : { trouble }) }
}

const silence = (text: string): Error => Object.assign(new Error(text), { code: 'ETIMEDOUT' })

/** How an open session is encrypted; null: it is not. */
export function encryptionOf({ connection }: Session): { protocol: string; validTo: string | null } | null {
  const socket = connection._socket
  if (!(socket instanceof TLSSocket)) return null
  return { protocol: socket.getProtocol() ?? 'TLS', validTo: socket.getPeerCertificate().valid_to ?? null }
}
