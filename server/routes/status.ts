/** The heartbeat in the side bar. */
import { createRoute } from '@hono/zod-openapi'
import { type Status, status } from '../../shared/api/settings.ts'
import { isoOrNull } from '../db/queries/page.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { readPulse } from '../db/queries/status.ts'
import { needs } from './access.ts'
import { answers, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const read = createRoute({
  method: 'get',
  path: '/status',
  tags: ['Settings'],
  summary: 'How the product is doing',
  middleware: [needs('workflows:read')],
  responses: answers(status, 'The status', [401, 403]),
})

export function statusRoutes({ db, now, alarms }: RouteDeps) {
  return router().openapi(read, async (c) => {
    const [pulse, workspace] = [await readPulse(db, now()), await findWorkspace(db)]
    const senderMissing = (['senderEmail', 'postalAddress'] as const).filter(
      (field) => (workspace?.[field] ?? '') === '',
    )
    const { lagMs, queued, uncertain, workflows, contacts, embeddedInbox } = pulse
    const counts = { lagMs, queued, uncertain, workflows, contacts, embeddedInbox }
    return c.json<Status>({
      ...counts,
      nextDueAt: isoOrNull(pulse.nextDueAt),
      senderMissing,
      alarms: await alarms(),
    })
  })
}
