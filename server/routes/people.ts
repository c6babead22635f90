/** People in workflows: enroll one or many, jobs, numbers, who is behind them, and why. */
import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
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
  type Stats,
  stats,
  stepPeople,
} from '../../shared/api/workflows.ts'
import { type Condition, conditionSchema } from '../../shared/condition/schema.ts'
import { notFound, unprocessable } from '../../shared/errors.ts'
import { contactId, enrollmentId, type JobId, jobId, toApiId, type WorkflowId, workflowId } from '../../shared/ids.ts'
import { countPeople, samplePeople } from '../db/queries/audience.ts'
import { explainEnrollment } from '../db/queries/enrollments.ts'
import { findJob } from '../db/queries/workflows.ts'
import { needs } from './access.ts'
import { instantOf, refOf } from './contact-input.ts'
import { answers, idParam, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { problemsOf } from './problem.ts'
import { workflowOr404 } from './workflows.ts'

/** One recount a second per workflow, however many look on. */
const RECOUNT_MS = 1_000
/** Without a hint the numbers are read again after this: hints of another process may be lost. */
const QUIET_MS = 10_000

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
const readStats = createRoute({
  method: 'get',
  path: '/workflows/{id}/stats',
  tags,
  summary: 'Numbers per step',
  middleware: [needs('workflows:read')],
  request: {
    params: idParam(workflowId),
    query: z.object({
      version: z.coerce.number().int().min(1).optional(),
      from: z.string().optional(),
      to: z.string().optional(),
    }),
  },
  responses: answers(stats, 'The numbers', [400, 401, 403, 404]),
})
const stream = createRoute({
  method: 'get',
  path: '/workflows/{id}/stats/stream',
  tags,
  summary: 'The numbers as server-sent events (`stats`), at most one a second',
  middleware: [needs('workflows:read')],
  request: { params: idParam(workflowId) },
  responses: { 200: { description: 'text/event-stream', content: { 'text/event-stream': { schema: z.string() } } } },
})
const STATES = [
  'entered',
  'waiting',
  'passed',
  'exited',
  'sent',
  'opened',
  'clicked',
  'skipped',
  'failed',
  'uncertain',
  'queued',
] as const
const people = createRoute({
  method: 'get',
  path: '/workflows/{id}/steps/{stepId}/people',
  tags,
  summary: 'Who is behind a number',
  middleware: [needs('workflows:read')],
  request: {
    params: z.object({ id: workflowId, stepId: z.string().min(1).max(64) }),
    query: pageQuery.extend({ state: z.enum(STATES).default('entered'), path: z.string().max(64).optional() }),
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
  const recount = sharedRecount(deps)
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
      const many = await audienceOf(body)
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
      return c.json({ ...(await countPeople(db, condition, now())), sample: await samplePeople(db, condition, now()) })
    })
    .openapi(readStats, async (c) => {
      const { id } = c.req.valid('param')
      const { version, from, to } = c.req.valid('query')
      await workflowOr404(deps, id)
      const range = {
        version: version ?? null,
        from: from === undefined ? null : instantOf(from, 'from'),
        to: to === undefined ? null : instantOf(to, 'to'),
      }
      return c.json(await insights.stats(id, range))
    })
    .openapi(stream, async (c) => {
      const { id } = c.req.valid('param')
      await workflowOr404(deps, id)
      c.header('x-accel-buffering', 'no')
      return streamSSE(c, async (sse) => {
        let wake: () => void = () => undefined
        let isDirty = true
        const stop = hints.subscribe(id, () => {
          isDirty = true
          wake()
        })
        sse.onAbort(() => {
          stop()
          wake()
        })
        let last = ''
        while (!sse.aborted && !sse.closed) {
          isDirty = false
          const { asOf, ...numbers } = await recount(id)
          const text = JSON.stringify(numbers)
          // Nothing new is said by a comment, which keeps proxies from closing the line.
          if (text === last) await sse.write(': same\n\n')
          else await sse.writeSSE({ event: 'stats', data: JSON.stringify({ asOf, ...numbers }) })
          last = text
          await sse.sleep(RECOUNT_MS)
          if (!isDirty && !sse.aborted) await untilWoken(QUIET_MS, (resolve) => (wake = resolve))
        }
        stop()
      })
    })
    .openapi(people, async (c) => {
      const { id, stepId } = c.req.valid('param')
      const { state, path, limit, cursor } = c.req.valid('query')
      await workflowOr404(deps, id)
      return c.json(await insights.stepPeople(id, stepId, { state, path: path ?? null, limit, cursor }))
    })
    .openapi(why, async (c) => {
      const { id } = c.req.valid('param')
      const found = await explainEnrollment(db, id)
      if (found === null) throw notFound('enrollment', id)
      return c.json(found)
    })

  async function audienceOf(body: { audience?: unknown } | { contactIds: string[] }) {
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

/** All who look at a workflow share one count, at most a second old. */
function sharedRecount({ insights, now }: RouteDeps): (id: WorkflowId) => Promise<Stats> {
  const counted = new Map<WorkflowId, { at: number; stats: Promise<Stats> }>()
  return (id) => {
    const known = counted.get(id)
    if (known !== undefined && now() - known.at < RECOUNT_MS && now() >= known.at) return known.stats
    const fresh = { at: now(), stats: insights.stats(id, { version: null, from: null, to: null }) }
    counted.set(id, fresh)
    fresh.stats
      .finally(() => setTimeout(() => counted.get(id) === fresh && counted.delete(id), RECOUNT_MS).unref())
      .catch(() => counted.delete(id))
    return fresh.stats
  }
}

function untilWoken(ms: number, given: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    given(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
