/** Workflows: list, draft, publishing, people, numbers. The builder uses these functions; the list page the hooks below. */
import { useQuery } from '@tanstack/react-query'
import { z } from 'zod'
import type { ContactRefBody } from '../../shared/api/common.ts'
import {
  type AudienceCount,
  audienceCount as audienceCountSchema,
  draftSaved,
  enrolled,
  jobStarted,
  type PublishPreview,
  published,
  publishPreview as publishPreviewSchema,
  type recipeBody,
  type Workflow,
  workflow,
  workflowPage,
  workflowVersion,
} from '../../shared/api/workflows.ts'
import type { Condition } from '../../shared/condition/schema.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { MessageClass, WorkflowDocument } from '../../shared/workflow/document.ts'
import { documentShape } from '../../shared/workflow/document.ts'
import { call, callWithStatus, nothing } from './client.ts'

export type WorkflowList = z.infer<typeof workflowPage>
export type DraftSaved = z.infer<typeof draftSaved>
export type OpenWorkflow = Omit<Workflow, 'draft'> & { draft: WorkflowDocument }
export type RecipeBody = z.infer<typeof recipeBody>
/** One person came in, did not (with the reason), or many are on their way in a job. */
export type Enrolled =
  | { kind: 'enrolled'; enrollmentId: string | null }
  | { kind: 'refused'; reason: string }
  | { kind: 'started'; jobId: string }

const created = z.object({ id: z.string() })
const path = (id: string): string => `/workflows/${encodeURIComponent(id)}`
const asDocument = (value: unknown): WorkflowDocument => documentShape.parse(value) as unknown as WorkflowDocument

export const listWorkflows = (query: { cursor?: string; limit?: number } = {}): Promise<WorkflowList> =>
  call(workflowPage, 'GET', '/workflows', { query: { limit: 200, ...query } })

export const createWorkflow = (body: WorkflowDocument | RecipeBody): Promise<{ id: string }> =>
  call(created, 'POST', '/workflows', { body })

/** Read the draft and what surrounds it; `revision` goes back with the next save. */
export async function getWorkflow(id: string): Promise<OpenWorkflow> {
  const read = await call(workflow, 'GET', path(id))
  return { ...read, draft: asDocument(read.draft) }
}

/** Save the draft made on `revision`. @throws ApiError 412 when somebody saved in between */
export const saveDraft = (id: string, revision: number, document: WorkflowDocument): Promise<DraftSaved> =>
  call(draftSaved, 'PUT', `${path(id)}/draft`, { body: document, ifMatch: revision })

export async function getVersion(id: string, version: number) {
  const read = await call(workflowVersion, 'GET', `${path(id)}/versions/${version}`)
  return { ...read, document: asDocument(read.document) }
}

export const publishPreview = (id: string): Promise<PublishPreview> =>
  call(publishPreviewSchema, 'GET', `${path(id)}/publish-preview`)

/** Make the draft an immutable version. @throws ApiError 422 with `problems` that name their steps */
export const publish = (id: string, inFlight?: Readonly<Record<string, unknown>>): Promise<{ version: number }> =>
  call(published, 'POST', `${path(id)}/publish`, { body: inFlight === undefined ? {} : { inFlight } })

export type CatchUp = 'shift' | 'send' | 'skip'
export const pauseWorkflow = (id: string): Promise<unknown> => call(nothing, 'POST', `${path(id)}/pause`)
export const resumeWorkflow = (id: string, catchUp: CatchUp): Promise<unknown> =>
  call(nothing, 'POST', `${path(id)}/resume`, { body: { catchUp } })
export const archiveWorkflow = (id: string): Promise<unknown> => call(nothing, 'POST', `${path(id)}/archive`)
export const restoreWorkflow = (id: string): Promise<unknown> => call(nothing, 'POST', `${path(id)}/restore`)

/** Put one person in through the manual trigger; the entry rules may say no. */
export const enroll = (id: string, contact: ContactRefBody, properties?: JsonObject): Promise<Enrolled> =>
  postEnrollment(id, properties === undefined ? { contact } : { contact, properties })

/** Put many in, as a job. `audience: null` means everybody the workflow's own audience admits. */
export const addPeople = (
  id: string,
  people: { audience: Condition | null } | { contactIds: readonly string[] },
): Promise<Enrolled> => postEnrollment(id, people)

async function postEnrollment(id: string, body: unknown): Promise<Enrolled> {
  const { status, data } = await callWithStatus(nothing, 'POST', `${path(id)}/enrollments`, { body })
  if (status === 202) return { kind: 'started', jobId: jobStarted.parse(data).jobId }
  const answer = enrolled.parse(data)
  if (answer.enrolled) return { kind: 'enrolled', enrollmentId: answer.enrollmentId ?? null }
  return { kind: 'refused', reason: answer.reason ?? '' }
}

/** How many contacts fit now; the same query as sending. */
export const audienceCount = (condition: Condition | null, messageClass?: MessageClass): Promise<AudienceCount> =>
  call(audienceCountSchema, 'POST', '/audience/count', {
    body: messageClass === undefined ? { condition } : { condition, messageClass },
  })

export const workflowsKey = ['workflows'] as const

export function useWorkflows() {
  return useQuery({ queryKey: workflowsKey, queryFn: () => listWorkflows(), refetchInterval: 10_000 })
}
