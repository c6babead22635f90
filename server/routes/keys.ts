/** API keys. The key itself is shown once; only its hash is kept. */
import { createRoute, z } from '@hono/zod-openapi'
import { type ApiKey, apiKey, apiKeyBody, newApiKey as newApiKeySchema, SCOPES } from '../../shared/api/settings.ts'
import { apiKeyId, toApiId } from '../../shared/ids.ts'
import { hashToken, keyPrefix, newApiKey } from '../auth/tokens.ts'
import { iso, isoOrNull } from '../db/queries/page.ts'
import { listKeys } from '../db/queries/sessions.ts'
import { needs } from './access.ts'
import { answers, answersNothing, idParam, jsonBody, router } from './define.ts'
import type { RouteDeps } from './deps.ts'

const tags = ['Settings']
const list = createRoute({
  method: 'get',
  path: '/api-keys',
  tags,
  summary: 'Keys that work now',
  middleware: [needs('settings:read')],
  responses: answers(z.object({ items: z.array(apiKey) }), 'All of them'),
})
const create = createRoute({
  method: 'post',
  path: '/api-keys',
  tags,
  summary: 'Make a key; this is the only time it is shown',
  middleware: [needs('settings:write')],
  request: { body: jsonBody(apiKeyBody) },
  responses: answers(newApiKeySchema, 'The key', [401, 403, 422], 201),
})
const revoke = createRoute({
  method: 'delete',
  path: '/api-keys/{id}',
  tags,
  summary: 'Revoke a key at once',
  middleware: [needs('settings:write')],
  request: { params: idParam(apiKeyId) },
  responses: answersNothing('Revoked', [401, 403, 404]),
})

export function keyRoutes({ db, commands, config, hints, now }: RouteDeps) {
  const all = async (): Promise<ApiKey[]> => {
    const rows = await listKeys(db)
    const saved = rows.map((row) => ({
      id: toApiId(row.id),
      name: row.name,
      prefix: row.prefix,
      scopes: z.array(z.string()).parse(JSON.parse(row.scopes)),
      createdAt: iso(row.createdAt),
      lastUsedAt: isoOrNull(row.lastUsedAt),
      fromEnvironment: false,
    }))
    if (config.apiKey === null) return saved
    const environment = { id: '0', name: 'PERENNIAL_API_KEY', prefix: keyPrefix(config.apiKey), scopes: [...SCOPES] }
    return [{ ...environment, createdAt: iso(0), lastUsedAt: null, fromEnvironment: true }, ...saved]
  }
  return router()
    .openapi(list, async (c) => c.json({ items: await all() }))
    .openapi(create, async (c) => {
      const { name, scopes } = c.req.valid('json')
      const key = newApiKey()
      const { id } = await commands('create-api-key', { name, scopes, keyHash: hashToken(key), prefix: keyPrefix(key) })
      const answer = {
        id: toApiId(id),
        name,
        prefix: keyPrefix(key),
        scopes,
        createdAt: iso(now()),
        lastUsedAt: null,
        fromEnvironment: false,
        key,
      }
      return c.json(answer, 201)
    })
    .openapi(revoke, async (c) => {
      await commands('revoke-api-key', { id: c.req.valid('param').id })
      hints.changed(null) // lines that it keeps open end at once
      return c.newResponse(null, 204)
    })
}
