/** The numbers per step, once or as a stream while somebody looks. */
import { createRoute, z } from '@hono/zod-openapi'
import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { type Stats, stats } from '../../shared/api/workflows.ts'
import { type WorkflowId, workflowId } from '../../shared/ids.ts'
import { needs, stillMay } from './access.ts'
import { instantOf } from './contact-input.ts'
import { answers, idParam, refusals, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { workflowOr404 } from './workflows.ts'

/** One recount a second per workflow, however many look on. */
const RECOUNT_MS = 1_000
/** Without a hint the numbers are read again after this: hints of another process may be lost. */
const QUIET_MS = 10_000

const tags = ['People']
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
  summary: 'The numbers as server-sent events (`stats`), at most one a second, until the session or the key is gone',
  middleware: [needs('workflows:read')],
  request: { params: idParam(workflowId) },
  responses: {
    200: { description: 'text/event-stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...refusals([401, 403, 404]),
  },
})

export function statsRoutes(deps: RouteDeps) {
  const { insights } = deps
  const recount = sharedRecount(deps)
  return router()
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
      const mayHear = stillMay(deps, c, 'workflows:read')
      return streamSSE(c, (sse) => tellWhileOpen(sse, deps, { id, mayHear, recount: () => recount(id) }))
    })
}

type Telling = { id: WorkflowId; mayHear: () => Promise<boolean>; recount: () => Promise<Stats> }

/** Say the numbers now and after each hint, at most once a second; ends when the browser goes, or may not hear them any longer. */
async function tellWhileOpen(
  sse: SSEStreamingApi,
  { hints }: RouteDeps,
  { id, mayHear, recount }: Telling,
): Promise<void> {
  let wake: () => void = () => undefined
  let isDirty = true
  const stop = hints.subscribe(id, () => {
    isDirty = true
    wake()
  })
  sse.onAbort(() => wake())
  try {
    let last = ''
    while (!sse.aborted && !sse.closed && (await mayHear())) {
      isDirty = false
      const { asOf, ...numbers } = await recount()
      const text = JSON.stringify(numbers)
      // Nothing new is said by a comment, which keeps proxies from closing the line.
      if (text === last) await sse.write(': same\n\n')
      else await sse.writeSSE({ event: 'stats', data: JSON.stringify({ asOf, ...numbers }) })
      last = text
      await sse.sleep(RECOUNT_MS)
      if (!isDirty && !sse.aborted)
        await untilWoken(QUIET_MS, (resolve) => {
          wake = resolve
        })
    }
  } finally {
    stop()
  }
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
