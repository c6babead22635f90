/** Emails before they are sent: the preview as one contact would get it, and test sends. */
import { randomBytes } from 'node:crypto'
import { createRoute, z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { previewAnswer, previewBody, testSendBody, testSent } from '../../shared/api/workflows.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, contactId, fromColumn, toApiId, workflowId } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import { linkTargets, placeLinks, placePixel } from '../../shared/message/links.ts'
import { prepare, render } from '../../shared/message/render.ts'
import type { CompiledEmail, RenderContext } from '../../shared/message/types.ts'
import { MINUTE_MS } from '../../shared/time/instant.ts'
import { parseDocument } from '../../shared/workflow/document.ts'
import { findContact } from '../db/queries/contacts.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { needs } from './access.ts'
import { emailInput, hasErrors, inLanguage, shownProblems } from './check-draft.ts'
import { resolveRef } from './contact-input.ts'
import { answers, jsonBody, router } from './define.ts'
import type { AppEnv, RouteDeps } from './deps.ts'
import { LETTER_CSP } from './guard.ts'
import { withTarget } from './messages.ts'
import { problem } from './problem.ts'
import { workflowOr404 } from './workflows.ts'

const KEPT_MS = 10 * MINUTE_MS
/** A person types while looking on: older pages of the same minute are not looked at again. */
const MOST_KEPT = 200

const preview = createRoute({
  method: 'post',
  path: '/preview',
  tags: ['Emails'],
  summary: 'Compile an email and show it as one contact would get it',
  middleware: [needs('workflows:read')],
  request: { body: jsonBody(previewBody) },
  responses: answers(previewAnswer, 'Where to look at it, and what is missing', [400, 401, 403, 404, 413, 422]),
})
const testSend = createRoute({
  method: 'post',
  path: '/workflows/{id}/emails/{key}/test',
  tags: ['Emails'],
  summary: "Send the draft's email to these addresses; counted nowhere",
  middleware: [needs('messages:write')],
  request: { params: z.object({ id: workflowId, key: z.string().min(1).max(64) }), body: jsonBody(testSendBody) },
  responses: answers(testSent, 'Queued', [400, 401, 403, 404, 422], 202),
})

/** Pages kept in memory under names nobody can guess. */
export type Previews = { put(html: string): string; get(token: string): string | null }

export function previewPages(now: () => number): Previews {
  const kept = new Map<string, { html: string; until: number }>()
  return {
    put(html) {
      for (const [token, { until }] of kept) if (until <= now() || kept.size >= MOST_KEPT) kept.delete(token)
      const token = randomBytes(24).toString('base64url')
      kept.set(token, { html, until: now() + KEPT_MS })
      return token
    },
    get(token) {
      const found = kept.get(token)
      return found === undefined || found.until <= now() ? null : found.html
    },
  }
}

/** GET /preview/{token}: the token is the permission; the page is sandboxed by its own CSP. */
export function previewPageRoutes(previews: Previews) {
  return new Hono<AppEnv>().get('/preview/:token', (c) => {
    const html = previews.get(c.req.param('token'))
    if (html === null) return problem(c, 404, 'not-found', 'This preview is gone; previews are kept for 10 minutes.')
    return c.body(html, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': LETTER_CSP,
      'cache-control': 'no-store',
    })
  })
}

export function emailRoutes(deps: RouteDeps, previews: Previews) {
  const { db, commands, compiler } = deps
  return router()
    .openapi(preview, async (c) => {
      const { email, contactId: wanted, properties, messageClass = 'marketing' } = c.req.valid('json')
      const { postalAddress } = (await findWorkspace(db)) ?? { postalAddress: '' }
      const compiled = await compiler.compile(email, { messageClass, postalAddress })
      const problems = shownProblems(compiled.problems)
      if (!compiled.ok) {
        const url = `/preview/${previews.put('<!doctype html><title>-</title>')}`
        return c.json({
          url,
          subject: email.subject,
          preheader: email.preheader ?? '',
          text: '',
          sizeBytes: 0,
          problems,
          missing: [],
        })
      }
      const id = wanted == null ? null : contactId.parse(wanted)
      const context = await contextOf(deps, id, properties ?? {})
      const { rendered, missing } = renderShowing(compiled.email, context)
      return c.json({
        url: `/preview/${previews.put(withTarget(rendered.html))}`,
        subject: rendered.subject,
        preheader: rendered.preheader,
        text: rendered.text,
        sizeBytes: Buffer.byteLength(rendered.html),
        problems,
        missing,
      })
    })
    .openapi(testSend, async (c) => {
      const { id, key } = c.req.valid('param')
      const { to, contact, properties, locale } = c.req.valid('json')
      const draft = parseDocument(JSON.parse((await workflowOr404(deps, id)).draft))
      const content = Object.hasOwn(draft.emails, key) ? draft.emails[key] : undefined
      if (content === undefined) throw notFound('email', key)
      const addresses = to.map(addressOf)
      const contactId = contact === undefined ? null : await resolveRef(db, contact)
      const workspace = await findWorkspace(db)
      const { messageClass } = draft.settings
      const compiled = await compiler.compile(inLanguage(content, locale), {
        messageClass,
        postalAddress: workspace?.postalAddress ?? '',
      })
      if (!compiled.ok || hasErrors(compiled.problems))
        throw unprocessable(
          'problems',
          `The email cannot be sent: ${compiled.problems[0]?.message ?? 'it has problems'}`,
          {
            problems: shownProblems(compiled.problems),
          },
        )
      if ((workspace?.senderEmail ?? '') === '')
        throw unprocessable(
          'no-sender',
          'There is no sender address yet; expected one in the settings of the workspace.',
        )
      const email = emailInput(key, locale ?? '', compiled.email)
      const sends = addresses.map((address) => ({ to: address, email, properties: properties ?? {} }))
      const { messageIds } = await commands('queue-test-send', { workflowId: id, emailKey: key, contactId, sends })
      return c.json({ messageIds: messageIds.map(toApiId) }, 202)
    })
}

function addressOf(text: string): string {
  const parsed = parseAddress(text.trim())
  if (parsed.ok) return parsed.address
  throw unprocessable(
    'bad-address',
    `\`to\` holds ${JSON.stringify(text.slice(0, 100))}; expected email addresses. ${parsed.message}`,
  )
}

/** What Liquid sees: the chosen contact, or somebody without any attribute. */
async function contextOf(deps: RouteDeps, id: ContactId | null, properties: JsonObject): Promise<RenderContext> {
  const workspace = await findWorkspace(deps.db)
  const row = id === null ? null : await findContact(deps.db, id)
  if (id !== null && row === null) throw notFound('contact', id)
  const attributes: JsonObject = row === null ? {} : JSON.parse(row.attributes)
  const { publicUrl } = deps.config
  return {
    contact: {
      ...attributes,
      email: row?.email ?? 'somebody@example.com',
      tags: row === null ? [] : z.array(z.string()).parse(JSON.parse(row.tags)),
      timezone: row?.timezone ?? null,
      locale: row?.locale ?? null,
      id: row === null ? '' : toApiId(row.id),
    },
    event: properties,
    workflow: { name: 'Preview' },
    sender: {
      name: workspace?.senderName ?? '',
      email: workspace?.senderEmail ?? '',
      postal_address: workspace?.postalAddress ?? '',
    },
    unsubscribeUrl: deps.signer.unsubscribeUrl(publicUrl, {
      contactId: id ?? fromColumn<ContactId>(1),
      messageId: null,
      isTest: true,
    }),
    now: deps.now(),
    timezone: row?.timezone ?? workspace?.timezone ?? 'UTC',
    locale: row?.locale ?? workspace?.locale ?? 'en',
  }
}

/** How many missing variables are named before giving up. */
const MOST_MISSING = 50

/** Render it; where a variable has no value, show its name in its place and go on, so that the page can still be looked at. */
function renderShowing(email: CompiledEmail, context: RenderContext) {
  const missing: string[] = []
  let filled = context
  const prepared = prepare(email)
  for (;;) {
    const rendered = render(prepared, filled)
    if (rendered.kind === 'ready') {
      const target = linkTargets(email.links, rendered.links)
      const html = placePixel(placeLinks(rendered.html, 'html', target), null)
      return { rendered: { ...rendered, html, text: placeLinks(rendered.text, 'text', target) }, missing }
    }
    if (rendered.reason !== 'missing-variable' || missing.includes(rendered.detail) || missing.length >= MOST_MISSING)
      throw unprocessable('render-error', `The email cannot be shown: ${rendered.detail}`)
    missing.push(rendered.detail)
    filled = withValue(filled, rendered.detail)
  }
}

/** The context with `contact.a.b` (or `event.a`) present, showing its own name. */
function withValue(context: RenderContext, variable: string): RenderContext {
  const [root, ...path] = variable.split('.')
  const put = (at: JsonObject, keys: readonly string[]): JsonObject => {
    const [key, ...rest] = keys
    if (key === undefined) return at
    const inner = Object.hasOwn(at, key) ? at[key] : undefined
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return { ...at, [key]: rest.length === 0 ? `[${variable}]` : put(isObject ? (inner as JsonObject) : {}, rest) }
  }
  if (root === 'contact') return { ...context, contact: put(context.contact, path) }
  if (root === 'event') return { ...context, event: put(context.event, path) }
  return context
}
