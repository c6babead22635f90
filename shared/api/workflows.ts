/** Workflows: drafts, publishing, people, numbers. */
import { z } from 'zod'
import { CATCH_UPS } from '../engine/catch-up.ts'
import { apiId, contactRef, jsonObject, jsonValue, page, problemDetails } from './common.ts'

export const WORKFLOW_STATUSES = ['draft', 'live', 'paused', 'archived'] as const
const problems = problemDetails.shape.problems.unwrap()

/** POST /api/v1/workflows takes the document itself, or `{ recipe: "welcome" | "thank-you", name?, locale? }`. */
export const recipeBody = z.object({
  recipe: z.string(),
  name: z.string().max(200).optional(),
  locale: z.enum(['en', 'vi', 'zh']).optional(),
})

/** Pausing and resuming are done in pieces; `total` is null until it is counted. */
export const pauseJob = z.object({ id: z.string(), kind: z.string(), done: z.int(), total: z.int().nullable() })
export type PauseJob = z.infer<typeof pauseJob>

/** GET /api/v1/workflows */
export const workflowSummary = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(WORKFLOW_STATUSES),
  liveVersion: z.int().nullable(),
  /** The draft differs from the live version. */
  hasChanges: z.boolean(),
  triggerKind: z.string().nullable(),
  triggerText: z.string().nullable(), // name of the event, if that is what starts it
  entered: z.int(),
  waiting: z.int(),
  sent: z.int(),
  clicked: z.int(),
  /** Sent per day, oldest first, 14 numbers. */
  trend: z.array(z.int()),
  /** When the next person wakes up: exact, or null where nobody waits or `nextDueAfter` is all that is known. */
  nextDueAt: z.string().nullable(),
  /** In a large workflow whose people wake up after many others: nobody before this instant. */
  nextDueAfter: z.string().nullable().default(null),
  savedAt: z.string(),
  pausedAt: z.string().nullable().default(null),
  /** While people are being stopped or set going again. */
  job: pauseJob.nullable().default(null),
})
export type WorkflowSummary = z.infer<typeof workflowSummary>
export const workflowPage = page(workflowSummary)

/** GET /api/v1/workflows/{id}; the ETag header is `"<revision>"`. */
export const workflow = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(WORKFLOW_STATUSES),
  revision: z.int(),
  savedAt: z.string(),
  savedBy: z.string().nullable(),
  liveVersion: z.int().nullable(),
  publishedAt: z.string().nullable(),
  pausedAt: z.string().nullable().default(null),
  job: pauseJob.nullable().default(null),
  draft: z.unknown(), // WorkflowDocument
  /** What compile says of the draft now (without MJML). */
  problems,
})
export type Workflow = z.infer<typeof workflow>
/** PUT …/{id}/draft with If-Match: 200, 412 (details.revision), 428 without the header. */
export const draftSaved = z.object({ revision: z.int(), savedAt: z.string(), problems })
/** POST …/{id}/pause | resume */
export const paused = z.object({ status: z.enum(WORKFLOW_STATUSES), jobId: z.string().nullable() })
/** Absent: `shift`. */
export const resumeBody = z.strictObject({ catchUp: z.enum(CATCH_UPS).optional() })
/** GET …/{id}/versions/{version} */
export const workflowVersion = z.object({ version: z.int(), publishedAt: z.string(), document: z.unknown() })

/** GET …/{id}/publish-preview: everything the dialog says. `problems` includes MJML and Liquid. */
export const publishPreview = z.object({
  nextVersion: z.int(),
  revision: z.int(),
  problems,
  /** Contacts whom the entry rules of the draft would let in now; null while it has problems and no rules to go by. */
  canEnter: z.int().nullable(),
  /** Of those, how many may not get this class of mail. */
  lackConsent: z.int().nullable(),
  hasManualTrigger: z.boolean(),
  /** People inside, who finish on the version they began with, per version and step. */
  inside: z.array(
    z.object({
      version: z.int(),
      stepId: z.string(),
      title: z.string(),
      kind: z.string(),
      people: z.int(),
      inDraft: z.boolean(),
    }),
  ),
  changes: z.array(
    z.object({ stepId: z.string(), title: z.string(), change: z.enum(['added', 'changed', 'removed']) }),
  ),
})
export type PublishPreview = z.infer<typeof publishPreview>
/** POST …/{id}/publish { inFlight? }. Until people can be moved, every value but "stay" is 422. */
export const publishBody = z.object({ inFlight: z.record(z.string(), z.unknown()).optional() })
export const published = z.object({ version: z.int() })

/** POST …/{id}/enrollments: one person, or many ("Add people"). */
export const enrollBody = z.union([
  z.strictObject({ contact: contactRef, properties: jsonObject.optional() }),
  z.strictObject({ audience: z.unknown() }), // Condition, or null: everybody the workflow's own audience admits
  z.strictObject({ contactIds: z.array(apiId).min(1).max(100_000) }),
])
/** 201 enrolled, 200 with the reason, 202 { jobId } for many. */
export const enrolled = z.object({
  enrolled: z.boolean(),
  enrollmentId: z.string().optional(),
  reason: z.string().optional(),
})
export const jobStarted = z.object({ jobId: z.string() })
/** GET /api/v1/jobs/{id}; POST …/cancel */
export const job = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  total: z.int().nullable(),
  done: z.int(),
  counts: z.record(z.string(), z.int()),
  problem: z.string().nullable(),
})
export type Job = z.infer<typeof job>

/** POST /api/v1/audience/count { condition, messageClass? } -> how many contacts fit now, and three of them. */
export const audienceBody = z.object({ condition: z.unknown() })
export const audienceCount = z.object({
  total: z.int(),
  mailable: z.int(),
  sample: z.array(z.object({ id: z.string(), email: z.string().nullable(), name: z.string().nullable() })),
})
export type AudienceCount = z.infer<typeof audienceCount>

export const stepStats = z.object({
  entered: z.int(),
  waiting: z.int(),
  passed: z.int(),
  exited: z.record(z.string(), z.int()),
  paths: z.record(z.string(), z.int()),
  messages: z.record(z.string(), z.int()),
  opened: z.int(),
  clicked: z.int(),
  openedMachine: z.int(),
  clickedMachine: z.int(),
  revenue: z.int(),
})
export type StepStats = z.infer<typeof stepStats>
/** GET …/stats?version=&from=&to= and each message of GET …/stats/stream (server-sent events, `event: stats`). */
export const stats = z.object({
  asOf: z.string(),
  totals: z.object({ entered: z.int(), waiting: z.int(), finished: z.int(), left: z.record(z.string(), z.int()) }),
  /** Since when it stands still: whoever waits keeps what remained, whatever is queued is held. */
  pausedAt: z.string().nullable().default(null),
  steps: z.record(z.string(), stepStats),
})
export type Stats = z.infer<typeof stats>

/**
 * GET …/steps/{stepId}/people?state=entered|waiting|passed|exited|sent|opened|clicked|openedMachine|clickedMachine|skipped|failed|uncertain|queued&path=&reason=&cursor=&limit=
 * and GET …/steps/_all/people?state=entered|waiting|finished|exited&reason=: whom `totals` counts, each passage once.
 */
export const stepPeople = page(
  z.object({
    contactId: z.string(),
    email: z.string().nullable(),
    name: z.string().nullable(),
    enrollmentId: z.string(),
    at: z.string(),
    until: z.string().nullable(),
    detail: z.string().nullable(),
  }),
)
export type StepPeople = z.infer<typeof stepPeople>

/** POST /api/v1/preview { email: {subject, preheader, mjml}, contact?, properties?, workflowId? } */
export const previewBody = z.object({
  email: z.object({ subject: z.string(), preheader: z.string().optional(), mjml: z.string().max(1_000_000) }),
  contactId: apiId.nullable().optional(),
  properties: jsonObject.optional(),
  messageClass: z.enum(['marketing', 'transactional']).optional(),
})
/** `url` is a page of its own (GET /preview/{token}, sandboxed by its CSP, kept 10 minutes in memory). */
export const previewAnswer = z.object({
  url: z.string(),
  subject: z.string(),
  preheader: z.string(),
  text: z.string(),
  sizeBytes: z.int(),
  problems,
  /** Variables without a value and without a fallback for this contact: the real send would be skipped. */
  missing: z.array(z.string()),
})
export type PreviewAnswer = z.infer<typeof previewAnswer>

/** POST …/{id}/emails/{key}/test; sends the draft's email. 202 { messageIds } */
export const testSendBody = z.object({
  to: z.array(z.string().min(3).max(254)).min(1).max(10),
  contact: contactRef.optional(),
  properties: jsonObject.optional(),
  locale: z.string().max(20).optional(),
})
export const testSent = z.object({ messageIds: z.array(z.string()) })

/** GET /api/v1/enrollments/{id}/explain */
export const explain = z.object({
  enrollment: z.object({
    id: z.string(),
    contactId: z.string(),
    workflowId: z.string(),
    version: z.int(),
    status: z.string(),
    stepId: z.string(),
    dueAt: z.string().nullable(),
    enteredAt: z.string(),
    endReason: z.string().nullable(),
  }),
  steps: z.array(
    z.object({
      stepId: z.string(),
      title: z.string(),
      kind: z.string(),
      at: z.string(),
      outcome: z.string(),
      why: z.string(),
      path: z.string().optional(),
      until: z.string().optional(),
      seen: z.array(z.object({ what: z.string(), value: jsonValue, holds: z.boolean() })).optional(),
      message: z.object({ id: z.string(), status: z.string(), reason: z.string().nullable() }).optional(),
    }),
  ),
})
export type Explain = z.infer<typeof explain>
