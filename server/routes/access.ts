/** Who is calling, may they, and did our own page send it. */
import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import { RequestError } from '../../shared/errors.ts'
import type { ApiKeyId } from '../../shared/ids.ts'
import { addressOf } from '../auth/address.ts'
import { callerOf } from '../auth/caller.ts'
import type { Scope } from '../auth/scopes.ts'
import { type AppEnv, type RouteDeps, SESSION_COOKIE } from './deps.ts'
import { isUpload } from './guard.ts'

const forbidden = (message: string, details: Record<string, unknown> = {}) =>
  new RequestError('forbidden', 403, message, details)

const unauthorized = (message: string) => new RequestError('unauthorized', 401, message)

/** Learn the caller from the Authorization header, else from the cookie, and refuse what another site could have sent. */
export function identify(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  const noteUse = keyUseNotes(deps)
  return async (c, next) => {
    const cookie = getCookie(c, SESSION_COOKIE) ?? null
    const authorization = c.req.header('authorization') ?? null
    c.set('address', addressOf(c, deps.config.trustedProxies))
    if (!['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)) {
      if (authorization === null && cookie !== null) refuseForeign(c, deps.config.publicUrl)
      else if (c.req.header('origin') !== undefined && authorization === null) refuseOrigin(c, deps.config.publicUrl)
    }
    c.set('caller', await callerOf({ ...deps, noteUse }, { authorization, cookie }))
    await next()
  }
}

/** Asks again, for an answer that lasts: is this caller still there, and may it still? A caller says so without being noted as a new use. */
export function stillMay(deps: RouteDeps, c: Context<AppEnv>, scope: Scope): () => Promise<boolean> {
  const shown = { authorization: c.req.header('authorization') ?? null, cookie: getCookie(c, SESSION_COOKIE) ?? null }
  return async () => {
    const caller = await callerOf({ ...deps, noteUse: () => undefined }, shown)
    return caller.kind !== 'nobody' && caller.scopes.has(scope)
  }
}

/** One note at a time per key, beside the request: nobody waits for it. */
function keyUseNotes({ commands, log }: RouteDeps): (id: ApiKeyId) => void {
  const underWay = new Set<ApiKeyId>()
  return (id) => {
    if (underWay.has(id)) return
    underWay.add(id)
    commands('note-key-used', { id })
      .catch((error: unknown) => log.error({ err: error, keyId: id }, 'the use of an API key could not be noted'))
      .finally(() => underWay.delete(id))
  }
}

/** A state change that rides on a cookie needs our Origin and JSON (or a file, for the import). */
function refuseForeign(c: Context<AppEnv>, publicUrl: string): void {
  refuseOrigin(c, publicUrl)
  const type = c.req.header('content-type')
  if (type === undefined && c.req.method === 'DELETE') return
  const isJson = /^application\/json\b/i.test(type ?? '')
  const isFile =
    isUpload(c.req.path) && /^(text\/csv|multipart\/form-data|application\/octet-stream)\b/i.test(type ?? '')
  if (!isJson && !isFile)
    throw forbidden(
      `The content-type is ${type === undefined ? 'missing' : JSON.stringify(type.slice(0, 100))}; with a session cookie it must be application/json.`,
    )
}

function refuseOrigin(c: Context<AppEnv>, publicUrl: string): void {
  const origin = c.req.header('origin')
  if (origin === new URL(publicUrl).origin) return
  // The same machine by another of its names. Only names that nobody can own elsewhere: a foreign domain may be pointed at this machine.
  const host = c.req.header('host') ?? new URL(c.req.url).host
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host && isLocalName(origin)) return
  throw forbidden(
    `The Origin is ${origin === undefined ? 'missing' : JSON.stringify(origin.slice(0, 200))}; with a session cookie it must be ${new URL(publicUrl).origin}.`,
  )
}

/** An IP address, or a name without a registrar: localhost, a machine of the local network. */
function isLocalName(origin: string): boolean {
  const { hostname } = new URL(origin)
  return /^[\d.]+$|^\[/.test(hostname) || !hostname.includes('.') || /\.(local|localhost|lan|internal)$/.test(hostname)
}

const scopes = new WeakMap<object, Scope>()
/** The scope that this middleware asks for, for the reference page; null: it is another middleware. */
export const scopeOf = (middleware: unknown): Scope | null =>
  typeof middleware === 'function' ? (scopes.get(middleware) ?? null) : null

/** Let pass whoever holds this scope. */
export function needs(scope: Scope): MiddlewareHandler<AppEnv> {
  const handler: MiddlewareHandler<AppEnv> = async (c, next) => {
    const caller = c.get('caller')
    if (caller.kind === 'nobody')
      throw unauthorized('This needs a session cookie or `Authorization: Bearer <api key>`.')
    if (!caller.scopes.has(scope)) throw forbidden(`This needs the scope ${scope}.`, { scope })
    await next()
  }
  scopes.set(handler, scope)
  return handler
}

/** Let pass people who are signed in, not keys. */
export const needsPerson: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.get('caller').kind !== 'user') throw unauthorized('This needs the session of a person who is signed in.')
  await next()
}
