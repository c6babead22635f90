/** The workspace: name, sender, postal address, zone and language. */
import { createRoute } from '@hono/zod-openapi'
import { workspace, workspaceBody } from '../../shared/api/session.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { needs } from './access.ts'
import { answers, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { plainAddress, zoneOrRefuse } from './workspace-input.ts'

const readWorkspace = createRoute({
  method: 'get',
  path: '/workspace',
  tags: ['Settings'],
  summary: 'Name, sender, postal address, zone and language',
  middleware: [needs('settings:read')],
  responses: answers(workspace, 'The workspace'),
})
const saveWorkspace = createRoute({
  method: 'patch',
  path: '/workspace',
  tags: ['Settings'],
  summary: 'Change the workspace; what is left out stays',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(workspaceBody) },
  responses: answers(workspace, 'Saved', [401, 403, 422]),
})

export function workspaceRoutes({ db, commands }: RouteDeps) {
  return router()
    .openapi(readWorkspace, async (c) => c.json(workspace.parse(await findWorkspace(db))))
    .openapi(saveWorkspace, async (c) => {
      const body = c.req.valid('json')
      if (body.timezone !== undefined) zoneOrRefuse(body.timezone)
      if (body.senderEmail !== undefined && body.senderEmail !== '') plainAddress(body.senderEmail, 'senderEmail')
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await commands('save-workspace', given)
      return c.json(workspace.parse(await findWorkspace(db)))
    })
}
