/** The OpenAPI document, made from the routes and from the kinds of steps, triggers and conditions, and a page to read it. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from 'zod'
import { publishBody } from '../../shared/api/workflows.ts'
import { conditionSchema } from '../../shared/condition/schema.ts'
import { stepKinds, triggerKinds } from '../../shared/workflow/kinds.ts'
import type { AppEnv } from './deps.ts'

type Json = Record<string, unknown>
type Operation = { summary?: string; tags?: string[]; requestBody?: unknown }
export type ApiDocument = { paths?: Record<string, Record<string, Operation>>; components?: { schemas?: Json } }

const FILE_BODY = {
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
        'Errors are application/problem+json (RFC 9457). Lists are keyset-paged by `limit` and `cursor`. `Idempotency-Key` is honoured on every POST for 24 hours.',
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
  document.components = {
    ...document.components,
    ...{
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'perennial_session' },
      },
    },
    schemas: { ...document.components?.schemas, ...kindSchemas() },
  }
  return document
}

/** One schema per kind, as publishing checks it; drafts may hold what is unfinished. */
function kindSchemas(): Json {
  const steps = Object.entries(stepKinds).map(([kind, { schema }]) => [`Step.${kind}`, jsonSchema(schema)])
  const triggers = Object.entries(triggerKinds).map(([kind, { schema }]) => [`Trigger.${kind}`, jsonSchema(schema)])
  return Object.fromEntries([...steps, ...triggers, ['Condition', jsonSchema(conditionSchema)]])
}

const jsonSchema = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })

/** A plain page without script: every route with its sentence. */
export function docsPage(document: ApiDocument): string {
  const rows = Object.entries(document.paths ?? {}).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, { summary = '', tags = [] }]) =>
        `<tr><td>${escapeText(tags[0] ?? '')}</td><td><code>${escapeText(method.toUpperCase())}</code></td><td><code>${escapeText(path)}</code></td><td>${escapeText(summary)}</td></tr>`,
    ),
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Perennial API</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:70rem}td,th{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #ccc}</style></head>
<body><h1>Perennial API</h1><p>The whole description for machines is at <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<table><thead><tr><th>Part</th><th>Method</th><th>Path</th><th>What it does</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`
}

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
