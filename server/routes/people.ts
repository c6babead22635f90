/** People in workflows: enroll one or many, jobs, numbers, who is behind them, and why. */
import { createRoute, z } from '@hono/zod-openapi'
import { pageQuery } from '../../shared/api/common.ts'
import {
  audienceBody,
  audienceCount,
  enrollBody,
  enrolled,
  explain,
  type Job,
  job,
  jobStarted,
  stepPeople,
} from '../../shared/api/workflows.ts'
import { type Condition, conditionSchema } from '../../shared/condition/schema.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { contactId, enrollmentId, type JobId, jobId, toApiId, workflowId } from '../../shared/ids.ts'
import { countPeople } from '../db/queries/audience.ts'
import { explainEnrollment } from '../db/queries/enrollments.ts'
import { findJob } from '../db/queries/workflows.ts'
import { needs } from './access.ts'
import { refOf } from './contact-input.ts'
import { answers, idParam, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { problemsOf } from './problem.ts'
import { workflowOr404 } from './workflows.ts'

const tags = ['People']
const enroll = createRoute({
  method: 'post',
  path: '/workflows/{id}/enrollments',
  tags,
  summary: 'Enroll one contact, or many ("Add people"); needs a manual trigger in the live version',
  middleware: [needs('workflows:write')],
  request: { params: idParam(workflowId), body: jsonBody(enrollBody) },
  responses: {
    ...answers(enrolled, 'The entry rules say no; `reason` says which', [401, 403, 404, 409, 422]),
    ...answers(enrolled, 'Enrolled', [], 201),
    ...answers(jobStarted, 'Many: under way', [], 202),
  },
})
const readJob = createRoute({
  method: 'get',
  path: '/jobs/{id}',
  tags,
  summary: 'How a long work goes',
  middleware: [needs('workflows:read')],
  request: { params: idParam(jobId) },
  responses: answers(job, 'Its state', [401, 403, 404]),
})
const cancelJob = createRoute({
  method: 'post',
  path: '/jobs/{id}/cancel',
  tags,
  summary: 'Stop after the chunk under way',
  middleware: [needs('workflows:write')],
  request: { params: idParam(jobId) },
  responses: answers(job, 'Its state', [401, 403, 404]),
})
const audience = createRoute({
  method: 'post',
  path: '/audience/count',
  tags,
  summary: 'How many contacts fit a condition now, and three of them',
  middleware: [needs('contacts:read')],
  request: { body: jsonBody(audienceBody) },
  responses: answers(audienceCount, 'The count', [401, 403, 422]),
})
const STATES = [
  'entered',
  'waiting',
  'passed',
  'finished',
  'exited',
  'sent',
  'opened',
  'clicked',
  'openedMachine',
  'clickedMachine',
  'skipped',
  'failed',
  'uncertain',
  'queued',
] as const
const people = createRoute({
  method: 'get',
  path: '/workflows/{id}/steps/{stepId}/people',
  tags,
  summary: 'Who is behind a number; `_all` in place of a step is the whole workflow, `reason` narrows down who exited',
  middleware: [needs('workflows:read')],
  request: {
    params: z.object({ id: workflowId, stepId: z.string().min(1).max(64) }),
    query: pageQuery.extend({
      state: z.enum(STATES).default('entered'),
      path: z.string().max(64).optional(),
      reason: z.string().max(200).optional(),
    }),
  },
  responses: answers(stepPeople, 'A page', [400, 401, 403, 404]),
})
const why = createRoute({
  method: 'get',
  path: '/enrollments/{id}/explain',
  tags,
  summary: 'Why each step did or did not do what it did',
  middleware: [needs('workflows:read')],
  request: { params: idParam(enrollmentId) },
  responses: answers(explain, 'The steps, oldest first', [401, 403, 404]),
})

export function peopleRoutes(deps: RouteDeps) {
  const { db, commands, hints, insights, now } = deps
  const showJob = async (id: JobId): Promise<Job> => {
    const found = await findJob(db, id)
    if (found === null) throw notFound('job', id)
    return job.parse(found)
  }
  return router()
    .openapi(enroll, async (c) => {
      const { id } = c.req.valid('param')
      const body = c.req.valid('json')
      const row = await workflowOr404(deps, id)
      if ('contact' in body) {
        const outcome = await commands('enroll', {
          workflowId: id,
          contact: refOf(body.contact),
          properties: body.properties ?? {},
        })
        if (!outcome.enrolled) return c.json({ enrolled: false, reason: outcome.reason }, 200)
        hints.changed(id)
        return c.json({ enrolled: true, enrollmentId: toApiId(outcome.id) }, 201)
      }
      refuseWithoutManualTrigger(row)
      const many = await audienceOf(deps, body)
      const { jobId: started } = await commands('start-adding-people', { workflowId: id, ...many })
      return c.json({ jobId: toApiId(started) }, 202)
    })
    .openapi(readJob, async (c) => c.json(await showJob(c.req.valid('param').id)))
    .openapi(cancelJob, async (c) => {
      const { id } = c.req.valid('param')
      await showJob(id)
      await commands('cancel-job', { id })
      return c.json(await showJob(id))
    })
    .openapi(audience, async (c) => {
      const condition = conditionOf(c.req.valid('json').condition, 'condition')
      return c.json(await countPeople(db, condition, now()))
    })
    .openapi(people, async (c) => {
      const { id, stepId } = c.req.valid('param')
      const { state, path, reason, limit, cursor } = c.req.valid('query')
      await workflowOr404(deps, id)
      const filter = { state, path: path ?? null, reason: reason ?? null, limit, cursor }
      return c.json(await insights.stepPeople(id, stepId, filter))
    })
    .openapi(why, async (c) => {
      const { id } = c.req.valid('param')
      const found = await explainEnrollment(db, id)
      if (found === null) throw notFound('enrollment', id)
      return c.json(found)
    })
}

/** Whom "Add people" means, and how many that is now. @throws RequestError 422 */
async function audienceOf({ db, now }: RouteDeps, body: { audience?: unknown } | { contactIds: string[] }) {
  if ('contactIds' in body) {
    const contactIds = [...new Set(body.contactIds)].map((text) => contactId.parse(text))
    return { audience: null, contactIds, total: contactIds.length }
  }
  if (!('audience' in body))
    throw unprocessable(
      'invalid',
      'The body names nobody; expected `contact`, `contactIds` or `audience` (null for everybody).',
    )
  const condition = conditionOf(body.audience, 'audience')
  return { audience: condition, contactIds: null, total: (await countPeople(db, condition, now())).total }
}

/** @throws RequestError 422 */
export function conditionOf(input: unknown, field: string): Condition | null {
  const parsed = conditionSchema.nullable().safeParse(input ?? null)
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error.issues, input).map((problem) => ({
    ...problem,
    path: `${field}/${problem.path}`,
  }))
  throw unprocessable(
    'bad-condition',
    `\`${field}\` is no condition; expected for example {"tag":"beta"} or {"all":[…]}.`,
    { problems },
  )
}

const planTriggers = z.object({ triggers: z.array(z.looseObject({ kind: z.string() })) })

function refuseWithoutManualTrigger(row: { plan: string | null; status: string }): void {
  if (row.plan === null || row.status !== 'live')
    throw unprocessable('not-live', `The workflow is ${row.status}; expected a live one. Publish it first.`)
  const { triggers } = planTriggers.parse(JSON.parse(row.plan))
  if (!triggers.some(({ kind }) => kind === 'manual'))
    throw unprocessable(
      'no-manual-trigger',
      'The live version has no manual trigger; expected one to add people by hand.',
    )
}
