/** The message log, what to do about uncertain ones, and the embedded inbox. */
import { createRoute, z } from '@hono/zod-openapi'
import { pageQuery } from '../../shared/api/common.ts'
import {
  inboxMailDetail,
  inboxPage,
  MESSAGE_STATUSES,
  message,
  messagePage,
  resolveBody,
} from '../../shared/api/messages.ts'
import { conflict, notFound, RequestError } from '../../shared/errors.ts'
import { contactId, type MessageId, messageId, workflowId } from '../../shared/ids.ts'
import { findInboxMail, listInbox, listMessages } from '../db/queries/messages.ts'
import { messageTotals } from '../db/queries/totals.ts'
import { needs } from './access.ts'
import { answers, answersNothing, idParam, jsonBody, refusals, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { LETTER_CSP } from './guard.ts'

const tags = ['Messages']
const statuses = z
  .string()
  .max(200)
  .optional()
  .transform((text) => (text === undefined || text === '' ? [] : text.split(',')))
  .pipe(z.array(z.enum(MESSAGE_STATUSES)))
const list = createRoute({
  method: 'get',
  path: '/messages',
  tags,
  summary: 'Messages, newest first; `status` may be several with commas',
  middleware: [needs('messages:read')],
  request: {
    query: pageQuery.extend({
      status: statuses,
      workflowId: workflowId.optional(),
      stepId: z.string().max(64).optional(),
      contactId: contactId.optional(),
    }),
  },
  responses: answers(messagePage, 'A page'),
})
const read = createRoute({
  method: 'get',
  path: '/messages/{id}',
  tags,
  summary: 'One message',
  middleware: [needs('messages:read')],
  request: { params: idParam(messageId) },
  responses: answers(message, 'The message', [401, 403, 404]),
})
const resolve = createRoute({
  method: 'post',
  path: '/messages/{id}/resolve',
  tags,
  summary: 'Decide what an uncertain message is: sent, sent once more, or dropped',
  middleware: [needs('messages:write')],
  request: { params: idParam(messageId), body: jsonBody(resolveBody) },
  responses: answers(message, 'The message', [401, 403, 404, 409, 422]),
})
const inbox = createRoute({
  method: 'get',
  path: '/inbox',
  tags: ['Inbox'],
  summary: 'What the embedded inbox received, newest first',
  middleware: [needs('messages:read')],
  request: { query: pageQuery.extend({ q: z.string().max(200).optional() }) },
  responses: answers(inboxPage, 'A page'),
})
const readMail = createRoute({
  method: 'get',
  path: '/inbox/{id}',
  tags: ['Inbox'],
  summary: 'One mail, with headers and text',
  middleware: [needs('messages:read')],
  request: { params: idParam(messageId) },
  responses: answers(inboxMailDetail, 'The mail', [401, 403, 404]),
})
const rawMail = createRoute({
  method: 'get',
  path: '/inbox/{id}/raw',
  tags: ['Inbox'],
  summary: 'The bytes as they came over SMTP',
  middleware: [needs('messages:read')],
  request: { params: idParam(messageId) },
  responses: {
    200: { description: 'message/rfc822', content: { 'message/rfc822': { schema: z.string() } } },
    ...refusals([401, 403, 404]),
  },
})
const htmlMail = createRoute({
  method: 'get',
  path: '/inbox/{id}/html',
  tags: ['Inbox'],
  summary: 'The HTML part as a page of its own, sandboxed',
  middleware: [needs('messages:read')],
  request: { params: idParam(messageId) },
  responses: {
    200: { description: 'text/html', content: { 'text/html': { schema: z.string() } } },
    ...refusals([401, 403, 404, 422]),
  },
})
const clear = createRoute({
  method: 'delete',
  path: '/inbox',
  tags: ['Inbox'],
  summary: 'Empty the inbox',
  middleware: [needs('messages:write')],
  responses: answersNothing('Empty'),
})

export function messageRoutes(deps: RouteDeps) {
  const { db, commands } = deps
  const show = async (id: MessageId) => {
    const { items } = await listMessages(db, {
      id,
      status: [],
      workflowId: null,
      stepId: null,
      contactId: null,
      limit: 1,
    })
    const [found] = items
    if (found === undefined) throw notFound('message', id)
    return found
  }
  return router()
    .openapi(list, async (c) => {
      const { status, workflowId, stepId, contactId, limit, cursor } = c.req.valid('query')
      const filter = {
        status,
        workflowId: workflowId ?? null,
        stepId: stepId ?? null,
        contactId: contactId ?? null,
        limit,
        cursor,
      }
      return c.json({ ...(await listMessages(db, filter)), counts: await messageTotals(db) })
    })
    .openapi(read, async (c) => c.json(await show(c.req.valid('param').id)))
    .openapi(resolve, async (c) => {
      const { id } = c.req.valid('param')
      const found = await show(id)
      if (found.status !== 'uncertain')
        throw conflict(`The message is ${found.status}; only an uncertain one can be resolved.`)
      await commands('resolve-message', { id, as: c.req.valid('json').as })
      return c.json(await show(id))
    })
}

export function inboxRoutes(deps: RouteDeps) {
  const { db, commands } = deps
  const mailOf = async (id: number) => {
    const found = await findInboxMail(db, id)
    if (found === null) throw notFound('mail', id)
    return found
  }
  return router()
    .openapi(inbox, async (c) => c.json(await listInbox(db, c.req.valid('query'))))
    .openapi(readMail, async (c) => {
      const { mail, raw } = await mailOf(c.req.valid('param').id)
      const { headers, text, html } = await parseMail(deps, raw)
      return c.json({ ...mail, headers, text, htmlUrl: html === null ? null : `/api/v1/inbox/${mail.id}/html` })
    })
    .openapi(rawMail, async (c) => {
      const { mail, raw } = await mailOf(c.req.valid('param').id)
      return c.body(Uint8Array.from(raw), 200, {
        'content-type': 'message/rfc822',
        'content-disposition': `attachment; filename="mail-${mail.id}.eml"`,
        'content-security-policy': LETTER_CSP,
      })
    })
    .openapi(htmlMail, async (c) => {
      const { html } = await parseMail(deps, (await mailOf(c.req.valid('param').id)).raw)
      if (html === null) throw notFound('HTML part of mail', c.req.param('id'))
      return c.body(withTarget(html), 200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': LETTER_CSP,
      })
    })
    .openapi(clear, async (c) => {
      await commands('clear-inbox', null)
      return c.newResponse(null, 204)
    })
}

/** @throws RequestError 422: whatever came over SMTP may be no mail at all */
async function parseMail({ compiler }: Pick<RouteDeps, 'compiler'>, raw: Uint8Array) {
  const read = await compiler.read(raw)
  if (read.kind === 'read') return read
  throw new RequestError(
    'unreadable-mail',
    422,
    `This mail cannot be read (${read.detail}); expected a message of RFC 5322. Its raw bytes can be had.`,
  )
}

/** Links of a framed letter open in a tab of their own. No pattern: thousands of `<head` that never end would hold it for minutes. */
export function withTarget(html: string): string {
  const base = '<base target="_blank" rel="noopener">'
  const head = html.search(/<head[\s/>]/i)
  const end = head < 0 ? -1 : html.indexOf('>', head)
  return end < 0 ? `${base}${html}` : `${html.slice(0, end + 1)}${base}${html.slice(end + 1)}`
}
