/** Workflows: create, list, read, save the draft, versions, archive. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { page, pageQuery } from '../../shared/api/common.ts'
import {
  draftSaved,
  recipeBody,
  type Workflow,
  workflowPage,
  workflow as workflowSchema,
  workflowVersion,
} from '../../shared/api/workflows.ts'
import { notFound, RequestError, unprocessable } from '../../shared/errors.ts'
import { toApiId, type WorkflowId, workflowId } from '../../shared/ids.ts'
import { documentShape, parseDocument, type WorkflowDocument } from '../../shared/workflow/document.ts'
import { isRecipe, RECIPES, recipe } from '../../shared/workflow/recipes.ts'
import { iso, isoOrNull } from '../db/queries/page.ts'
import { pauseState } from '../db/queries/pauses.ts'
import { findVersion, findWorkflow, listVersions, listWorkflows, type WorkflowRow } from '../db/queries/workflows.ts'
import { needs } from './access.ts'
import { checkDraft } from './check-draft.ts'
import { answers, idParam, jsonBody, router } from './define.ts'
import type { AppEnv, RouteDeps } from './deps.ts'
import { problemsOf } from './problem.ts'

const tags = ['Workflows']
/** Judged by the handler, so that a document and a recipe each get their own sentences. */
const anyDocument = z.record(z.string(), z.unknown())

const list = createRoute({
  method: 'get',
  path: '/workflows',
  tags,
  summary: 'Workflows, newest first',
  middleware: [needs('workflows:read')],
  request: { query: pageQuery.extend({ archived: z.enum(['true', 'false']).optional() }) },
  responses: answers(workflowPage, 'A page'),
})
const create = createRoute({
  method: 'post',
  path: '/workflows',
  tags,
  summary: 'A new draft from a workflow document or a recipe; unfinished ones are welcome',
  middleware: [needs('workflows:write')],
  request: { body: jsonBody(z.union([documentShape, recipeBody, anyDocument])) },
  responses: answers(z.object({ id: z.string(), revision: z.int() }), 'Created', [400, 401, 403, 413, 422], 201),
})
const read = createRoute({
  method: 'get',
  path: '/workflows/{id}',
  tags,
  summary: 'A workflow with its draft and the problems of the draft; the ETag is its revision',
  middleware: [needs('workflows:read')],
  request: { params: idParam(workflowId) },
  responses: answers(workflowSchema, 'The workflow', [401, 403, 404]),
})
const saveDraft = createRoute({
  method: 'put',
  path: '/workflows/{id}/draft',
  tags,
  summary: 'Save the draft; If-Match must be the revision it was made from',
  middleware: [needs('workflows:write')],
  request: { params: idParam(workflowId), body: jsonBody(documentShape) },
  responses: answers(draftSaved, 'Saved', [400, 401, 403, 404, 412, 413, 422, 428]),
})
const versions = createRoute({
  method: 'get',
  path: '/workflows/{id}/versions',
  tags,
  summary: 'Published versions, newest first',
  middleware: [needs('workflows:read')],
  request: { params: idParam(workflowId) },
  responses: answers(page(workflowVersion.omit({ document: true })), 'All of them', [401, 403, 404]),
})
const readVersion = createRoute({
  method: 'get',
  path: '/workflows/{id}/versions/{version}',
  tags,
  summary: 'One version, as it was published',
  middleware: [needs('workflows:read')],
  request: {
    params: z.object({
      id: workflowId,
      version: z.coerce
        .number()
        .int()
        .min(1)
        .max(2 ** 31),
    }),
  },
  responses: answers(workflowVersion, 'The version', [401, 403, 404]),
})
const shelve = (verb: 'archive' | 'restore') =>
  createRoute({
    method: 'post',
    path: `/workflows/{id}/${verb}`,
    tags,
    summary: verb === 'archive' ? 'Put away: nobody enters any more' : 'Take back out of the archive',
    middleware: [needs('workflows:write')],
    request: { params: idParam(workflowId) },
    responses: answers(workflowSchema, 'The workflow', [401, 403, 404, 409]),
  })
const archive = shelve('archive')
const restore = shelve('restore')

export function workflowRoutes(deps: RouteDeps) {
  const { db, commands, now } = deps
  const show = async (c: Context<AppEnv>, id: WorkflowId) => {
    const row = await workflowOr404(deps, id)
    c.header('etag', `"${row.revision}"`)
    return c.json(await shown(deps, row))
  }
  return router()
    .openapi(list, async (c) => {
      const { archived, ...query } = c.req.valid('query')
      return c.json(await listWorkflows(db, { ...query, archived: archived === 'true' }, now()))
    })
    .openapi(create, async (c) => {
      const document = documentOf(await c.req.json())
      const { id, revision } = await commands('create-workflow', { document, userId: userIdOf(c) })
      c.header('etag', `"${revision}"`)
      c.header('location', `/api/v1/workflows/${id}`)
      return c.json({ id: toApiId(id), revision }, 201)
    })
    .openapi(read, (c) => show(c, c.req.valid('param').id))
    .openapi(saveDraft, async (c) => {
      const { id } = c.req.valid('param')
      const expectedRevision = revisionOf(c)
      await workflowOr404(deps, id)
      const document = parseDocument(await c.req.json())
      const saved = await commands('save-draft', { id, expectedRevision, document, userId: userIdOf(c) })
      c.header('etag', `"${saved.revision}"`)
      return c.json({
        revision: saved.revision,
        savedAt: iso(saved.savedAt),
        problems: await checkDraft(deps, document),
      })
    })
    .openapi(versions, async (c) => {
      const { id } = c.req.valid('param')
      await workflowOr404(deps, id)
      return c.json({ items: await listVersions(db, id), nextCursor: null })
    })
    .openapi(readVersion, async (c) => {
      const { id, version } = c.req.valid('param')
      const found = await findVersion(db, id, version)
      if (found === null) throw notFound('version', version)
      return c.json(found)
    })
    .openapi(archive, async (c) => {
      const { id } = c.req.valid('param')
      await commands('archive-workflow', { id })
      return show(c, id)
    })
    .openapi(restore, async (c) => {
      const { id } = c.req.valid('param')
      await commands('restore-workflow', { id })
      return show(c, id)
    })
}

export async function workflowOr404({ db }: RouteDeps, id: WorkflowId): Promise<WorkflowRow> {
  const row = await findWorkflow(db, id)
  if (row === null) throw notFound('workflow', id)
  return row
}

async function shown(deps: RouteDeps, row: WorkflowRow): Promise<Workflow> {
  const draft = parseDocument(JSON.parse(row.draft))
  return {
    id: toApiId(row.id),
    name: row.name,
    status: workflowSchema.shape.status.parse(row.status),
    revision: row.revision,
    savedAt: iso(row.savedAt),
    savedBy: row.savedBy,
    liveVersion: row.liveVersion,
    publishedAt: isoOrNull(row.publishedAt),
    ...(await pauseState(deps.db, row.id)),
    draft,
    problems: await checkDraft(deps, draft),
  }
}

/** @throws RequestError 422 */
function documentOf(body: unknown): WorkflowDocument {
  const asRecipe = typeof body === 'object' && body !== null && 'recipe' in body ? recipeBody.safeParse(body) : null
  if (asRecipe !== null) {
    if (!asRecipe.success) throw invalid(problemsOf(asRecipe.error.issues, body))
    const { recipe: name, locale, name: title } = asRecipe.data
    if (!isRecipe(name))
      throw unprocessable(
        'unknown-recipe',
        `\`recipe\` is ${JSON.stringify(name.slice(0, 60))}; expected one of ${RECIPES.join(', ')}.`,
      )
    const document = recipe(name, locale ?? 'en')
    return title === undefined || title === '' ? document : { ...document, name: title }
  }
  const parsed = documentShape.safeParse(body)
  if (!parsed.success) throw invalid(problemsOf(parsed.error.issues, body))
  return parseDocument(body)
}

const invalid = (problems: ReturnType<typeof problemsOf>) =>
  unprocessable('invalid', problems[0]?.message ?? 'The document does not fit.', { problems })

/** The revision in If-Match. @throws RequestError 428 without it, 400 for what is no revision */
function revisionOf(c: Context<AppEnv>): number {
  const header = c.req.header('if-match')
  if (header === undefined)
    throw new RequestError(
      'precondition-required',
      428,
      'If-Match is missing; expected the ETag of the draft you changed, such as "3".',
    )
  const revision = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1]
  if (revision === undefined)
    throw new RequestError(
      'bad-request',
      400,
      `If-Match is ${JSON.stringify(header.slice(0, 60))}; expected the ETag of a draft, such as "3".`,
    )
  return Number(revision)
}

export function userIdOf(c: Context<AppEnv>) {
  const caller = c.get('caller')
  return caller.kind === 'user' ? caller.userId : null
}
