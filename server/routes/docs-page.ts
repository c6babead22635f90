/** The reference of the API as one plain page, without script: every route with what it takes and what it answers. */
import type { ApiDocument, ApiOperation } from './openapi.ts'

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.55 system-ui, sans-serif }
body { margin: 0 auto; max-width: 64rem; padding: 2rem 1rem 4rem }
h1 { font-size: 1.6rem } h2 { margin: 3rem 0 .5rem; font-size: 1.25rem } nav a { display: inline-block; margin-right: 1rem; min-height: 24px }
article { border-top: 1px solid #8886; padding: .9rem 0 } h3 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere }
p { margin: .25rem 0 } table { border-collapse: collapse; margin: .4rem 0 } td, th { text-align: left; vertical-align: top; padding: .15rem 1rem .15rem 0; font-weight: normal }
code, pre { font: 13px/1.5 ui-monospace, monospace } pre { overflow-x: auto; padding: .6rem; border: 1px solid #8886; border-radius: 6px }
summary { cursor: pointer; min-height: 24px } .method { display: inline-block; min-width: 5rem; font-weight: 700 }
`

export function docsPage(document: ApiDocument): string {
  const parts = new Map<string, string[]>()
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      const part = operation.tags?.[0] ?? 'Other'
      parts.set(part, [...(parts.get(part) ?? []), article(method, path, operation)])
    }
  const links = [...parts.keys()].map((part) => `<a href="#${anchor(part)}">${text(part)}</a>`)
  const sections = [...parts].map(
    ([part, articles]) => `<h2 id="${anchor(part)}">${text(part)}</h2>${articles.join('')}`,
  )
  const kinds = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) => schemaOf(name, schema))
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Perennial API</title><style>${STYLE}</style></head>
<body><main><h1>Perennial API</h1>
<p>For machines: <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
<p>Send <code>Authorization: Bearer &lt;api key&gt;</code>; keys are made under Settings. Bodies are JSON unless said otherwise. Errors are <code>application/problem+json</code> (RFC 9457), with a sentence in <code>detail</code>. Lists come in pages: pass <code>nextCursor</code> on as <code>cursor</code>. A POST with an <code>Idempotency-Key</code> is done once in 24 hours.</p>
<nav aria-label="Parts">${links.join('')}<a href="#kinds">Kinds</a></nav>
${sections.join('\n')}
<h2 id="kinds">Kinds of steps, triggers and conditions</h2>${kinds.join('')}</main></body></html>`
}

function article(method: string, path: string, operation: ApiOperation): string {
  const { summary = '', parameters = [], requestBody, responses = {}, security } = operation
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><th scope="row"><code>${text(name)}</code></th><td>${text(place)}${required === true ? ', required' : ''}</td><td><code>${text(inShort(schema))}</code></td></tr>`,
  )
  const bodies = Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) =>
    schemaOf(`Body, ${type}`, schema),
  )
  const answers = Object.entries(responses).map(([status, { description = '', content = {} }]) => {
    const [type, found] = Object.entries(content)[0] ?? []
    if (type !== 'application/json')
      return `<p><code>${text(status)}</code> ${text(description)}${type === undefined || Number(status) >= 400 ? '' : `, <code>${text(type)}</code>`}</p>`
    return schemaOf(`${status} ${description}`, found?.schema)
  })
  return `<article id="${text(operation.operationId ?? '')}"><h3><span class="method">${text(method.toUpperCase())}</span><code>${text(path)}</code></h3>
<p>${text(summary)}${security?.length === 0 ? ' (open to everybody)' : ''}</p>${rows.length === 0 ? '' : `<table>${rows.join('')}</table>`}${bodies.join('')}${answers.join('')}</article>`
}

const schemaOf = (title: string, schema: unknown): string =>
  `<details><summary>${text(title)}</summary><pre tabindex="0">${text(JSON.stringify(schema ?? {}, null, 2))}</pre></details>`

/** A parameter in a word or two: its type, or the values it may have. */
function inShort(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return ''
  if ('enum' in schema && Array.isArray(schema.enum)) return schema.enum.join(' | ')
  return 'type' in schema ? String(schema.type) : ''
}

const anchor = (part: string): string => part.toLowerCase().replace(/[^a-z0-9]+/g, '-')
const text = (value: string): string => value.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
