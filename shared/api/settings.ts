/** Sending accounts, API keys, and how the product is doing. */
import { z } from 'zod'
import { DKIM_ALGORITHMS, DNS_CHECK_STATUSES } from '../message/dkim-record.ts'
import { TROUBLE_CODES } from '../message/trouble.ts'
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
  /** `by-hand`, or the name of a trouble. */
  pausedReason: z.string().nullable(),
  pausedAt: z.string().nullable(),
  /** Who paused it by hand; null: nobody, or the sender itself, which tries again at `trouble.retryAt`. */
  pausedBy: z.string().nullable(),
  queued: z.int(),
  /** What is wrong with the server; null: nothing known. */
  trouble: z
    .object({ code: z.enum(TROUBLE_CODES), since: z.string(), response: z.string(), retryAt: z.string().nullable() })
    .nullable(),
  /** Since when the server has answered well; null: not tried yet, or in trouble. */
  reachableSince: z.string().nullable(),
  /** Until then only half of the rates: the server asked for it. */
  slowedUntil: z.string().nullable(),
  /** The quota of the workspace's day; null: none. */
  quota: z.object({ perDay: z.int(), used: z.int(), resetsAt: z.string() }).nullable(),
  /** When the last of what is queued leaves at this pace; null: nobody can say. */
  doneAt: z.string().nullable(),
})
export type SendingAccount = z.infer<typeof sendingAccount>

/** GET /api/v1/sending-domains lists; POST makes a key; the private half never comes out. */
export const sendingDomain = z.object({
  id: z.string(),
  domain: z.string(),
  selector: z.string(),
  algorithm: z.enum(DKIM_ALGORITHMS),
  /** The TXT record to publish; `chunks` is the value in strings of at most 255 octets. */
  record: z.object({ type: z.literal('TXT'), name: z.string(), value: z.string(), chunks: z.array(z.string()) }),
  isSigning: z.boolean(),
  /** False: it was sealed under a SECRET_KEY that is gone; make a new key. */
  isReadable: z.boolean(),
  createdAt: z.string(),
  /** When the right record was first seen in the DNS. */
  seenAt: z.string().nullable(),
  check: z.object({ at: z.string(), status: z.enum(DNS_CHECK_STATUSES), found: z.array(z.string()) }).nullable(),
})
export type SendingDomain = z.infer<typeof sendingDomain>
export const sendingDomainBody = z.object({
  /** That of the workspace's sender address by default. */
  domain: z.string().min(1).max(253).optional(),
  algorithm: z.enum(DKIM_ALGORITHMS).default('rsa-sha256'),
})
export const domainSigningBody = z.object({
  on: z.boolean(),
  /** Sign although the record was not seen. */
  force: z.boolean().default(false),
})

/** POST /api/v1/sending-accounts/test (accountBody & { id? }): connects, greets, signs in, says RSET and QUIT. 200 in every case. */
export const connectionTest = z.object({
  ok: z.boolean(),
  stage: z.enum(['connect', 'greeting', 'tls', 'auth', 'done']),
  tookMs: z.int(),
  secure: z.boolean(),
  /** The server's own words (or the system's error), last line first. */
  answer: z.string(),
  /** Why it stopped, by name; null when it went through. */
  trouble: z.enum(TROUBLE_CODES).nullable(),
  /** Step by step, with the server's words to each. */
  steps: z.array(
    z.object({
      step: z.enum(['connect', 'greeting', 'tls', 'auth']),
      outcome: z.enum(['passed', 'failed', 'skipped']),
      /** The server's line of the step, or the system's error; empty where there is none. */
      said: z.string(),
    }),
  ),
  /** How the line is encrypted; null: it is not. */
  encryption: z.object({ protocol: z.string(), certificateUntil: z.string().nullable() }).nullable(),
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

/** What somebody should know, worst first. `values` fill the sentence of the code; `since` is when it began. */
export const ALARM_CODES = [
  'not-writable',
  'writer-stuck',
  'disk',
  'clock-jumped',
  'lag',
  'account-paused',
  'account-unreachable',
  'quota-used',
  'uncertain',
  'embedded-inbox',
] as const
export type AlarmCode = (typeof ALARM_CODES)[number]
export const alarm = z.object({
  code: z.enum(ALARM_CODES),
  severity: z.enum(['problem', 'warning', 'information']),
  since: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type Alarm = z.infer<typeof alarm>

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
  alarms: z.array(alarm),
})
export type Status = z.infer<typeof status>
