/** An SMTP session by nodemailer's protocol client, and its errors in our words. */
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { enhancedCodeOf, type SmtpAnswer, type SmtpStage } from '../../shared/message/replies.ts'
import type { LaneSettings, SmtpTimeouts } from './smtp-settings.ts'

/** What the server's last EHLO said. */
export type Offers = {
  pipelining: boolean
  smtpUtf8: boolean
  /** Of SIZE: 0 is without limit, -1 not offered. */
  maxBytes: number
}
export type Session = {
  connection: SMTPConnection
  offers: Offers
}

/** Connect, greet, sign in. `hear` gets every reply of the server. */
export async function openSession(
  settings: LaneSettings,
  timeouts: SmtpTimeouts,
  hear: (reply: string) => void = () => undefined,
): Promise<Session | { answer: SmtpAnswer }> {
  const connection = connectionFor(settings, timeouts, onLine)
  let offers = offersOf('')
  let stage: SmtpStage = 'connect'
  function onLine(text: string): void {
    if (stage === 'connect') stage = 'greeting'
    // After STARTTLS the server says it again, and only that counts (RFC 3207 4.2).
    else if (stage === 'greeting' && text.startsWith('250')) offers = offersOf(text)
    hear(text)
  }
  // Later errors reach the message in flight through its own callback; between messages they only close the lane.
  const failed = new Promise<Error>((resolve) => connection.on('error', resolve))
  const connected = new Promise<Error | null>((resolve) => connection.connect((error) => resolve(error ?? null)))
  // A server that greets and then falls silent: EHLO and STARTTLS have no phase of their own in nodemailer.
  const silent = after(2 * timeouts.greetingMs, new Error('no answer to EHLO'))
  const problem = await Promise.race([failed, connected, silent.promise])
  silent.cancel()
  if (problem !== null) {
    connection.close()
    return { answer: answerOf(problem, stage) }
  }
  if (settings.username === '') return { connection, offers }
  stage = 'auth'
  const credentials = { user: settings.username, pass: settings.password ?? '' }
  const login = new Promise<Error | null>((resolve) =>
    connection.login({ credentials }, (error) => resolve(error ?? null)),
  )
  const slow = after(timeouts.mailMs, new Error('no answer to AUTH'))
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
    opportunisticTLS: settings.security === 'none',
    // Without a demand for TLS an unverified encryption still beats none; with it, the certificate must be right.
    tls: { rejectUnauthorized: settings.security !== 'none' },
    ...(settings.clientName === undefined ? {} : { name: settings.clientName }),
    connectionTimeout: timeouts.greetingMs,
    greetingTimeout: timeouts.greetingMs,
    // Ours are per phase; this one only ends a connection that all of them have missed.
    socketTimeout: Math.max(timeouts.dotMs, timeouts.mailMs) * 2,
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
  if (found.get('code') === 'ETLS' && !response.startsWith('4')) {
    return { ...lost(stage, error.message, isMarked), isTls: true }
  }
  if (/^[2345]\d\d/.test(response)) {
    return replyOf(STAGE_OF[String(found.get('command'))] ?? stage, response)
  }
  // nodemailer itself refuses what is larger than the server's SIZE.
  if (found.get('code') === 'EMESSAGE') return replyOf('mail', `552 5.3.4 ${error.message}`)
  const isTls = /CERT|SSL|TLS|ALTNAME|VERIFY|EPROTO/.test(String(found.get('originalCode') ?? ''))
  const isAuth = found.get('code') === 'EAUTH'
  if (isAuth && stage === 'auth') return replyOf('auth', `535 5.7.8 ${error.message}`)
  return { ...lost(stage, error.message, isMarked), isTls }
}

export function replyOf(stage: SmtpStage, response: string): SmtpAnswer {
  return { kind: 'reply', stage, code: Number(response.slice(0, 3)), enhanced: enhancedCodeOf(response), response }
}

export function lost(stage: SmtpStage, response: string, isMarked: boolean): Extract<SmtpAnswer, { kind: 'lost' }> {
  return { kind: 'lost', stage, response, isMarked, isTls: false }
}
