/** The message log and the embedded inbox. */
import { z } from 'zod'
import { page } from './common.ts'

export const MESSAGE_STATUSES = ['queued', 'sending', 'deferred', 'sent', 'uncertain', 'failed', 'skipped'] as const
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

/** GET /api/v1/messages?status=&workflowId=&stepId=&contactId=&cursor=&limit= , newest first. */
export const message = z.object({
  id: z.string(),
  status: z.enum(MESSAGE_STATUSES),
  reason: z.string().nullable(),
  contact: z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() }).nullable(),
  recipient: z.string().nullable(),
  workflow: z.object({ id: z.string(), name: z.string(), version: z.int() }).nullable(),
  stepId: z.string().nullable(),
  emailKey: z.string(),
  subject: z.string(), // the template's
  isTest: z.boolean(),
  attempt: z.int(),
  /** Queued again although a first copy may have arrived: the contact may have it twice. */
  mayBeTwice: z.boolean(),
  response: z.string().nullable(),
  messageIdHeader: z.string().nullable(),
  createdAt: z.string(),
  notBefore: z.string(),
  dotAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
})
export type Message = z.infer<typeof message>
export const messagePage = page(message).extend({ counts: z.record(z.string(), z.int()) })
/** POST /api/v1/messages/{id}/resolve; only an uncertain one, else 409. */
export const resolveBody = z.object({ as: z.enum(['sent', 'resend', 'drop']) })

/** GET /api/v1/inbox?q=&cursor= ; GET …/{id} ; GET …/{id}/raw (message/rfc822) ; DELETE /api/v1/inbox empties it. */
export const inboxMail = z.object({
  id: z.string(),
  receivedAt: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  sizeBytes: z.int(),
  isTest: z.boolean(),
})
export type InboxMail = z.infer<typeof inboxMail>
/** `total`: how many fit the search. */
export const inboxPage = page(inboxMail).extend({ total: z.int() })
export const inboxMailDetail = inboxMail.extend({
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  text: z.string(),
  /** A page of its own (GET /api/v1/inbox/{id}/html), sandboxed by its CSP; links open in a new tab. null: no HTML part. */
  htmlUrl: z.string().nullable(),
})
export type InboxMailDetail = z.infer<typeof inboxMailDetail>
