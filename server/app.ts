/** The HTTP application: what every request passes, and all routes. Plain dependencies in, a Hono app out; no socket needed. */
import { existsSync } from 'node:fs'
import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { routePath } from 'hono/route'
import { createImports, type ReadFile } from './ingest/imports.ts'
import { healthRoutes } from './ops/health.ts'
import { createMetrics } from './ops/metrics.ts'
import { staticRoutes } from './ops/static-files.ts'
import type { ThreadReports } from './ops/thread-reports.ts'
import { createWatch } from './ops/watch.ts'
import { identify, needs } from './routes/access.ts'
import { accountRoutes } from './routes/accounts.ts'
import { contactRoutes } from './routes/contacts.ts'
import type { AppEnv, BaseDeps, RouteDeps } from './routes/deps.ts'
import { DOCS_CSP, docsPage } from './routes/docs-page.ts'
import { emailRoutes } from './routes/emails.ts'
import { eventRoutes } from './routes/events.ts'
import { limitBody, readBody, securityHeaders } from './routes/guard.ts'
import { importRoutes } from './routes/imports.ts'
import { keyRoutes } from './routes/keys.ts'
import { inboxRoutes, messageRoutes } from './routes/messages.ts'
import { type ApiDocument, apiDocument } from './routes/openapi.ts'
import { pauseRoutes } from './routes/pause.ts'
import { peopleRoutes } from './routes/people.ts'
import { previewPageRoutes, previewPages } from './routes/preview-pages.ts'
import { answerError, problem } from './routes/problem.ts'
import { publishRoutes } from './routes/publish.ts'
import { remember } from './routes/remember.ts'
import { requestIds } from './routes/request-id.ts'
import { sendingDomainRoutes } from './routes/sending-domains.ts'
import { sessionRoutes } from './routes/session.ts'
import { statsRoutes } from './routes/stats.ts'
import { statusRoutes } from './routes/status.ts'
import { workflowRoutes } from './routes/workflows.ts'
import { workspaceRoutes } from './routes/workspace.ts'
import { linkRoutes } from './tracking/links.ts'
import { unsubscribeRoutes } from './tracking/unsubscribe.ts'

export type AppDeps = BaseDeps & {
  /** The built interface; null: none (tests). */
  webDir: string | null
  /** What the threads say of themselves, and a clock that nobody can set; absent where there are none (tests). */
  process?: { reports: ThreadReports; ticks: () => number }
  /** Reads the file of an import in a thread of its own; absent where there are none (tests). */
  readImportFile?: ReadFile
}
export type App = {
  fetch: OpenAPIHono<AppEnv>['fetch']
  request: OpenAPIHono<AppEnv>['request']
  document(): ApiDocument
  /** Go on with the imports a former process left behind; before the first request. */
  resumeImports(): Promise<void>
  /** Resolves when no import is being read. */
  importsIdle(): Promise<void>
}

const API = '/api/v1'

export function createApp(given: AppDeps): App {
  const { now, config } = given
  const reports = given.process?.reports ?? null
  const watch = createWatch({ ...given, ticks: given.process?.ticks ?? now, dataDir: config.dataDir, reports })
  const commands = watch.watched(given.commands)
  const imports = createImports({ ...given, commands, dataDir: config.dataDir, readFile: given.readImportFile })
  const deps: RouteDeps = { ...given, commands, imports, alarms: watch.alarms }
  const metrics = createMetrics({ ...given, databaseUrl: config.databaseUrl, facts: watch.facts, reports })
  const app = new OpenAPIHono<AppEnv>()
  app.onError((error, c) =>
    answerError(error, c, (err) =>
      deps.log.error({ err, method: c.req.method, route: routePath(c) }, 'a request failed'),
    ),
  )
  app.use('*', requestIds(deps.log))
  app.use('*', securityHeaders(deps.config.publicUrl.startsWith('https:')))
  app.use('*', metrics.middleware)
  app.route('/', healthRoutes(deps))
  app.get('/metrics', identify(deps), needs('metrics'), async (c) =>
    c.body(await metrics.render(), 200, { 'content-type': metrics.contentType, 'cache-control': 'no-store' }),
  )
  app.route('/', linkRoutes(deps))
  app.use('/u/*', limitBody)
  app.route('/', unsubscribeRoutes(deps))
  const previews = previewPages(deps.now)
  app.route('/', previewPageRoutes(deps, previews))

  app.use(`${API}/*`, identify(deps))
  app.use(`${API}/*`, limitBody)
  app.use(`${API}/*`, readBody)
  app.use(`${API}/*`, remember(deps))
  const parts = [
    sessionRoutes(deps),
    workspaceRoutes(deps),
    statusRoutes(deps),
    accountRoutes(deps),
    sendingDomainRoutes(deps),
    keyRoutes(deps),
    importRoutes(deps),
    contactRoutes(deps),
    eventRoutes(deps),
    workflowRoutes(deps),
    pauseRoutes(deps),
    publishRoutes(deps),
    statsRoutes(deps),
    peopleRoutes(deps),
    emailRoutes(deps, previews),
    messageRoutes(deps),
    inboxRoutes(deps),
  ]
  for (const part of parts) app.route(API, part)

  let document: ApiDocument | null = null
  const documentOnce = () => {
    document ??= apiDocument(app, deps.config.publicUrl)
    return document
  }
  app.get('/api/openapi.json', (c) => c.json(documentOnce()))
  app.get('/api/docs', (c) => {
    const asked = { query: c.req.query('q') ?? '', language: c.req.query('lang') ?? null }
    const accepted = c.req.header('accept-language') ?? ''
    return c.html(docsPage(documentOnce(), { ...asked, accepted }), 200, { 'content-security-policy': DOCS_CSP })
  })
  app.all('/api/*', (c) => noSuchRoute(c, documentOnce()))
  if (given.webDir !== null && existsSync(given.webDir)) app.route('/', staticRoutes(given.webDir))
  app.notFound((c) => problem(c, 404, 'not-found', `There is nothing at ${c.req.path.slice(0, 300)}.`))
  return {
    fetch: app.fetch,
    request: app.request,
    document: documentOnce,
    resumeImports: imports.resume,
    importsIdle: imports.idle,
  }
}

/** 405 where another method would do, else 404. */
function noSuchRoute(c: Context<AppEnv>, { paths = {} }: ApiDocument): Response {
  const segments = c.req.path.split('/')
  const allowed = Object.entries(paths)
    .filter(([path]) => fits(path.split('/'), segments))
    .flatMap(([, operations]) => Object.keys(operations).map((method) => method.toUpperCase()))
  if (allowed.length === 0) return problem(c, 404, 'not-found', `There is nothing at ${c.req.path.slice(0, 300)}.`)
  const allow = [...new Set(allowed)].sort().join(', ')
  return problem(c, 405, 'method-not-allowed', `${c.req.method} is not possible here; expected ${allow}.`, {
    headers: { allow },
  })
}

const fits = (pattern: readonly string[], segments: readonly string[]): boolean =>
  pattern.length === segments.length &&
  pattern.every((part, i) => (part.startsWith('{') ? segments[i] !== '' : part === segments[i]))
