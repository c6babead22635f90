/** Events: the front door for everything that happened. */
import { createRoute } from '@hono/zod-openapi'
import type { z } from 'zod'
import { eventAnswer, eventBatchAnswer, eventBatchBody, eventBody } from '../../shared/api/contacts.ts'
import { toApiId } from '../../shared/ids.ts'
import type { NewEvent, RecordedEvent } from '../commands/contract.ts'
import { needs } from './access.ts'
import { instantOf, refOf } from './contact-input.ts'
import { answers, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const tags = ['Events']
const one = createRoute({
  method: 'post',
  path: '/events',
  tags,
  summary: 'Record an event; the same `id` again is a duplicate and changes nothing',
  middleware: [needs('events:write')],
  request: { body: jsonBody(eventBody) },
  responses: answers(eventAnswer, 'Recorded', [400, 401, 403, 404, 422], 202),
})
const many = createRoute({
  method: 'post',
  path: '/events/batch',
  tags,
  summary: 'Record up to 1,000 events in one transaction',
  middleware: [needs('events:write')],
  request: { body: jsonBody(eventBatchBody) },
  responses: answers(eventBatchAnswer, 'Recorded', [400, 401, 403, 404, 413, 422], 202),
})

export function eventRoutes({ commands, hints }: RouteDeps) {
  const record = async (events: NewEvent[]) => {
    const recorded = (await commands('record-events', { events })).events
    hints.changed(null)
    return recorded.map(answerOf)
  }
  return router()
    .openapi(one, async (c) => {
      const [recorded] = await record([eventOf(c.req.valid('json'), '')])
      return c.json(recorded, 202)
    })
    .openapi(many, async (c) => {
      const events = c.req.valid('json').events.map((event, i) => eventOf(event, `events.${i}.`))
      return c.json({ events: await record(events) }, 202)
    })
}

function eventOf(body: z.infer<typeof eventBody>, at: string): NewEvent {
  return {
    idemKey: body.id ?? null,
    name: body.name,
    contact: refOf(body.contact),
    properties: body.properties ?? {},
    occurredAt: body.occurredAt === undefined ? null : instantOf(body.occurredAt, `${at}occurredAt`),
  }
}

const answerOf = ({ id, status, contactId }: RecordedEvent): z.infer<typeof eventAnswer> => ({
  id: id === null ? null : toApiId(id),
  status,
  contactId: toApiId(contactId),
})
