/** Idempotency-Key: the first answer to a POST is kept for 24 hours and given again; another body under the same key is refused. */
import { createHash } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import { conflict, RequestError, unprocessable } from '../../shared/errors.ts'
import { DAY_MS } from '../../shared/time/instant.ts'
import { callerName } from '../auth/scopes.ts'
import { findAnswer } from '../db/queries/sessions.ts'
import type { AppEnv, RouteDeps } from './deps.ts'
import { isUpload } from './guard.ts'
import { requestFields } from './request-id.ts'

/** Answers that carry a session or a key are not kept: whoever reads the database must not find one. */
const UNKEPT = /^\/api\/v1\/(session|setup|api-keys)$/
/** A larger answer would make the table the largest of all. */
const LARGEST_KEPT = 262_144

type Place = { owner: string; route: string; key: string }

export function remember(deps: RouteDeps): MiddlewareHandler<AppEnv> {
  /** Requests under way, so that two at once do not both act. */
  const underWay = new Set<string>()
  return async (c, next) => {
    const place = placeOf(c)
    if (place === null || isUpload(c.req.path)) return next()
    const bodyHash = hash(await c.req.text())
    const name = `${place.owner} ${place.route} ${place.key}`
    if (underWay.has(name))
      throw conflict('A request with this Idempotency-Key is still being worked on; try again in a moment.')
    underWay.add(name)
    try {
      const kept = await answerKept(deps, place, bodyHash)
      if (kept !== null) return kept
      await next()
      await keep(deps, place, bodyHash, c.res)
    } finally {
      underWay.delete(name)
    }
  }
}

/** Where an answer to this request is kept, or null when the caller asks for nothing of the kind. */
export function placeOf(c: Context<AppEnv>): Place | null {
  const key = c.req.header('idempotency-key')
  if (c.req.method !== 'POST' || key === undefined || UNKEPT.test(c.req.path)) return null
  if (!/^[\x21-\x7e]{1,255}$/.test(key))
    throw new RequestError(
      'bad-request',
      400,
      'The Idempotency-Key has another form; expected 1 to 255 visible ASCII characters.',
    )
  return { owner: callerName(c.get('caller')), route: `POST ${c.req.path}`, key }
}

/** @throws RequestError 422 when the key was used with another body */
export async function answerKept(deps: RouteDeps, place: Place, bodyHash: string): Promise<Response | null> {
  const kept = await findAnswer(deps.db, place, deps.now() - DAY_MS)
  if (kept === null) return null
  if (kept.bodyHash !== bodyHash)
    throw unprocessable(
      'idempotency-key-reused',
      'This Idempotency-Key was used with another body within 24 hours; expected a new key for a new request.',
    )
  return new Response(kept.status < 400 ? kept.response : ofThisRequest(kept.response), {
    status: kept.status,
    headers: {
      'content-type': kept.status < 400 ? 'application/json' : 'application/problem+json',
      'idempotency-replayed': 'true',
    },
  })
}

/** A problem names the request it is the answer to. */
const ofThisRequest = (problem: string): string => JSON.stringify({ ...JSON.parse(problem), ...requestFields() })

/** Failures of ours, refused callers and throttled ones are not kept: the next try may do better. */
export async function keep(deps: RouteDeps, place: Place, bodyHash: string, answer: Response): Promise<void> {
  if (answer.status >= 500 || [401, 403, 409, 413, 429].includes(answer.status)) return
  const response = await answer.clone().text()
  if (response.length > LARGEST_KEPT) return
  await deps.commands('remember-answer', { ...place, bodyHash, status: answer.status, response })
}

export const hash = (text: string): string => createHash('sha256').update(text).digest('base64url')
