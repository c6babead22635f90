/** Emails before they are sent: the preview as one contact would get it, and test sends. */
import { createRoute, z } from '@hono/zod-openapi'
import { type PreviewAnswer, previewAnswer, previewBody, testSendBody, testSent } from '../../shared/api/workflows.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, contactId, fromColumn, toApiId, type WorkflowId, workflowId } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { RenderContext } from '../../shared/message/types.ts'
import { parseDocument } from '../../shared/workflow/document.ts'
import { findContact } from '../db/queries/contacts.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { needs } from './access.ts'
import { emailInput, hasErrors, inLanguage, shownProblems } from './check-draft.ts'
import { resolveRef } from './contact-input.ts'
import { answers, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { withTarget } from './messages.ts'
import type { Previews } from './preview-pages.ts'
import { workflowOr404 } from './workflows.ts'

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

export function emailRoutes(deps: RouteDeps, previews: Previews) {
  return router()
    .openapi(preview, async (c) => {
      const show = (html: string) => `/preview/${previews.put(html, c.get('caller'))}`
      return c.json(await previewOf(deps, c.req.valid('json'), show))
    })
    .openapi(testSend, async (c) => {
      const { id, key } = c.req.valid('param')
      const { to, contact, properties, locale } = c.req.valid('json')
      const addresses = to.map(addressOf)
      const contactId = contact === undefined ? null : await resolveRef(deps.db, contact)
      const email = await testEmail(deps, id, key, locale)
      const sends = addresses.map((address) => ({ to: address, email, properties: properties ?? {} }))
      const { messageIds } = await deps.commands('queue-test-send', { workflowId: id, emailKey: key, contactId, sends })
      return c.json({ messageIds: messageIds.map(toApiId) }, 202)
    })
}

async function previewOf(
  deps: RouteDeps,
  { email, contactId: wanted, properties, messageClass = 'marketing' }: z.infer<typeof previewBody>,
  show: (html: string) => string,
): Promise<PreviewAnswer> {
  const { postalAddress } = (await findWorkspace(deps.db)) ?? { postalAddress: '' }
  const compiled = await deps.compiler.compile(email, { messageClass, postalAddress })
  const problems = shownProblems(compiled.problems)
  if (!compiled.ok) {
    const { subject, preheader = '' } = email
    const url = show('<!doctype html><title>-</title>')
    return { url, subject, preheader, text: '', sizeBytes: 0, problems, missing: [] }
  }
  const id = wanted == null ? null : contactId.parse(wanted)
  const context = await contextOf(deps, id, properties ?? {})
  const shown = await deps.compiler.show(compiled.email, context)
  if (shown.kind === 'failed') throw unprocessable('render-error', `The email cannot be shown: ${shown.detail}.`)
  const { subject, preheader, text, html, missing } = shown
  return {
    url: show(withTarget(html)),
    subject,
    preheader,
    text,
    sizeBytes: Buffer.byteLength(html),
    problems,
    missing,
  }
}

/** The draft's email, compiled as publishing would. @throws RequestError 404 or 422 */
async function testEmail(deps: RouteDeps, id: WorkflowId, key: string, locale: string | undefined) {
  const draft = parseDocument(JSON.parse((await workflowOr404(deps, id)).draft))
  const content = Object.hasOwn(draft.emails, key) ? draft.emails[key] : undefined
  if (content === undefined) throw notFound('email', key)
  const workspace = await findWorkspace(deps.db)
  const compiled = await deps.compiler.compile(inLanguage(content, locale), {
    messageClass: draft.settings.messageClass,
    postalAddress: workspace?.postalAddress ?? '',
  })
  if (!compiled.ok || hasErrors(compiled.problems))
    throw unprocessable('problems', `The email cannot be sent: ${compiled.problems[0]?.message ?? 'it has problems'}`, {
      problems: shownProblems(compiled.problems),
    })
  if ((workspace?.senderEmail ?? '') === '')
    throw unprocessable('no-sender', 'There is no sender address yet; expected one in the settings of the workspace.')
  return emailInput(key, locale ?? '', compiled.email)
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
