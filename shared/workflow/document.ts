/**
 * The workflow document: what the canvas draws and saves, what is exported, diffed and posted. Meaning (`steps`) and drawing
 * (`layout`, `notes`) are kept apart. A draft may be unfinished: only its outer shape is checked here; `compile.ts` checks the rest.
 */
import { z } from 'zod'
import type { Condition } from '../condition/schema.ts'
import type { JsonObject } from '../json.ts'
import { migrated } from './migrate.ts'

export const DOCUMENT_FORMAT = 'perennial.workflow/1'

export const MESSAGE_CLASSES = ['marketing', 'transactional'] as const
export type MessageClass = (typeof MESSAGE_CLASSES)[number]

/** `every`: at most once in that time. */
export type Reentry = 'once' | 'always' | 'after-exit' | { every: string }
/** `perKey`: one active enrollment for each value of this property of the entry event. */
export type Concurrency = 'one' | 'many' | { perKey: string }

export type WorkflowSettings = {
  messageClass: MessageClass
  /** `workspace` or an IANA name: used when the contact has no zone of their own. */
  timezone: string
  reentry: Reentry
  concurrency: Concurrency
  audience: Condition | null
  exitWhen: Condition | null
  goal: { when: Condition; within?: string | undefined } | null
  /** ISO 8601; a message later than this is skipped and recorded. */
  maxLateness: string
}

export const DEFAULT_SETTINGS: WorkflowSettings = {
  messageClass: 'marketing',
  timezone: 'workspace',
  reentry: 'once',
  concurrency: 'one',
  audience: null,
  exitWhen: null,
  goal: null,
  maxLateness: 'P2D',
}

/** A trigger as drawn; `kind` decides which other fields matter (triggers/<kind>.ts). */
export type DrawnTrigger = { id: string; kind: string; [field: string]: unknown }
/** A step as drawn; `kind` decides which other fields matter (steps/<kind>.ts). */
export type DrawnStep = { id: string; kind: string; title?: string | undefined; [field: string]: unknown }

export type EmailLocale = { subject: string; preheader?: string | undefined; mjml: string }
export type EmailContent = EmailLocale & { locales?: Record<string, EmailLocale> | undefined }

export type Point = { x: number; y: number }
export type Note = { id: string; text: string; x: number; y: number }

export type WorkflowDocument = {
  format: typeof DOCUMENT_FORMAT
  name: string
  settings: WorkflowSettings
  triggers: readonly DrawnTrigger[]
  start: string | null
  steps: readonly DrawnStep[]
  emails: Readonly<Record<string, EmailContent>>
  layout: Readonly<Record<string, Point>>
  notes: readonly Note[]
}

const id = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/, 'expected letters, digits, _ or -')
const unfinished = z.unknown().default(null)
const point = z.object({ x: z.number(), y: z.number() })
const emailLocale = z.object({
  subject: z.string().max(2_000).default(''),
  preheader: z.string().max(2_000).optional(),
  mjml: z.string().max(1_000_000).default(''),
})

const settings = z.object({
  messageClass: z.unknown().default(DEFAULT_SETTINGS.messageClass),
  timezone: z.unknown().default(DEFAULT_SETTINGS.timezone),
  reentry: z.unknown().default(DEFAULT_SETTINGS.reentry),
  concurrency: z.unknown().default(DEFAULT_SETTINGS.concurrency),
  audience: unfinished,
  exitWhen: unfinished,
  goal: unfinished,
  maxLateness: z.unknown().default(DEFAULT_SETTINGS.maxLateness),
})

/** The outer shape every draft must have; fields of steps, triggers, settings and conditions are judged by `compile.ts`. */
export const documentShape = z.object({
  format: z.literal(DOCUMENT_FORMAT, {
    error: ({ input }) =>
      `Found ${typeof input === 'string' ? JSON.stringify(input.slice(0, 60)) : 'no format'}; this version reads "${DOCUMENT_FORMAT}"`,
  }),
  name: z.string().min(1).max(200),
  settings: settings.prefault({}),
  triggers: z
    .array(z.looseObject({ id, kind: z.string().min(1).max(64) }))
    .max(50)
    .default([]),
  start: z.string().max(64).nullable().default(null),
  steps: z
    .array(z.looseObject({ id, kind: z.string().min(1).max(64), title: z.string().max(200).optional() }))
    .max(2_000)
    .default([]),
  emails: z
    .record(id, emailLocale.extend({ locales: z.record(z.string().max(20), emailLocale).optional() }))
    .default({}),
  layout: z.record(z.string(), point).default({}),
  notes: z
    .array(z.object({ id, text: z.string().max(5_000), x: z.number(), y: z.number() }))
    .max(500)
    .default([]),
})

/** Read a document of any origin and age. @throws z.ZodError naming each path that is not of the outer shape */
export function parseDocument(input: unknown): WorkflowDocument {
  return documentShape.parse(migrated(input)) as unknown as WorkflowDocument
}

/** An empty draft with default settings. */
export function emptyDocument(name: string): WorkflowDocument {
  return {
    format: DOCUMENT_FORMAT,
    name,
    settings: DEFAULT_SETTINGS,
    triggers: [],
    start: null,
    steps: [],
    emails: {},
    layout: {},
    notes: [],
  }
}

export type DocumentJson = JsonObject
