/** CSV imports: preview, start, watch, cancel, the file of refused rows. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { page, pageQuery } from '../../shared/api/common.ts'
import { importCheck, importPreview, importQuery, importState } from '../../shared/api/contacts.ts'
import { badRequest, notFound, RequestError, unprocessable } from '../../shared/errors.ts'
import { type ImportId, importId, toApiId } from '../../shared/ids.ts'
import { findImport, listImports, rejectedRows } from '../db/queries/imports.ts'
import { needs } from './access.ts'
import { line } from './contact-export.ts'
import { answers, idParam, refusals, router } from './define.ts'
import type { AppEnv, GivenImportOptions, RouteDeps } from './deps.ts'
import { type RejectedWords, rejectedWords } from './rejected-words.ts'
import { answerKept, keep, placeOf } from './remember.ts'

/** The preview looks at this much of a file. */
const PREVIEW_BYTES = 262_144
const ERROR_BATCH = 500

const tags = ['Import']
/** The bodies are streams: no validator may read them; openapi.ts describes them. */
const start = createRoute({
  method: 'post',
  path: '/contacts/import',
  tags,
  summary: 'Import contacts from a CSV file; answers at once and goes on in the background',
  middleware: [needs('contacts:write')],
  request: { query: importQuery },
  responses: { ...answers(z.object({ importId: z.string() }), 'Started', [400, 401, 403, 413, 422], 202) },
})
const previewRoute = createRoute({
  method: 'post',
  path: '/contacts/import/preview',
  tags,
  summary: 'What the columns of a file look like and where they may go; send its first 256 KB',
  middleware: [needs('contacts:write')],
  request: { query: importQuery.pick({ encoding: true, delimiter: true, header: true, fileName: true }) },
  responses: answers(importPreview, 'Guesses to confirm', [400, 401, 403, 413, 422]),
})
const checkRoute = createRoute({
  method: 'post',
  path: '/contacts/import/check',
  tags,
  summary: 'What an import of this file would create, update and reject, and why; nothing is written',
  middleware: [needs('contacts:write')],
  request: { query: importQuery.omit({ consent: true }) },
  responses: answers(importCheck, 'What would become of each row', [400, 401, 403, 413, 422]),
})
const list = createRoute({
  method: 'get',
  path: '/imports',
  tags,
  summary: 'Imports, newest first',
  middleware: [needs('contacts:read')],
  request: { query: pageQuery },
  responses: answers(page(importState), 'A page'),
})
const read = createRoute({
  method: 'get',
  path: '/imports/{id}',
  tags,
  summary: 'How an import goes',
  middleware: [needs('contacts:read')],
  request: { params: idParam(importId) },
  responses: answers(importState, 'Its state', [401, 403, 404]),
})
const cancel = createRoute({
  method: 'post',
  path: '/imports/{id}/cancel',
  tags,
  summary: 'Stop after the rows being written; what is in stays in',
  middleware: [needs('contacts:write')],
  request: { params: idParam(importId) },
  responses: answers(importState, 'Its state', [401, 403, 404]),
})
const rejected = createRoute({
  method: 'get',
  path: '/imports/{id}/rejected.csv',
  tags,
  summary: 'The refused rows with their reasons, in English, Vietnamese or Chinese (`locale`, else Accept-Language)',
  middleware: [needs('contacts:read')],
  request: { params: idParam(importId), query: z.object({ locale: z.string().max(35).optional() }) },
  responses: {
    200: { description: 'text/csv', content: { 'text/csv': { schema: z.string() } } },
    ...refusals([401, 403, 404]),
  },
})

export function importRoutes(deps: RouteDeps) {
  const { db, commands, imports } = deps
  const exists = async (id: ImportId) => {
    const state = await findImport(db, id)
    if (state === null) throw notFound('import', id)
    return state
  }
  return router()
    .openapi(previewRoute, async (c) => {
      const { encoding, delimiter, header } = c.req.valid('query')
      const { body } = await fileOf(c, deps)
      const bytes = await firstBytes(body, PREVIEW_BYTES)
      return c.json(await imports.preview(bytes, { encoding, delimiter, header: flagOf(header) }))
    })
    .openapi(checkRoute, async (c) => {
      const options = optionsOf({ ...c.req.valid('query'), consent: 'unknown' })
      const { body } = await fileOf(c, deps)
      return c.json(await imports.check(body, options))
    })
    .openapi(start, (c) => startImport(deps, c, c.req.valid('query')))
    .openapi(list, async (c) => c.json(await listImports(db, c.req.valid('query'))))
    .openapi(read, async (c) => c.json(await exists(c.req.valid('param').id)))
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      await commands('cancel-import', { id })
      return c.json(await exists(id))
    })
    .openapi(rejected, async (c) => {
      const { id } = c.req.valid('param')
      await exists(id)
      const words = rejectedWords(c.req.valid('query').locale, c.req.header('accept-language'))
      return c.body(rejectedFile(deps, id, words), 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="rejected-${id}.csv"`,
      })
    })
}

/** All refused rows as CSV, streamed in batches. */
function rejectedFile({ db }: RouteDeps, id: ImportId, words: RejectedWords): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after = { row: -1, column: '' }
  return new ReadableStream({
    // The mark tells spreadsheets that this is UTF-8.
    start: (controller) => controller.enqueue(encoder.encode(`\ufeff${line(words.header)}`)),
    async pull(controller) {
      const rows = await rejectedRows(db, id, after, ERROR_BATCH)
      const last = rows.at(-1)
      if (last === undefined) return controller.close()
      after = last
      const lines = rows.map((row) => line([String(row.row), row.column, row.code, words.reason(row), row.record]))
      controller.enqueue(encoder.encode(lines.join('')))
    },
  })
}

/** Keep the file and begin; with an Idempotency-Key, the same file under the same key is the same import. */
async function startImport(deps: RouteDeps, c: Context<AppEnv>, query: z.infer<typeof importQuery>): Promise<Response> {
  const { imports } = deps
  const options = optionsOf(query)
  const { body, name } = await fileOf(c, deps)
  const file = await imports.save(body, query.fileName ?? name ?? 'contacts.csv')
  try {
    if (file.sizeBytes === 0)
      throw unprocessable('empty-file', 'The file is empty; expected CSV with at least one row.')
    const place = placeOf(c)
    const bodyHash = `${new URL(c.req.url).search} ${file.sha256}`
    const kept = place === null ? null : await answerKept(deps, place, bodyHash)
    if (kept !== null) {
      await imports.discard(file)
      return kept
    }
    const answer = c.json({ importId: toApiId(await imports.start(file, options)) }, 202)
    if (place !== null) await keep(deps, place, bodyHash, answer)
    return answer
  } catch (error) {
    if (error instanceof RequestError) await imports.discard(file)
    throw error
  }
}

const flagOf = (text: 'true' | 'false' | undefined): boolean | undefined =>
  text === undefined ? undefined : text === 'true'

function optionsOf(query: z.infer<typeof importQuery>): GivenImportOptions {
  return {
    encoding: query.encoding,
    delimiter: query.delimiter,
    header: flagOf(query.header),
    mapping: query.mapping === undefined ? undefined : mappingOf(query.mapping),
    consent: query.consent,
    consentSource: query.consentSource ?? 'import',
    consentText: query.consentText ?? null,
    trigger: query.trigger === 'true',
  }
}

const TARGET = /^(email|externalId|timezone|locale|tags|attributes\..{1,200})$/s
const mappingShape = z.record(z.string(), z.string().regex(TARGET).nullable())

function mappingOf(text: string): Readonly<Record<string, string | null>> {
  const expected = 'expected JSON such as {"E-mail":"email","City":"attributes.city","Notes":null}'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw badRequest(`\`mapping\` is not JSON; ${expected}.`)
  }
  const parsed = mappingShape.safeParse(value)
  if (!parsed.success) throw badRequest(`\`mapping\` names an unknown target; ${expected}.`)
  return parsed.data
}

/** The file of the request, whichever way it came; it is streamed, so that its size is the disk's concern. */
async function fileOf(
  c: Context<AppEnv>,
  { imports }: RouteDeps,
): Promise<{ body: AsyncIterable<Uint8Array>; name: string | null }> {
  const type = c.req.header('content-type') ?? ''
  const isForm = /^multipart\/form-data\b/i.test(type)
  if (!isForm && !/^(text\/csv|text\/plain|application\/octet-stream)\b/i.test(type))
    throw new RequestError(
      'media-type',
      415,
      `The body is ${JSON.stringify(type.slice(0, 100))}; expected text/csv or multipart/form-data.`,
    )
  const { body } = c.req.raw
  if (body === null) throw unprocessable('empty-file', 'The file is empty; expected CSV with at least one row.')
  if (!isForm) return { body, name: null }
  const file = await imports.fileOfForm(body, type)
  if (file === null) throw unprocessable('no-file', 'The form holds no file; expected one file field.')
  return file
}

async function firstBytes(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}
