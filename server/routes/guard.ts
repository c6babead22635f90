/** What every request passes before a route sees it: size, headers, and bodies that no later stage has to fear. */
import type { Context, MiddlewareHandler } from 'hono'
import { badRequest, RequestError } from '../../shared/errors.ts'
import type { AppEnv } from './deps.ts'

export const MAX_BODY_BYTES = 4 * 1_024 * 1_024
/** 1 GB: ten million people with a few columns. */
export const MAX_IMPORT_BYTES = 1_024 ** 3
/** Of whoever has not said who they are: sign-in, set-up, unsubscribing. */
export const MAX_PUBLIC_BYTES = 64 * 1_024
export const MAX_JSON_DEPTH = 100

/** Only our own files: no inline script, no other host. Inline styles are positions and sizes the canvas sets. */
const APP_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** A letter shown to look at: sandboxed, no script whatever it holds, pictures from anywhere because letters have them. */
export const LETTER_CSP = [
  'sandbox allow-popups allow-popups-to-escape-sandbox',
  "default-src 'none'",
  'img-src http: https: data:',
  "style-src 'unsafe-inline'",
  'font-src https: data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ')

export function securityHeaders(isHttps: boolean): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    await next()
    const headers = c.res.headers
    const set = (name: string, value: string) => {
      if (!headers.has(name)) headers.set(name, value)
    }
    set('content-security-policy', APP_CSP)
    set('x-content-type-options', 'nosniff')
    set('referrer-policy', 'no-referrer')
    set('cross-origin-opener-policy', 'same-origin')
    set('cross-origin-resource-policy', 'same-origin')
    set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()')
    set('x-frame-options', headers.get('content-security-policy') === LETTER_CSP ? 'SAMEORIGIN' : 'DENY')
    if (isHttps) set('strict-transport-security', 'max-age=31536000')
    if (c.req.path.startsWith('/api/')) headers.set('cache-control', 'no-store')
    else set('cache-control', 'no-store')
  }
}

/** Files are streamed, everything else is read as text once and judged before a schema sees it. */
export const isUpload = (path: string): boolean => /^\/api\/v1\/contacts\/import(\/preview|\/check)?$/.test(path)

/**
 * Refuse what is too large by what it says of itself, and count what says nothing (chunked) while it is read: nothing is held here, so
 * that nobody fills the memory with a body that is still on its way.
 */
export const limitBody: MiddlewareHandler<AppEnv> = async (c, next) => {
  const limit = limitOf(c)
  const said = c.req.header('transfer-encoding') === undefined ? c.req.header('content-length') : undefined
  if (Number(said ?? 0) > limit) throw tooLarge(limit)
  const { body } = c.req.raw
  if (body !== null && said === undefined) {
    // undici wants `duplex` for streams; the DOM's type does not know it yet.
    const counted: RequestInit & { duplex: 'half' } = { body: body.pipeThrough(counter(limit)), duplex: 'half' }
    c.req.raw = new Request(c.req.raw, counted)
  }
  await next()
}

function limitOf(c: Context<AppEnv>): number {
  const caller = c.get('caller')
  if (caller === undefined || caller.kind === 'nobody') return MAX_PUBLIC_BYTES
  return isUpload(c.req.path) ? MAX_IMPORT_BYTES : MAX_BODY_BYTES
}

const tooLarge = (limit: number) =>
  new RequestError(
    'too-large',
    413,
    `The body is larger than ${limit} bytes; expected at most ${limit}${limit === MAX_PUBLIC_BYTES ? ' without a session or an API key' : ''}.`,
  )

function counter(limit: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength
      if (size > limit) controller.error(tooLarge(limit))
      else controller.enqueue(chunk)
    },
  })
}

/** NUL cannot be stored in PostgreSQL's text, a half of a surrogate pair in no UTF-8. */
const UNSTORABLE = /\0|\p{Surrogate}/u

/** Refuse what no resource can mean: NUL or broken percent-escapes in the address, JSON too deep, with NUL, half characters or `__proto__`. */
export const readBody: MiddlewareHandler<AppEnv> = async (c, next) => {
  refuseBadAddress(c.req.url)
  if (hasBody(c) && !isUpload(c.req.path)) {
    const text = await c.req.text()
    if (/json/i.test(c.req.header('content-type') ?? '') && text !== '') judgeJson(text)
  }
  await next()
}

const hasBody = (c: Context<AppEnv>): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)

function refuseBadAddress(url: string): void {
  try {
    if (!UNSTORABLE.test(decodeURIComponent(url.replaceAll('+', ' ')))) return
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause
  }
  throw badRequest(
    'The address holds a NUL, half a character or a broken %-escape; expected UTF-8 in percent-encoding.',
  )
}

/** @throws RequestError 400 saying what is wrong with the text */
export function judgeJson(text: string): void {
  const depth = depthOf(text)
  if (depth > MAX_JSON_DEPTH)
    throw badRequest(`The JSON is nested ${depth} or more levels deep; expected at most ${MAX_JSON_DEPTH}.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw badRequest(`The body is not JSON (${whereOf(cause)}); expected a JSON text of RFC 8259.`)
  }
  if (text.includes('__proto__') || /\\u(0000|005f|d[89a-f])/i.test(text) || UNSTORABLE.test(text))
    refuseUnstorable(value)
}

/** Where it stops being JSON, without the piece of the body that V8 repeats: it may be half a password. */
function whereOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : ''
  return /at position \d+/.exec(message)?.[0] ?? (/^Unexpected end/.test(message) ? 'it ends too early' : 'unreadable')
}

function refuseUnstorable(value: unknown): void {
  if (typeof value === 'string' && UNSTORABLE.test(value))
    throw badRequest('A text in the body holds a NUL or half of a surrogate pair; expected whole Unicode characters.')
  if (typeof value !== 'object' || value === null) return
  for (const key of Object.keys(value)) {
    if (key === '__proto__') throw badRequest('A key in the body is "__proto__"; expected any other name.')
    refuseUnstorable(key)
    refuseUnstorable((value as Record<string, unknown>)[key])
  }
}

/** How deep brackets are nested, strings left out; counted before parsing, so that no parser's stack is at stake. */
export function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charCodeAt(i)
    if (isInString) {
      if (char === 0x5c) i += 1
      else if (char === 0x22) isInString = false
    } else if (char === 0x22) isInString = true
    else if (char === 0x7b || char === 0x5b) {
      depth += 1
      if (depth > deepest) deepest = depth
      if (deepest > MAX_JSON_DEPTH) return deepest
    } else if (char === 0x7d || char === 0x5d) depth -= 1
  }
  return deepest
}
