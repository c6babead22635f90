/** Emails to look at, each on a page of its own: kept in memory for ten minutes, under names nobody can guess, for whoever asked for them. */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { type Instant, MINUTE_MS } from '../../shared/time/instant.ts'
import type { Caller } from '../auth/scopes.ts'
import { identify } from './access.ts'
import type { AppEnv, RouteDeps } from './deps.ts'
import { LETTER_CSP } from './guard.ts'
import { problem } from './problem.ts'

const KEPT_MS = 10 * MINUTE_MS
/** A person types while looking on: older pages of the same minute are not looked at again. */
const MOST_KEPT = 200
const MOST_KEPT_CHARS = 32 * 1_024 * 1_024

type Kept = { html: string; owner: string; until: Instant }
export type Previews = {
  /** @returns the token of the page */
  put(html: string, caller: Caller): string
  /** Null when it is gone, or somebody else's. */
  get(token: string, caller: Caller): string | null
}

export function previewPages(now: () => Instant): Previews {
  const kept = new Map<string, Kept>()
  let chars = 0
  const drop = (token: string, { html }: Kept) => {
    kept.delete(token)
    chars -= html.length
  }
  return {
    put(html, caller) {
      for (const [token, page] of kept)
        if (page.until <= now() || kept.size >= MOST_KEPT || chars + html.length > MOST_KEPT_CHARS) drop(token, page)
      const token = randomBytes(24).toString('base64url')
      kept.set(token, { html, owner: ownerOf(caller), until: now() + KEPT_MS })
      chars += html.length
      return token
    },
    get(token, caller) {
      const found = kept.get(token)
      return found === undefined || found.until <= now() || found.owner !== ownerOf(caller) ? null : found.html
    },
  }
}

/** One session of a person, not the person: whoever signs in elsewhere makes previews of their own. */
function ownerOf(caller: Caller): string {
  if (caller.kind === 'user') return `session:${caller.tokenHash}`
  if (caller.kind === 'key') return `key:${caller.keyId ?? 'environment'}`
  return 'nobody'
}

/** GET /preview/{token}: sandboxed by its own CSP. */
export function previewPageRoutes(deps: RouteDeps, previews: Previews) {
  return new Hono<AppEnv>().get('/preview/:token', identify(deps), (c) => {
    const html = previews.get(c.req.param('token'), c.get('caller'))
    if (html === null)
      return problem(c, 404, 'not-found', 'This preview is gone or not yours; previews are kept for 10 minutes.')
    return c.body(html, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': LETTER_CSP,
      'cache-control': 'no-store',
    })
  })
}
