/** From draft to version: what the dialog says, and the publishing itself. */
import { createRoute } from '@hono/zod-openapi'
import { type PublishPreview, publishBody, published, publishPreview } from '../../shared/api/workflows.ts'
import { unprocessable } from '../../shared/errors.ts'
import { type WorkflowId, workflowId } from '../../shared/ids.ts'
import { compileWorkflow } from '../../shared/workflow/compile.ts'
import { diffDocuments } from '../../shared/workflow/diff.ts'
import { parseDocument, type WorkflowDocument } from '../../shared/workflow/document.ts'
import { peopleInside } from '../db/queries/inside.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { countWhoCanEnter } from '../db/queries/who-can-enter.ts'
import { lastVersion } from '../db/queries/workflows.ts'
import { needs } from './access.ts'
import { checkContext, compileEmails, hasErrors, shownProblems } from './check-draft.ts'
import { answers, idParam, router } from './define.ts'
import type { RouteDeps } from './deps.ts'
import { judgeJson } from './guard.ts'
import { problemsOf } from './problem.ts'
import { userIdOf, workflowOr404 } from './workflows.ts'

const tags = ['Workflows']
const preview = createRoute({
  method: 'get',
  path: '/workflows/{id}/publish-preview',
  tags,
  summary: 'What publishing would do: problems, who can enter, who lacks consent, who stays on the old version',
  middleware: [needs('workflows:read')],
  request: { params: idParam(workflowId) },
  responses: answers(publishPreview, 'The preview', [401, 403, 404]),
})
const publish = createRoute({
  method: 'post',
  path: '/workflows/{id}/publish',
  tags,
  summary: 'Make the draft the live version, or say what is wrong with it',
  middleware: [needs('workflows:write')],
  request: { params: idParam(workflowId) },
  responses: answers(published, 'The new version', [401, 403, 404, 409, 422], 201),
})

export function publishRoutes(deps: RouteDeps) {
  const { commands, hints } = deps
  return router()
    .openapi(preview, async (c) => c.json(await previewOf(deps, c.req.valid('param').id)))
    .openapi(publish, async (c) => {
      const { id } = c.req.valid('param')
      refuseMoves(inFlightOf(await c.req.text()))
      const row = await workflowOr404(deps, id)
      if (row.status === 'archived')
        throw unprocessable('archived', 'The workflow is archived; expected it restored before publishing.')
      const compiled = await compileAll(deps, id, parseDocument(JSON.parse(row.draft)))
      if (!compiled.ok) {
        const errors = compiled.problems.filter(({ severity }) => severity !== 'warning')
        const first = errors[0]?.message ?? 'It has problems.'
        throw unprocessable('problems', `The workflow cannot be published: ${first}`, {
          problems: shownProblems(compiled.problems),
        })
      }
      const { version } = await commands('publish', {
        id,
        revision: row.revision,
        plan: compiled.plan,
        emails: compiled.emails,
        userId: userIdOf(c),
      })
      hints.changed(id)
      return c.json({ version }, 201)
    })
}

/** The body may be left out, whatever content-type the client sends; openapi.ts describes it. */
function inFlightOf(text: string): Record<string, unknown> | undefined {
  if (text !== '') judgeJson(text)
  const body: unknown = text === '' ? {} : JSON.parse(text)
  const parsed = publishBody.safeParse(body)
  if (parsed.success) return parsed.data.inFlight
  const problems = problemsOf(parsed.error.issues, body)
  throw unprocessable('invalid', problems[0]?.message ?? 'The body does not fit.', { problems })
}

/** People cannot be moved between versions yet: everybody stays on the one they began. */
function refuseMoves(inFlight: Record<string, unknown> | undefined): void {
  for (const [stepId, choice] of Object.entries(inFlight ?? {})) {
    if (choice !== 'stay')
      throw unprocessable(
        'bad-in-flight',
        `\`inFlight.${stepId.slice(0, 64)}\` is ${JSON.stringify(choice)?.slice(0, 80)}; expected "stay".`,
      )
  }
}

async function compileAll(deps: RouteDeps, id: WorkflowId, document: WorkflowDocument) {
  const stepIds = [...new Set(document.steps.map((step) => step.id))]
  const { numbers } = await deps.commands('allocate-steps', { id, stepIds })
  return compileWith(deps, document, numbers)
}

async function compileWith(deps: RouteDeps, document: WorkflowDocument, numbers: Readonly<Record<string, number>>) {
  const compiled = compileWorkflow(document, { ...(await checkContext(deps)), numbers: { ...numbers } })
  const mail = await compileEmails(deps, document)
  const seen = new Set<string>()
  const problems = [...compiled.problems, ...mail.problems].filter(({ code, path }) => {
    const key = `${code} ${path}`
    return seen.has(key) ? false : seen.add(key)
  })
  if (!compiled.ok || hasErrors(problems)) return { ok: false as const, problems }
  return { ok: true as const, plan: compiled.plan, emails: mail.emails, problems }
}

/** Numbers that only serve the check: reading a preview must not write. */
const provisional = (document: WorkflowDocument) =>
  Object.fromEntries(document.steps.map((step, i) => [step.id, i + 1]))

async function previewOf(deps: RouteDeps, id: WorkflowId): Promise<PublishPreview> {
  const { db, now } = deps
  const row = await workflowOr404(deps, id)
  const document = parseDocument(JSON.parse(row.draft))
  const live = row.document === null ? null : parseDocument(JSON.parse(row.document))
  const compiled = await compileWith(deps, document, provisional(document))
  const { problems } = compiled
  const workspaceZone = (await findWorkspace(db))?.timezone ?? 'UTC'
  const people = compiled.ok
    ? await countWhoCanEnter(db, { workflowId: id, settings: compiled.plan.settings, workspaceZone, now: now() })
    : null
  return {
    nextVersion: (await lastVersion(db, id)) + 1,
    revision: row.revision,
    problems: shownProblems(problems),
    canEnter: people?.total ?? null,
    lackConsent: people === null ? null : people.total - people.mailable,
    hasManualTrigger: document.triggers.some(({ kind }) => kind === 'manual'),
    inside: (await peopleInside(db, id)).map((step) => ({
      ...step,
      inDraft: document.steps.some((candidate) => candidate.id === step.stepId),
    })),
    changes: live === null ? [] : [...diffDocuments(live, document)],
  }
}
