/** Clicks and opens. GET only appends an event; a click leads to the stored URL and nowhere else. */
import { createHmac } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { fromColumn, type MessageId, type WorkflowId } from '../../shared/ids.ts'
import { HIDDEN_NO } from '../../shared/message/links.ts'
import type { LinkPayload } from '../../shared/message/tokens.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { addressOf } from '../auth/address.ts'
import type { CommandInput, Commands } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { findLinkUrl, findTracked, type Tracked } from '../db/queries/messages.ts'
import { contactLocale } from '../db/queries/preferences.ts'
import { emptyPage, failurePage } from './page.ts'

export type TrackingDeps = {
  db: Db
  commands: Commands
  now: () => Instant
  signer: { verify(token: string): LinkPayload | null }
  hints: { changed(workflowId: WorkflowId | null): void }
  config: { secretKeys: readonly string[]; trustedProxies: readonly string[] }
  log: { error(details: object, message: string): void }
}

/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const NEVER_CACHED = 'no-store, no-cache, must-revalidate, max-age=0'

export function linkRoutes(deps: TrackingDeps) {
  return new Hono()
    .get('/t/c/:token', async (c) => {
      const payload = deps.signer.verify(c.req.param('token'))
      if (payload?.kind !== 'click') return failurePage(c, 404, 'unknownLink')
      const message = await findTracked(deps.db, payload.messageId)
      if (message === null) return failurePage(c, 404, 'unknownLink')
      if (payload.linkNo === HIDDEN_NO) {
        await note(deps, c, message, { kind: 'seen', target: 'h', linkNo: null, url: null })
        return emptyPage(c)
      }
      const url = await findLinkUrl(deps.db, message, payload.linkNo, await contactLocale(deps.db, message.contact_id))
      if (url === null || !isWebUrl(url)) return failurePage(c, 404, 'unknownLink')
      await note(deps, c, message, { kind: 'clicked', target: null, linkNo: payload.linkNo, url })
      return new Response(null, {
        status: 302,
        headers: { location: asHeader(url), 'cache-control': NEVER_CACHED, 'referrer-policy': 'no-referrer' },
      })
    })
    .get('/t/o/:token', async (c) => {
      const payload = deps.signer.verify(c.req.param('token'))
      if (payload?.kind !== 'open') return failurePage(c, 404, 'unknownLink')
      const message = await findTracked(deps.db, payload.messageId)
      if (message !== null) await note(deps, c, message, { kind: 'opened', target: null, linkNo: null, url: null })
      return new Response(c.req.method === 'HEAD' ? null : PIXEL, {
        status: 200,
        headers: {
          'content-type': 'image/gif',
          'cache-control': NEVER_CACHED,
          'cross-origin-resource-policy': 'cross-origin',
        },
      })
    })
}

type Seen = Pick<CommandInput<'record-hit'>['hit'], 'kind' | 'target' | 'linkNo' | 'url'>

/** HEAD runs the GET route in Hono; it looks, it does not click. Test sends count nowhere. */
export async function note(deps: TrackingDeps, c: Context, message: Tracked, seen: Seen): Promise<void> {
  if (c.req.method !== 'GET' || message.test !== null) return
  const userAgent = c.req.header('user-agent')?.slice(0, 500) ?? null
  const hit = { ...seen, userAgent, isPrefetch: isPrefetch(c), source: sourceOf(deps, c) }
  try {
    await deps.commands('record-hit', { messageId: fromColumn<MessageId>(message.id), hit })
    deps.hints.changed(fromColumn<WorkflowId>(message.workflow_id))
  } catch (error) {
    // The reader must get where they want to go, also while the writer is down.
    deps.log.error({ err: error, messageId: message.id }, 'a click or open could not be recorded')
  }
}

const isPrefetch = (c: Context): boolean =>
  ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'].some((name) => /prefetch|preview/i.test(c.req.header(name) ?? ''))

/** Enough to see that one machine opens many mails, and no address: a keyed hash, cut short. */
const sourceOf = ({ config }: TrackingDeps, c: Context): string =>
  createHmac('sha256', `hit-source:${config.secretKeys[0] ?? ''}`)
    .update(addressOf(c, config.trustedProxies))
    .digest('base64url')
    .slice(0, 12)

const isWebUrl = (url: string): boolean => /^https?:\/\/[^\s/?#]/i.test(url)

/** Kept exactly as written but for what a header cannot carry: other than visible ASCII goes in percent-encoding. */
const asHeader = (url: string): string =>
  url.replace(/[^\x21-\x7e]+/gu, (part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
