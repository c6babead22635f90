/** Stop a workflow and set it going again. */
import { createRoute } from '@hono/zod-openapi'
import { paused, resumeBody } from '../../shared/api/workflows.ts'
import { toApiId, type WorkflowId, workflowId } from '../../shared/ids.ts'
import type { CommandOutput } from '../commands/contract.ts'
import { needs } from './access.ts'
import { answers, idParam, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const tags = ['Workflows']
const pause = createRoute({
  method: 'post',
  path: '/workflows/{id}/pause',
  tags,
  summary:
    'Stop as it stands: nobody enters or moves on, timers stand still, queued mail is held; exit rules still act',
  middleware: [needs('workflows:write')],
  request: { params: idParam(workflowId) },
  responses: answers(paused, 'Paused', [401, 403, 404, 409]),
})
const resume = createRoute({
  method: 'post',
  path: '/workflows/{id}/resume',
  tags,
  summary:
    'Go on. `shift` (default): what remained of each wait remains. `send`: whoever was due meanwhile goes on now, and gets the mail. `skip`: the same without the mail they missed',
  middleware: [needs('workflows:write')],
  request: {
    params: idParam(workflowId),
    body: { required: false, content: { 'application/json': { schema: resumeBody } } },
  },
  responses: answers(paused, 'Under way; `paused` until everybody has been stopped', [400, 401, 403, 404, 409, 422]),
})

export function pauseRoutes({ commands, hints }: RouteDeps) {
  const shown = (id: WorkflowId, { status, jobId }: CommandOutput<'pause-workflow'>) => {
    hints.changed(id)
    return { status, jobId: jobId === null ? null : toApiId(jobId) }
  }
  return router()
    .openapi(pause, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(shown(id, await commands('pause-workflow', { id })))
    })
    .openapi(resume, async (c) => {
      const { id } = c.req.valid('param')
      const { catchUp = 'shift' } = c.req.valid('json')
      return c.json(shown(id, await commands('resume-workflow', { id, catchUp })))
    })
}
