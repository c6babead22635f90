/**
 * Prometheus metrics (docs/operations.md says what each means). Labels come from short lists of our own: no contact, no workflow, no address
 * ever becomes one. What lives in other threads comes from their reports, the rest from kept totals, at each scrape.
 */
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { MESSAGE_STATUSES } from '../../shared/api/messages.ts'
import { ALARM_CODES } from '../../shared/api/settings.ts'
import { why } from '../../shared/locales/en/why.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { countDue, enrollmentsInside, waitingByLane } from '../db/queries/metrics.ts'
import { messageTotals } from '../db/queries/totals.ts'
import { type AccountFacts, type AlarmFacts, alarmsOf } from './alarms.ts'
import { SLICE_BOUNDS_MS, type ThreadReports, type WriterReport } from './thread-reports.ts'

export type MetricsOptions = {
  db: Db
  now: () => Instant
  databaseUrl: string
  facts(): Promise<AlarmFacts>
  reports: ThreadReports | null
}
export type Metrics = {
  /** Times every request by the pattern of its route. */
  middleware: MiddlewareHandler
  /** The text of one scrape. */
  render(): Promise<string>
  contentType: string
}

const HTTP_BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1, 3, 10]

export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry()
  const gauge = gaugesOf(registry)
  const http = new Histogram({
    name: 'perennial_http_request_duration_seconds',
    help: 'Time to answer, by method, route pattern and class of status',
    labelNames: ['method', 'route', 'status'],
    buckets: HTTP_BOUNDS_S,
    registers: [registry],
  })
  const counter = (name: string, help: string, labelNames: string[] = []) =>
    new Counter({ name: `perennial_${name}`, help, labelNames, registers: [registry] })
  const counters = {
    activations: counter('activations_total', 'People moved on'),
    outcomes: counter('message_outcomes_total', 'Times a message came to rest in a status, by reason', [
      'status',
      'reason',
    ]),
    replies: counter('smtp_replies_total', 'Answers of mail servers, by stage and class', ['stage', 'class']),
    commands: counter('writer_commands_total', 'Commands the writer has run'),
    slices: counter('writer_slices_total', 'Turns of the scheduler that had work and took at most le seconds', ['le']),
    sliceSeconds: counter('writer_slice_seconds_total', 'Time spent in turns of the scheduler that had work'),
  }

  // Of the whole process, by the names everybody's dashboards know. prom-client's own set would sample the event loop without pause.
  const cpu = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of all threads',
    registers: [registry],
  })

  async function render(): Promise<string> {
    const { db, now, databaseUrl, reports } = options
    const facts = await options.facts()
    const at = now()
    gauge.alarms(alarmsOf(facts, at).map(({ code }) => code))
    gauge.lag(facts.dueLagMs / 1_000, await countDue(db, at))
    gauge.enrollments(await enrollmentsInside(db))
    gauge.messages(await messageTotals(db))
    gauge.lanes(
      await waitingByLane(
        db,
        facts.accounts.map(({ id }) => id),
      ),
    )
    gauge.accounts(facts.accounts, at)
    gauge.files(databaseUrl, facts.disk?.freeBytes ?? null)
    gauge.loops(reports)
    const writer = reports?.writer() ?? null
    if (writer !== null) fill(counters, writer)
    gauge.queue(writer?.queue ?? 0)
    cpu.reset()
    cpu.inc(process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6)
    gauge.memory()
    return registry.metrics()
  }

  return {
    render,
    contentType: registry.contentType,
    async middleware(c, next) {
      const began = performance.now()
      await next()
      const status = `${Math.floor(c.res.status / 100)}xx`
      http.observe(
        { method: methodOf(c.req.method), route: routeOf(matchedRoutes(c).map(({ path }) => path)), status },
        (performance.now() - began) / 1_000,
      )
    },
  }
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const methodOf = (method: string): string => (METHODS.has(method) ? method : 'other')
/** The pattern as it is written in the routes; addresses nobody knows, and the files of the interface, are one each. */
const routeOf = (patterns: readonly string[]): string => patterns.find((pattern) => !pattern.endsWith('*')) ?? 'other'
const reasonOf = (reason: string): string => (reason === '' || Object.hasOwn(why, reason) ? reason : 'other')

type Counters = Record<'activations' | 'outcomes' | 'replies' | 'commands' | 'slices' | 'sliceSeconds', Counter>

/** The totals are kept by the writer: each scrape says them anew. */
function fill(counters: Counters, { totals, commands, slices }: WriterReport): void {
  for (const one of Object.values(counters)) one.reset()
  counters.commands.inc(commands)
  counters.sliceSeconds.inc(slices.sumMs / 1_000)
  let sum = 0
  for (const [index, n] of slices.counts.entries()) {
    sum += n
    const bound = SLICE_BOUNDS_MS[index]
    counters.slices.inc({ le: bound === undefined ? '+Inf' : String(bound / 1_000) }, sum)
  }
  for (const [key, n] of Object.entries(totals)) {
    const [kind, first = '', ...rest] = key.split(':')
    if (kind === 'activations') counters.activations.inc(n)
    else if (kind === 'message') counters.outcomes.inc({ status: first, reason: reasonOf(rest.join(':')) }, n)
    else if (kind === 'reply') counters.replies.inc({ stage: first, class: rest[0] ?? 'none' }, n)
  }
}

function gaugesOf(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `perennial_${name}`, help, labelNames, registers: [registry] })
  const lag = gauge('scheduler_lag_seconds', 'How late the oldest due person is')
  const due = gauge('enrollments_due', 'People due now, counted up to 10,000')
  const enrollments = gauge('enrollments', 'People who stand in workflows', ['state'])
  const messages = gauge('messages', 'Messages by status, the outbox and its history', ['status'])
  const lanes = gauge('outbox_waiting', 'Messages that wait to be sent, by lane, counted up to 10,000 an account', [
    'lane',
  ])
  const accountUp = gauge('account_up', '1 while the sending account works, 0 while it is paused or out of reach', [
    'account',
  ])
  const quotaUsed = gauge('account_quota_used', 'Mails of the day', ['account'])
  const quota = gauge('account_quota', 'Mails allowed a day; absent without a quota', ['account'])
  const slowed = gauge('account_slowed', '1 while the server asked for less', ['account'])
  const wal = gauge('wal_bytes', 'Write-ahead log of the database')
  const size = gauge('database_bytes', 'File of the database')
  const free = gauge('disk_free_bytes', 'Free on the disk of DATA_DIR')
  const queue = gauge('writer_queue', 'Commands that wait or run')
  const loopLag = gauge('event_loop_lag_seconds', 'How late a timer of the thread came', ['thread'])
  const busy = gauge('event_loop_utilization', 'Share of the time in which the thread was busy', ['thread'])
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory of all threads',
    registers: [registry],
  })
  const alarms = gauge('alarm', '1 while the product raises this alarm', ['code'])
  return {
    alarms: (raised: readonly string[]) => {
      for (const code of ALARM_CODES) alarms.set({ code }, raised.includes(code) ? 1 : 0)
    },
    lag(seconds: number, dueNow: number) {
      lag.set(seconds)
      due.set(dueNow)
    },
    enrollments(counts: Readonly<Record<string, number>>) {
      for (const [state, n] of Object.entries(counts)) enrollments.set({ state }, n)
    },
    messages(counts: Readonly<Record<string, number>>) {
      for (const status of MESSAGE_STATUSES) messages.set({ status }, counts[status] ?? 0)
    },
    lanes(waiting: ReadonlyMap<string, number>) {
      for (const [lane, n] of waiting) lanes.set({ lane }, n)
    },
    accounts(rows: readonly (AccountFacts & { slowed_until?: number | null })[], now: Instant) {
      for (const one of [accountUp, quotaUsed, quota, slowed]) one.reset()
      for (const row of rows) {
        const account = String(row.id)
        accountUp.set({ account }, row.status === 'active' && row.trouble_code === null ? 1 : 0)
        quotaUsed.set({ account }, row.day_ends_at > now ? row.day_used : 0)
        slowed.set({ account }, (row.slowed_until ?? 0) > now ? 1 : 0)
        if (row.quota_per_day !== null) quota.set({ account }, row.quota_per_day)
      }
    },
    files(databaseUrl: string, freeBytes: number | null) {
      if (databaseUrl.startsWith('file:')) {
        const path = pathOf(databaseUrl)
        size.set(bytesOf(path))
        wal.set(bytesOf(`${path}-wal`))
      }
      if (freeBytes !== null) free.set(freeBytes)
    },
    loops(reports: ThreadReports | null) {
      for (const [thread, { lagMs, utilization }] of reports?.loops() ?? []) {
        loopLag.set({ thread }, lagMs / 1_000)
        busy.set({ thread }, utilization)
      }
    },
    queue: (n: number) => queue.set(n),
    memory: () => memory.set(process.memoryUsage.rss()),
  }
}

/** As server/db/open.ts reads it. */
const pathOf = (url: string): string =>
  resolve(decodeURIComponent(url.slice('file:'.length).replace(/^\/\/(?=\/)/, '')))
const bytesOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0
