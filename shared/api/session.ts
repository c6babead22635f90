/** Set-up, sign-in, the person and workspace behind a session. */
import { z } from 'zod'
import { SECURITIES } from '../message/smtp-url.ts'

export const LOCALES = ['en', 'vi', 'zh'] as const
export const locale = z.enum(LOCALES)

export const accountBody = z.object({
  kind: z.enum(['inbox', 'smtp']),
  name: z.string().max(100).default(''),
  host: z.string().max(255).default(''),
  port: z.int().min(1).max(65_535).default(587),
  /** `none`: never encrypted; `opportunistic`: where offered; `starttls`, `tls`: always, and the certificate must be right. */
  security: z.enum(SECURITIES).default('starttls'),
  username: z.string().max(255).default(''),
  /** Absent: keep the saved one. Empty string: none. */
  password: z.string().max(1_000).optional(),
  maxConnections: z.int().min(1).max(100).default(10),
  ratePerSecond: z.number().positive().max(100_000).nullable().default(null),
  ratePerHour: z.number().positive().max(100_000_000).nullable().default(null),
  /** From midnight to midnight in the workspace's zone. Absent: keep the saved one. */
  quotaPerDay: z.int().min(1).max(1_000_000_000).nullable().optional(),
})
export type AccountBody = z.infer<typeof accountBody>

/** POST /api/v1/setup, once. Only the first four are required; the wizard sends all. */
export const setupBody = z.object({
  email: z.string().min(3).max(254),
  password: z.string().min(10).max(200),
  name: z.string().min(1).max(100),
  workspace: z.string().min(1).max(100),
  senderName: z.string().max(100).default(''),
  senderEmail: z.string().max(254).default(''),
  postalAddress: z.string().max(500).default(''),
  timezone: z.string().max(64).default('UTC'),
  locale: locale.default('en'),
  account: accountBody.nullable().default(null),
})
export type SetupBody = z.infer<typeof setupBody>

export const signInBody = z.object({ email: z.string().max(254), password: z.string().max(200) })

export const person = z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.string(), locale })
export const workspace = z.object({
  name: z.string(),
  timezone: z.string(),
  locale: z.string(),
  senderName: z.string(),
  senderEmail: z.string(),
  postalAddress: z.string(),
})
/** GET /api/v1/session, public: what the browser needs to know which screen to show. 200 in every case. */
export const sessionState = z.object({
  needsSetup: z.boolean(),
  user: person.nullable(),
  workspace: workspace.nullable(),
})
export type SessionState = z.infer<typeof sessionState>

/** PATCH /api/v1/workspace */
export const workspaceBody = workspace.partial()
/** PATCH /api/v1/profile */
export const profileBody = z.object({
  name: z.string().min(1).max(100).optional(),
  locale: locale.optional(),
  password: z.object({ current: z.string().max(200), next: z.string().min(10).max(200) }).optional(),
})
