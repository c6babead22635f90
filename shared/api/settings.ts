/** Sending accounts, API keys, and how the product is doing. */
import { z } from 'zod'
import { accountBody } from './session.ts'

/** GET /api/v1/sending-accounts lists; PUT /api/v1/sending-accounts/{id} and POST save (accountBody); the password never comes out. */
export const sendingAccount = accountBody.omit({ password: true }).extend({
  id: z.string(),
  /** 0 for the embedded inbox, which has no address of its own. */
  port: z.int(),
  isDefault: z.boolean(),
  hasPassword: z.boolean(),
  /** Set when SMTP_URL configures it: the form is read-only. */
  fromEnvironment: z.boolean(),
  status: z.enum(['active', 'paused']),
  pausedReason: z.string().nullable(),
  pausedAt: z.string().nullable(),
  queued: z.int(),
})
export type SendingAccount = z.infer<typeof sendingAccount>

/** POST /api/v1/sending-accounts/test (accountBody & { id? }): connects, greets, signs in, says RSET and QUIT. 200 in every case. */
export const connectionTest = z.object({
  ok: z.boolean(),
  stage: z.enum(['connect', 'greeting', 'tls', 'auth', 'done']),
  tookMs: z.int(),
  secure: z.boolean(),
  /** The server's own words (or the system's error), last line first. */
  answer: z.string(),
})
export type ConnectionTest = z.infer<typeof connectionTest>

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  lastUsedAt: z.string().nullable(),
  fromEnvironment: z.boolean(),
})
export type ApiKey = z.infer<typeof apiKey>
export const SCOPES = ['contacts', 'events', 'workflows', 'messages', 'settings']
  .flatMap((s) => [`${s}:read`, `${s}:write`])
  .concat('metrics')
export const apiKeyBody = z.object({
  name: z.string().min(1).max(100),
  scopes: z.array(z.enum(SCOPES as [string, ...string[]])).min(1),
})
/** POST answers the key once, in full. */
export const newApiKey = apiKey.extend({ key: z.string() })

/** GET /api/v1/status: the heartbeat in the side bar. */
export const status = z.object({
  /** How late the oldest due person or message is; 0 when nothing is late. */
  lagMs: z.int(),
  nextDueAt: z.string().nullable(),
  queued: z.int(),
  uncertain: z.int(),
  workflows: z.int(),
  contacts: z.int(),
  /** The URL of the embedded inbox's screen is worth showing: mail goes nowhere else. */
  embeddedInbox: z.boolean(),
  senderMissing: z.array(z.enum(['senderEmail', 'postalAddress'])),
})
export type Status = z.infer<typeof status>
