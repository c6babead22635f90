/**
 * The reference of the API: one page from the same document machines read, without script, searched on the server. Its frame speaks three
 * languages; what the API says of itself is English.
 */
import { createHash } from 'node:crypto'
import { reference as en } from '../../shared/locales/en/reference.ts'
import { reference as vi } from '../../shared/locales/vi/reference.ts'
import { reference as zh } from '../../shared/locales/zh/reference.ts'
import { anchorOf, escaped, sampleOf, schemaView, typeOf } from './docs-schema.ts'
import { DOCS_STYLE } from './docs-style.ts'
import type { ApiDocument, ApiOperation } from './openapi.ts'

const CATALOGUES = { en, vi, zh }
type Language = keyof typeof CATALOGUES
type Word = keyof typeof en
const NAMES: Readonly<Record<Language, string>> = { en: 'English', vi: 'Tiếng Việt', zh: '简体中文' }

export const DOCS_CSP = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(DOCS_STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export type DocsRequest = { query: string; language: string | null; accepted: string }
type Shown = { method: string; path: string; operation: ApiOperation }
type Page = { word(key: Word): string; server: string }

export function docsPage(document: ApiDocument, { query, language, accepted }: DocsRequest): string {
  const spoken = languageOf(language, accepted)
  const word = (key: Word): string => escaped(CATALOGUES[spoken][key])
  const wanted = query.trim().toLowerCase().slice(0, 100)
  const parts = partsOf(document, wanted)
  const page: Page = { word, server: document.servers?.[0]?.url ?? '' }
  const sections = [...parts].map(
    ([part, operations]) =>
      `<h2 id="${anchorOf(part)}" lang="en">${escaped(part)}</h2>${operations.map((one) => article(one, page)).join('')}`,
  )
  const kinds = Object.entries(document.components?.schemas ?? {}).filter(([name]) => fits(name, wanted))
  const kindViews = kinds.map(
    ([name, schema]) =>
      `<article id="kind-${anchorOf(name)}" lang="en"><details><summary><code>${escaped(name)}</code></summary>${schemaView(schema, word)}</details></article>`,
  )
  const isEmpty = sections.length === 0 && kinds.length === 0
  return `<!doctype html>
<html lang="${spoken}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Perennial API</title><style>${DOCS_STYLE}</style></head>
<body><a class="skip" href="#content">${word('skip')}</a>
<header class="bar"><b>Perennial API</b>${searchForm(query, spoken, word)}${languages(query, spoken, word)}</header>
<div class="page"><nav class="side" aria-label="${word('parts')}"><ul>${[...parts].map(([part, operations]) => navPart(part, operations)).join('')}${kinds.length === 0 ? '' : `<li><a href="#kinds">${word('kinds')}</a></li>`}</ul></nav>
<main id="content" tabindex="-1">${wanted === '' ? introduction(word) : found(parts, kinds.length, query, word)}
${isEmpty ? `<p class="none">${word('nothing')}</p>` : sections.join('\n')}
${kinds.length === 0 ? '' : `<h2 id="kinds">${word('kinds')}</h2><p class="quiet">${word('kindsHint')}</p>${kindViews.join('')}`}</main></div></body></html>`
}

function languageOf(asked: string | null, accepted: string): Language {
  const tags = [asked ?? '', ...accepted.split(',')].map((tag) => tag.trim().toLowerCase().split(/[-;_]/)[0])
  return tags.find((tag): tag is Language => tag === 'en' || tag === 'vi' || tag === 'zh') ?? 'en'
}

/** Every word asked for stands somewhere in what is said of the operation. */
const fits = (text: string, wanted: string): boolean =>
  wanted.split(/\s+/).every((part) => text.toLowerCase().includes(part))

function partsOf(document: ApiDocument, wanted: string): ReadonlyMap<string, Shown[]> {
  const parts = new Map<string, Shown[]>()
  for (const [path, operations] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      const part = operation.tags?.[0] ?? 'Other'
      if (!fits(`${method} ${path} ${part} ${operation.summary ?? ''} ${operation.operationId ?? ''}`, wanted)) continue
      parts.set(part, [...(parts.get(part) ?? []), { method, path, operation }])
    }
  return parts
}

type Words = (key: Word) => string

const searchForm = (query: string, spoken: Language, word: Words): string =>
  `<form role="search" action="/api/docs"><input type="hidden" name="lang" value="${spoken}"><input type="search" name="q" value="${escaped(query.slice(0, 100))}" placeholder="${word('search')}" aria-label="${word('search')}"><button type="submit">${word('find')}</button></form>`

const languages = (query: string, spoken: Language, word: Words): string =>
  `<nav class="langs" aria-label="${word('language')}">${Object.entries(NAMES)
    .map(([tag, name]) => {
      const current = tag === spoken ? ' aria-current="true"' : ''
      return `<a href="?lang=${tag}${query === '' ? '' : `&amp;q=${encodeURIComponent(query)}`}" lang="${tag}"${current}>${name}</a>`
    })
    .join('')}</nav>`

const navPart = (part: string, operations: readonly Shown[]): string =>
  `<li lang="en"><a href="#${anchorOf(part)}">${escaped(part)}</a><ul>${operations
    .map(
      ({ operation }) =>
        `<li><a href="#${escaped(operation.operationId ?? '')}">${escaped(operation.summary ?? '')}</a></li>`,
    )
    .join('')}</ul></li>`

const LIMITS = [
  'limitBody',
  'limitDepth',
  'limitPage',
  'limitBatch',
  'limitImport',
  'limitSignIn',
  'limitKey',
  'limitStale',
] as const

const introduction = (word: Words): string =>
  `<h1>Perennial API</h1><p>${word('lead')} <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
<h2 id="begin">${word('begin')}</h2><p>${word('key')}</p><pre tabindex="0">Authorization: Bearer pk_…</pre><p>${word('errors')}</p><p>${word('pages')}</p>
<h2 id="limits">${word('limits')}</h2><ul class="limits">${LIMITS.map((key) => `<li>${word(key)}</li>`).join('')}</ul>`

function found(parts: ReadonlyMap<string, Shown[]>, kinds: number, query: string, word: Words): string {
  const count = [...parts.values()].reduce((sum, operations) => sum + operations.length, kinds)
  return `<h1>${word('results')}</h1><p role="status">${count} · <q>${escaped(query.slice(0, 100))}</q> · <a href="/api/docs">${word('all')}</a></p>`
}

function article({ method, path, operation }: Shown, { word, server }: Page): string {
  const { summary = '', parameters = [], requestBody, responses = {}, security, operationId = '' } = operation
  const scope = operation['x-scope']
  const access =
    security?.length === 0
      ? word('open')
      : scope === undefined
        ? word('person')
        : `${word('scope')} <code>${escaped(scope)}</code>`
  const rows = parameters.map(
    ({ name, in: place, required, schema }) =>
      `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(place)}${required === true ? ` <span class="must">${word('required')}</span>` : ''}</td><td>${typeOf(schema, word)}</td></tr>`,
  )
  const table = rows.length === 0 ? '' : `<h4>${word('parameters')}</h4><table>${rows.join('')}</table>`
  const bodies = Object.entries(requestBody?.content ?? {}).map(
    ([type, { schema }]) =>
      `<h4>${word('body')} <code>${escaped(type)}</code></h4>${requestBody?.description === undefined ? '' : `<p>${escaped(requestBody.description)}</p>`}${schemaView(schema, word)}`,
  )
  return `<article id="${escaped(operationId)}" lang="en"><h3><span class="method ${method}">${method.toUpperCase()}</span><code>${escaped(path)}</code></h3>
<p>${escaped(summary)}</p><p class="facts"><span>${access}</span></p>${table}${bodies.join('')}<h4>${word('answers')}</h4>${Object.entries(
    responses,
  )
    .map(([status, answer]) => answerView(status, answer, word))
    .join(
      '',
    )}<details><summary>${word('example')}</summary><pre tabindex="0">${escaped(curlOf({ method, path, operation }, server))}</pre></details></article>`
}

type Answer = NonNullable<ApiOperation['responses']>[string]

function answerView(status: string, { description = '', content = {} }: Answer, word: Words): string {
  const [type, body] = Object.entries(content)[0] ?? []
  const label = `<code>${escaped(status)}</code> ${escaped(description)}`
  if (type !== 'application/json')
    return `<p>${label}${type === undefined || Number(status) >= 400 ? '' : ` <code>${escaped(type)}</code>`}</p>`
  return `<details><summary>${label}</summary>${schemaView(body?.schema, word)}</details>`
}

function curlOf({ method, path, operation }: Shown, server: string): string {
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} '${server}${path.replace(/\{(\w+)\}/g, '<$1>')}'`,
  ]
  if (operation.security?.length !== 0) lines.push("-H 'Authorization: Bearer pk_…'")
  const [type, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  if (type === 'application/json')
    lines.push("-H 'Content-Type: application/json'", `-d '${JSON.stringify(sampleOf(body?.schema))}'`)
  else if (type !== undefined) lines.push(`-H 'Content-Type: ${type}'`, '--data-binary @file.csv')
  return lines.join(' \\\n  ')
}
