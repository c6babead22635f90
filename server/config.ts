/** The environment, read once. A bad value refuses to start, naming the variable, the value found and what is expected (DESIGN.md 7.1). */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAddress } from '../shared/contact/address.ts'
import { parseSmtpUrl } from '../shared/message/smtp-url.ts'
import { parseDuration } from '../shared/time/duration.ts'
import { DAY_MS } from '../shared/time/instant.ts'

export type Config = {
  port: number
  host: string
  publicUrl: string
  databaseUrl: string
  dataDir: string
  /** First signs, all verify. */
  secretKeys: readonly string[]
  apiKey: string | null
  role: 'all' | 'web' | 'worker'
  logLevel: string
  smtpUrl: string | null
  /** ISO durations in ms: waits between tries. */
  smtpRetryMs: readonly number[]
  mailFrom: string | null
  postalAddress: string | null
  outboundAllow: readonly string[]
  trustedProxies: readonly string[]
  uncertainSends: 'hold' | 'resend'
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Every bad variable at once, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly lines: readonly string[]
  constructor(lines: readonly string[]) {
    super(`Perennial cannot start:\n${lines.map((line) => `  ${line}`).join('\n')}`)
    this.lines = lines
  }
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const DEFAULT_RETRY = 'PT5M,PT30M,PT2H,PT4H,PT8H'
/** Shorter secrets can be guessed from one signed link. */
const SHORTEST_SECRET = 32
/** Their values never appear in a message. */
const SECRETS = new Set(['SECRET_KEY', 'PERENNIAL_API_KEY', 'SMTP_URL'])

type Read = { ok: true } | { ok: false; expected: string }
type Reader = {
  text(name: string): string | null
  check<T>(name: string, fallback: T, read: (text: string) => T | { expected: string }): T
}

/**
 * Read every variable of DESIGN.md 7.1. A variable that is set but empty counts as unset. Makes DATA_DIR and the secret inside it when
 * they are missing (mode 0700 and 0600).
 *
 * @throws ConfigError naming each bad variable, the value found (secrets are not shown) and what is expected
 */
export function loadConfig(env: Environment): Config {
  const lines: string[] = []
  const reader = readerOf(env, lines)
  const host = reader.text('HOST') ?? '127.0.0.1'
  const port = reader.check('PORT', 3_000, (text) => wholeNumber(text, 0, 65_535))
  const dataDir = resolve(reader.text('DATA_DIR') ?? './data')
  const config = {
    port,
    host,
    publicUrl: reader.check('PUBLIC_URL', `http://${inUrl(host)}:${port}`, publicUrl),
    databaseUrl: reader.check('DATABASE_URL', `file:${join(dataDir, 'perennial.db')}`, databaseUrl),
    dataDir,
    apiKey: reader.check<string | null>('PERENNIAL_API_KEY', null, (text) =>
      /^[A-Za-z0-9_-]{32,}$/.test(text) ? text : { expected: '32 or more characters of A-Z a-z 0-9 _ -' },
    ),
    role: reader.check('ROLE', 'all', role),
    logLevel: reader.check<string>('LOG_LEVEL', 'info', (text) => oneOf(text, LOG_LEVELS)),
    smtpUrl: reader.check<string | null>('SMTP_URL', null, smtpUrl),
    smtpRetryMs: reader.check('SMTP_RETRY', retryList(DEFAULT_RETRY) as readonly number[], retryList),
    mailFrom: reader.check<string | null>('MAIL_FROM', null, mailFrom),
    postalAddress: reader.text('POSTAL_ADDRESS'),
    outboundAllow: reader.check('OUTBOUND_ALLOW', [] as readonly string[], (text) => listOf(text, hostAndPort)),
    trustedProxies: reader.check('TRUSTED_PROXIES', [] as readonly string[], (text) => listOf(text, ipAddress)),
    uncertainSends: reader.check('UNCERTAIN_SENDS', 'hold', (text) => oneOf(text, ['hold', 'resend'] as const)),
  } as const
  const given = reader.check<readonly string[] | null>('SECRET_KEY', null, secretKeys)
  if (lines.length > 0) throw new ConfigError(lines)
  return { ...config, secretKeys: given ?? [secretOf(dataDir)] }
}

function readerOf(env: Environment, lines: string[]): Reader {
  const text = (name: string) => env[name]?.trim() || null
  return {
    text,
    check(name, fallback, read) {
      const found = text(name)
      if (found === null) return fallback
      const value = read(found)
      if (!isRefusal(value)) return value
      const shown = SECRETS.has(name) ? `a value of ${found.length} characters` : JSON.stringify(found)
      lines.push(`${name} is ${shown}; expected ${value.expected}.`)
      return fallback
    },
  }
}

const isRefusal = (value: unknown): value is { expected: string } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && 'expected' in value

function wholeNumber(text: string, least: number, most: number): number | { expected: string } {
  const value = Number(text)
  return /^\d+$/.test(text) && value >= least && value <= most
    ? value
    : { expected: `a whole number from ${least} to ${most}` }
}

function oneOf<const T extends string>(text: string, allowed: readonly T[]): T | { expected: string } {
  return allowed.find((value) => value === text) ?? { expected: `one of ${allowed.join(', ')}` }
}

/** One process owns a SQLite file; a second one stands by and takes over. Sharing the work needs PostgreSQL (DESIGN.md 4). */
function role(text: string): Config['role'] | { expected: string } {
  const known = oneOf(text, ['all', 'web', 'worker'] as const)
  if (known !== 'web' && known !== 'worker') return known
  return { expected: 'all: with a SQLite file (DATABASE_URL) one process does both, and a second one stands by' }
}

const inUrl = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host)

function publicUrl(text: string): string | { expected: string } {
  const expected = 'an address such as https://mail.example.com, without query or fragment'
  if (!URL.canParse(text)) return { expected }
  const url = new URL(text)
  if (!/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '')
    return { expected }
  return url.href.replace(/\/+$/, '')
}

function databaseUrl(text: string): string | { expected: string } {
  if (/^file:.+/.test(text)) return text
  return { expected: 'file:<path> (SQLite); PostgreSQL is not supported by this version yet' }
}

function smtpUrl(text: string): string | { expected: string } {
  const parsed = parseSmtpUrl(text)
  return parsed.ok ? text : { expected: parsed.expected }
}

function retryList(text: string): readonly number[] | { expected: string } {
  const expected = `a list of up to 20 ISO 8601 durations of at most 7 days, such as ${DEFAULT_RETRY}`
  const waits: number[] = []
  for (const part of text.split(',')) {
    const parsed = parseDuration(part.trim())
    if (!parsed.ok || parsed.duration.months !== 0) return { expected }
    const ms = parsed.duration.days * DAY_MS + parsed.duration.ms
    if (ms > 7 * DAY_MS) return { expected }
    waits.push(ms)
  }
  return waits.length <= 20 ? waits : { expected }
}

/** `sender@example.com` or `Name <sender@example.com>`. */
export function splitMailFrom(text: string): { name: string; email: string } | null {
  const trimmed = text.trim()
  const open = trimmed.endsWith('>') ? trimmed.lastIndexOf('<') : -1
  const parsed = parseAddress(open < 0 ? trimmed : trimmed.slice(open + 1, -1).trim())
  const name = open < 0 ? '' : trimmed.slice(0, open).trim().replace(/^"|"$/g, '').trim()
  return parsed.ok && !/[<>"]/.test(name) ? { name, email: parsed.address } : null
}

function mailFrom(text: string): string | { expected: string } {
  return splitMailFrom(text) === null ? { expected: 'an address such as Mai <mai@example.com>' } : text
}

function listOf(text: string, read: (part: string) => Read): readonly string[] | { expected: string } {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const part of parts) {
    const result = read(part)
    if (!result.ok) return { expected: result.expected }
  }
  return parts
}

function hostAndPort(part: string): Read {
  const match = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(part)
  return match !== null && Number(match[1]) <= 65_535
    ? { ok: true }
    : { ok: false, expected: 'host:port entries separated by commas' }
}

function ipAddress(part: string): Read {
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(part) || (/^[0-9a-fA-F:]+$/.test(part) && part.includes(':'))
  return isAddress ? { ok: true } : { ok: false, expected: 'IP addresses separated by commas' }
}

function secretKeys(text: string): readonly string[] | { expected: string } {
  const keys = text.split(',').map((key) => key.trim())
  return keys.every((key) => key.length >= SHORTEST_SECRET)
    ? keys
    : { expected: `one or more keys of at least ${SHORTEST_SECRET} characters, separated by commas; the first signs` }
}

/** Read the generated secret of this installation, or make it. Losing it breaks every link in mail already sent. */
function secretOf(dataDir: string): string {
  const path = join(dataDir, 'secret.key')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  if (!existsSync(path)) {
    // `wx`: of two processes starting together one writes, the other reads what was written.
    try {
      writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    } catch (cause) {
      if (!existsSync(path))
        throw new ConfigError([
          `DATA_DIR is ${JSON.stringify(dataDir)}; expected a directory we may write to (${String(cause)}).`,
        ])
    }
  }
  const secret = readFileSync(path, 'utf8').trim()
  if (secret.length < SHORTEST_SECRET)
    throw new ConfigError([
      `${path} holds ${secret.length} characters; expected the generated secret of at least ${SHORTEST_SECRET}. Restore it from a backup.`,
    ])
  return secret
}
