/** Contacts, their journal, imports, events. */
import { z } from 'zod'
import { contactRef, jsonObject, jsonValue, page } from './common.ts'

const consentStatus = z.enum(['granted', 'withdrawn', 'unknown'])
const consentInput = z.union([
  consentStatus,
  z.object({
    status: consentStatus,
    source: z.string().max(200).optional(),
    text: z.string().max(5_000).optional(),
    at: z.string().optional(),
  }),
])

/** PUT /api/v1/contacts; PATCH /api/v1/contacts/{id} takes the same. `consent: { marketing: "granted", source?, text?, at? }` is one topic with its proof. */
export const contactBody = z.object({
  email: z.string().max(320).nullable().optional(),
  externalId: z.string().max(200).nullable().optional(),
  timezone: z.string().max(64).nullable().optional(),
  locale: z.string().max(35).nullable().optional(),
  attributes: jsonObject.optional(),
  tags: z.array(z.string().min(1).max(100)).max(200).optional(),
  consent: z.record(z.string().max(100), z.union([consentInput, z.string().max(5_000)])).optional(),
})
export type ContactBody = z.infer<typeof contactBody>

export const contact = z.object({
  id: z.string(),
  email: z.string().nullable(),
  externalId: z.string().nullable(),
  timezone: z.string().nullable(),
  locale: z.string().nullable(),
  attributes: jsonObject,
  tags: z.array(z.string()),
  consent: z.record(z.string(), consentStatus),
  suppression: z.enum(['none', 'global', 'hard']),
  stage: z.null(),
  score: z.null(),
  retention: z.null(),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Contact = z.infer<typeof contact>
/** GET /api/v1/contacts?email=&externalId=&q=&limit=&cursor= ; `q` is a prefix of the address or of the name; ordered by newest, or by the prefix. */
export const contactPage = page(contact).extend({ total: z.int(), mailable: z.int() })

export const consentRecord = z.object({
  topic: z.string(),
  status: z.string(),
  source: z.string(),
  text: z.string().nullable(),
  at: z.string(),
})
/** GET /api/v1/contacts/{id}/consents */
export const consentLedger = z.object({ items: z.array(consentRecord) })

/**
 * GET /api/v1/contacts/{id}/journal, newest first. Kinds: contact.created, consent.changed, event (name, properties), enrollment.started |
 * paused | resumed (reason) | completed | exited | failed (reason), step (workflow, stepId, title, outcome, why, path, until, seen), message.queued | sent | skipped | failed |
 * uncertain | opened | clicked | unsubscribed.
 */
export const journalItem = z.object({
  at: z.string(),
  kind: z.string(),
  name: z.string().optional(),
  workflow: z.object({ id: z.string(), name: z.string(), version: z.int() }).optional(),
  enrollmentId: z.string().optional(),
  stepId: z.string().optional(),
  stepKind: z.string().optional(),
  title: z.string().optional(),
  outcome: z.string().optional(),
  path: z.string().optional(),
  why: z.string().optional(),
  until: z.string().optional(),
  seen: z.array(z.object({ what: z.string(), value: jsonValue, holds: z.boolean() })).optional(),
  messageId: z.string().optional(),
  subject: z.string().optional(),
  reason: z.string().optional(),
  machine: z.boolean().optional(),
  url: z.string().optional(),
  properties: jsonObject.optional(),
  consent: consentRecord.optional(),
})
export type JournalItem = z.infer<typeof journalItem>
export const journalPage = page(journalItem)

/** Query of POST /api/v1/contacts/import; the body is the file (text/csv or multipart). `consent` is required. */
export const importQuery = z.object({
  encoding: z.string().max(40).optional(),
  delimiter: z.string().max(4).optional(),
  header: z.enum(['true', 'false']).optional(),
  mapping: z.string().max(50_000).optional(), // JSON object: column -> target
  consent: z.enum(['granted', 'unknown']),
  consentSource: z.string().max(200).optional(),
  consentText: z.string().max(5_000).optional(),
  trigger: z.enum(['true', 'false']).optional(),
  fileName: z.string().max(255).optional(),
})
export const importError = z.object({ row: z.int(), column: z.string(), code: z.string(), message: z.string() })
export const importState = z.object({
  id: z.string(),
  fileName: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  errors: z.array(importError), // the first 100
  warnings: z.array(z.string()),
  problem: z.string().optional(),
  /** 0 to 1 of the file's bytes. */
  progress: z.number(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
})
export type ImportState = z.infer<typeof importState>
// GET /api/v1/imports lists; GET /api/v1/imports/{id}; POST …/{id}/cancel; GET …/{id}/rejected.csv is the file of refused rows with reasons.

/** POST /api/v1/contacts/import/check (query and body as for the import): what would become of each row; nothing is written. */
export const importCheck = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  header: z.boolean(),
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  /** Of the updated, those who unsubscribed or are blocked: they stay so. */
  blocked: z.int(),
  /** Rejected rows by the code of their first reason, most first. */
  reasons: z.array(z.object({ code: z.string(), n: z.int() })),
  errors: z.array(importError), // the first 100
  warnings: z.array(z.string()),
  /** Why the file could not be read to its end. */
  problem: z.string().optional(),
  tookMs: z.int(),
})
export type ImportCheck = z.infer<typeof importCheck>

/** POST /api/v1/contacts/import/preview (body: the first 256 KB of the file): what the columns look like and where they may go. */
export const importPreview = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  header: z.boolean(),
  columns: z.array(
    z.object({
      name: z.string(),
      samples: z.array(z.string()),
      /** email | externalId | timezone | locale | tags | attributes.<key> | null */
      guess: z.string().nullable(),
      /** same-header | known-word | looks-like-email | looks-like-zone | new-attribute | empty | known-attribute | own-export */
      why: z.string(),
    }),
  ),
  rows: z.array(z.array(z.string())),
  warnings: z.array(z.string()),
})
export type ImportPreview = z.infer<typeof importPreview>

/** GET /api/v1/contacts/fields: what conditions, mapping and the variable menu can name. */
export const fields = z.object({
  attributes: z.array(
    z.object({ key: z.string(), type: z.enum(['text', 'number', 'boolean', 'date']), samples: z.array(z.string()) }),
  ),
  tags: z.array(z.string()),
  topics: z.array(z.string()),
  events: z.array(z.object({ name: z.string(), properties: z.array(z.string()) })),
})
export type Fields = z.infer<typeof fields>

export const eventBody = z.object({
  id: z.string().min(1).max(200).optional(),
  name: z.string().min(1).max(200),
  contact: contactRef,
  properties: jsonObject.optional(),
  occurredAt: z.string().optional(),
})
export const eventBatchBody = z.object({ events: z.array(eventBody).min(1).max(1_000) })
export const eventAnswer = z.object({
  id: z.string().nullable(),
  status: z.enum(['recorded', 'duplicate']),
  contactId: z.string(),
})
export const eventBatchAnswer = z.object({ events: z.array(eventAnswer) })
