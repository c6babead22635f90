/** The connection URL of an SMTP server: `smtp://user:password@host:port?maxConnections=&ratePerSecond=&ratePerHour=&quotaPerDay=&tls=require`. */

/**
 * `none`: never encrypted. `opportunistic`: encrypted where the server offers it, whoever it is. `starttls`: encrypted, and the
 * certificate must be right. `tls`: the same from the first byte.
 */
export const SECURITIES = ['none', 'opportunistic', 'starttls', 'tls'] as const
export type Security = (typeof SECURITIES)[number]
export const asSecurity = (text: string): Security => SECURITIES.find((one) => one === text) ?? 'starttls'

/** Mail to this very machine crosses no network. */
export const isLoopback = (host: string): boolean =>
  /^(localhost|(.+\.)?localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i.test(host.trim())

export type SmtpUrl = {
  kind: 'smtp'
  name: string
  host: string
  port: number
  security: Security
  username: string
  password: string | null
  maxConnections: number
  ratePerSecond: number | null
  ratePerHour: number | null
  quotaPerDay: number | null
}
export type ParsedSmtpUrl = { ok: true; account: SmtpUrl } | { ok: false; expected: string }

const EXPECTED =
  'an address such as smtp://user:password@mail.example.com:587?maxConnections=10&ratePerSecond=5&ratePerHour=10000&quotaPerDay=50000&tls=require'
const KNOWN = new Set(['maxConnections', 'ratePerSecond', 'ratePerHour', 'quotaPerDay', 'tls'])

/** `smtps:` is TLS from the first byte; `smtp:` without `tls=require` takes what the server offers. */
export function parseSmtpUrl(text: string): ParsedSmtpUrl {
  if (!URL.canParse(text)) return { ok: false, expected: EXPECTED }
  const url = new URL(text)
  const isTls = url.protocol === 'smtps:'
  if ((!isTls && url.protocol !== 'smtp:') || url.hostname === '') return { ok: false, expected: EXPECTED }
  const unknown = [...url.searchParams.keys()].find((key) => !KNOWN.has(key))
  if (unknown !== undefined) return { ok: false, expected: `only the parameters ${[...KNOWN].join(', ')}` }
  const tls = url.searchParams.get('tls')
  if (tls !== null && tls !== 'require') return { ok: false, expected: 'tls=require or no tls parameter' }
  const maxConnections = numberIn(url, 'maxConnections', 10, 100)
  const ratePerSecond = numberIn(url, 'ratePerSecond', null, 100_000)
  const ratePerHour = numberIn(url, 'ratePerHour', null, 100_000_000)
  const quotaPerDay = numberIn(url, 'quotaPerDay', null, 1_000_000_000)
  if (
    maxConnections === undefined ||
    maxConnections === null ||
    ratePerSecond === undefined ||
    ratePerHour === undefined ||
    quotaPerDay === undefined
  )
    return { ok: false, expected: 'maxConnections from 1 to 100, rates and quota above 0' }
  const credentials = credentialsOf(url)
  if (credentials === null) return { ok: false, expected: 'user and password in percent-encoding' }
  return {
    ok: true,
    account: {
      kind: 'smtp',
      name: url.hostname,
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (isTls ? 465 : 587) : Number(url.port),
      security: isTls ? 'tls' : tls === 'require' ? 'starttls' : 'opportunistic',
      ...credentials,
      maxConnections: Math.max(1, Math.floor(maxConnections)),
      ratePerSecond,
      ratePerHour,
      quotaPerDay: quotaPerDay === null ? null : Math.max(1, Math.floor(quotaPerDay)),
    },
  }
}

/** undefined: present but not a number in range. */
function numberIn(url: URL, name: string, fallback: number | null, most: number): number | null | undefined {
  const text = url.searchParams.get(name)
  if (text === null) return fallback
  const value = Number(text)
  return Number.isFinite(value) && value > 0 && value <= most ? value : undefined
}

function credentialsOf(url: URL): { username: string; password: string | null } | null {
  try {
    return {
      username: decodeURIComponent(url.username),
      password: url.password === '' ? null : decodeURIComponent(url.password),
    }
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
