/** The OpenAPI document, made from the routes and from the kinds of steps, triggers and conditions. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { publishBody } from '../../shared/api/workflows.ts'
import { conditionSchema } from '../../shared/condition/schema.ts'
import { stepKinds, triggerKinds } from '../../shared/workflow/kinds.ts'
import { scopeOf } from './access.ts'
import { type AppEnv, SESSION_COOKIE } from './deps.ts'

type Json = Record<string, unknown>
export type ApiParameter = { name: string; in: string; required?: boolean; schema?: unknown }
type Content = Record<string, { schema?: unknown }>
export type ApiOperation = {
  /** What a key must be allowed to do. */
  'x-scope'?: string
  operationId?: string
  summary?: string
  tags?: string[]
  security?: Record<string, string[]>[]
  parameters?: ApiParameter[]
  requestBody?: { required?: boolean; description?: string; content?: Content }
  responses?: Record<string, { description?: string; content?: Content }>
}
export type ApiDocument = {
  servers?: { url: string }[]
  paths?: Record<string, Record<string, ApiOperation>>
  security?: Record<string, string[]>[]
  components?: { schemas?: Json; securitySchemes?: Json }
}

const FILE_BODY: NonNullable<ApiOperation['requestBody']> = {
  required: true,
  description: 'The file itself, or a form with one file. At most 1 GB.',
  content: {
    'text/csv': { schema: { type: 'string', format: 'binary' } },
    'multipart/form-data': { schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } },
  },
}

export function apiDocument(app: OpenAPIHono<AppEnv>, publicUrl: string): ApiDocument {
  const generated = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version: '1',
      description:
        'Errors are application/problem+json (RFC 9457). Lists are keyset-paged by `limit` and `cursor`. `Idempotency-Key` is honoured on every POST for 24 hours. Limits, answered by name: bodies 4 MB and files to import 1 GB (413), without a session or key 64 KB; JSON 100 levels deep (400); a batch of 1,000 events, 100,000 contactIds, lists of 200 (422, 400); addresses and headers 16 KB (431). Every answer carries `X-Request-Id`, and problems repeat it as `requestId`.',
    },
    servers: [{ url: publicUrl }],
    security: [{ apiKey: [] }, { session: [] }],
  })
  // Through JSON, as clients get it: the generator's own types say less than the document.
  const document = JSON.parse(JSON.stringify(generated)) as ApiDocument & Json
  for (const path of ['/api/v1/contacts/import', '/api/v1/contacts/import/preview']) {
    const post = document.paths?.[path]?.post
    if (post !== undefined) post.requestBody = FILE_BODY
  }
  const publish = document.paths?.['/api/v1/workflows/{id}/publish']?.post
  if (publish !== undefined)
    publish.requestBody = { required: false, content: { 'application/json': { schema: jsonSchema(publishBody) } } }
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) operation.operationId = operationIdOf(method, path)
  addScopes(app, document)
  document.components = {
    ...document.components,
    securitySchemes: {
      apiKey: { type: 'http', scheme: 'bearer' },
      session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
    },
    schemas: { ...document.components?.schemas, ...kindSchemas() },
  }
  return document
}

/** The scope is asked for by a middleware of the route: what it asks for is what the document says. */
function addScopes(app: OpenAPIHono<AppEnv>, document: ApiDocument): void {
  for (const { method, path, handler } of app.routes) {
    const scope = scopeOf(handler)
    const operation = document.paths?.[path.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}')]?.[method.toLowerCase()]
    if (operation !== undefined && scope !== null) operation['x-scope'] = scope
  }
}

/** `get /api/v1/workflows/{id}/stats` is getWorkflowsIdStats: told by the path, so that no name is ever given twice. */
function operationIdOf(method: string, path: string): string {
  const words = path.replace('/api/v1', '').split(/[^A-Za-z0-9]+/)
  return method + words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('')
}

/** One schema per kind, as publishing checks it; drafts may hold what is unfinished. */
function kindSchemas(): Json {
  const all: [string, z.ZodType][] = [
    ...Object.entries(stepKinds).map(([kind, { schema }]): [string, z.ZodType] => [`Step.${kind}`, schema]),
    ...Object.entries(triggerKinds).map(([kind, { schema }]): [string, z.ZodType] => [`Trigger.${kind}`, schema]),
    ['Condition', conditionSchema],
  ]
  return Object.fromEntries(all.map(([name, schema]) => [name, rooted(jsonSchema(schema), name)]))
}

const jsonSchema = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })

/** A schema refers to its own parts from its own root; inside the document that root is one of the components. */
function rooted(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => rooted(item, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema')
      .map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string'
          ? `#/components/schemas/${name}${inner.slice(1)}`
          : rooted(inner, name),
      ]),
  )
}
