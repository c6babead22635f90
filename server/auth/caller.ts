/** Turn what a request shows into a caller. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { type ApiKeyId, fromColumn, type UserId } from '../../shared/ids.ts'
import { type Instant, MINUTE_MS } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { findLiveKey, findSession } from '../db/queries/sessions.ts'
import { type Caller, everyScope, scopesOfRole } from './scopes.ts'
import { hashToken } from './tokens.ts'

export type CallerDeps = {
  db: Db
  now: () => Instant
  config: { apiKey: string | null }
  /** Told of each use of a saved key that was not written down within the last minute. */
  noteUse(id: ApiKeyId): void
}
export type Shown = { authorization: string | null; cookie: string | null }

const NOBODY: Caller = { kind: 'nobody' }

/** An Authorization header wins over the cookie, and a wrong one is nobody: it never falls back. */
export async function callerOf(deps: CallerDeps, { authorization, cookie }: Shown): Promise<Caller> {
  if (authorization !== null) {
    const token = /^Bearer ([!-~]{1,500})$/i.exec(authorization)?.[1]
    return token === undefined ? NOBODY : callerOfKey(deps, token)
  }
  if (cookie === null || cookie.length > 200) return NOBODY
  const tokenHash = hashToken(cookie)
  const session = await findSession(deps.db, tokenHash, deps.now())
  if (session === null) return NOBODY
  return {
    kind: 'user',
    userId: fromColumn<UserId>(session.userId),
    role: session.role,
    tokenHash,
    scopes: scopesOfRole(session.role),
  }
}

async function callerOfKey(deps: CallerDeps, token: string): Promise<Caller> {
  if (deps.config.apiKey !== null && isSame(token, deps.config.apiKey))
    return { kind: 'key', keyId: null, scopes: everyScope() }
  const key = await findLiveKey(deps.db, hashToken(token))
  if (key === null) return NOBODY
  const keyId = fromColumn<ApiKeyId>(key.id)
  if (key.lastUsedAt === null || deps.now() - key.lastUsedAt >= MINUTE_MS) deps.noteUse(keyId)
  return {
    kind: 'key',
    keyId,
    scopes: new Set(z.array(z.string()).parse(JSON.parse(key.scopes))),
  }
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
