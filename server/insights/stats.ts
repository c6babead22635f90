/** The numbers on the canvas, from the counters the engine and the sender keep. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Stats, StepStats } from '../../shared/api/workflows.ts'
import type { WorkflowId } from '../../shared/ids.ts'
import { HOUR_MS, type Instant } from '../../shared/time/instant.ts'
import type { Db } from '../db/open.ts'
import { pauseState } from '../db/queries/pauses.ts'
import { stepIds, versionNames } from '../db/queries/versions.ts'
import type { Database } from '../db/schema.ts'

export type StatsRange = { version: number | null; from: Instant | null; to: Instant | null }

/** step_no of the counters of the workflow as a whole. */
const WHOLE = 0

const emptyStep = (): StepStats => ({
  entered: 0,
  waiting: 0,
  passed: 0,
  exited: {},
  paths: {},
  messages: {},
  opened: 0,
  clicked: 0,
  openedMachine: 0,
  clickedMachine: 0,
  revenue: 0,
})

/** `from` and `to` are rounded to the hours they fall in: counters are kept by the hour of arrival. */
export async function readStats(db: Db, id: WorkflowId, range: StatsRange, now: Instant): Promise<Stats> {
  const rows = await counters(db.sql, id, range).execute()
  const names = await stepIds(db, id)
  const steps = new Map((await drawnSteps(db, id, range.version)).map((stepId) => [stepId, emptyStep()]))
  const totals: Stats['totals'] = { entered: 0, waiting: 0, finished: 0, left: {} }
  for (const { step_no, metric, n } of rows) {
    const count = Number(n)
    if (step_no === WHOLE) addTotal(totals, metric, count)
    else {
      const stepId = names.get(step_no)
      if (stepId === undefined) continue
      const step = steps.get(stepId) ?? emptyStep()
      addMetric(step, metric, count)
      steps.set(stepId, step)
    }
  }
  for (const step of steps.values()) step.waiting = Math.max(0, step.entered - step.passed - sum(step.exited))
  totals.waiting = Math.max(0, totals.entered - totals.finished - sum(totals.left))
  const { pausedAt } = await pauseState(db, id)
  return { asOf: new Date(now).toISOString(), totals, pausedAt, steps: Object.fromEntries(steps) }
}

/** The steps of the version asked for, else of the live one: nobody there yet is a zero, not a gap. */
async function drawnSteps(db: Db, id: WorkflowId, version: number | null): Promise<string[]> {
  const wanted = version ?? (await liveVersion(db, id))
  if (wanted === null) return []
  const { steps } = await versionNames(db)(id, wanted)
  return [...steps.values()].map((step) => step.id)
}

async function liveVersion(db: Db, id: WorkflowId): Promise<number | null> {
  const row = await db.sql.selectFrom('workflow').select('live_version').where('id', '=', id).executeTakeFirst()
  return row?.live_version ?? null
}

type Counter = { step_no: number; metric: string; n: number }

function counters(
  query: Kysely<Database>,
  id: WorkflowId,
  { version, from, to }: StatsRange,
): SelectQueryBuilder<Database, 'step_stat', Counter> {
  const hour = (at: Instant) => Math.floor(at / HOUR_MS) * HOUR_MS
  return query
    .selectFrom('step_stat')
    .select(['step_no', 'metric', sql<number>`sum(n)`.as('n')])
    .where('workflow_id', '=', id)
    .$if(version !== null, (q) => q.where('version', '=', Number(version)))
    .$if(from !== null, (q) => q.where('hour', '>=', hour(Number(from))))
    .$if(to !== null, (q) => q.where('hour', '<=', hour(Number(to))))
    .groupBy(['step_no', 'metric'])
}

function addTotal(totals: Stats['totals'], metric: string, n: number): void {
  if (metric === 'entered') totals.entered += n
  else if (metric === 'completed') totals.finished += n
  else if (metric === 'failed') add(totals.left, 'failed', n)
  else if (metric.startsWith('exited:')) add(totals.left, metric.slice(7), n)
}

function addMetric(step: StepStats, metric: string, n: number): void {
  switch (metric) {
    case 'entered':
    case 'passed':
    case 'opened':
    case 'clicked':
    case 'openedMachine':
    case 'clickedMachine':
      step[metric] += n
      return
    default:
      if (metric.startsWith('exited:')) add(step.exited, metric.slice(7), n)
      else if (metric.startsWith('path:')) add(step.paths, metric.slice(5), n)
      else if (metric.startsWith('message:')) add(step.messages, metric.slice(8), n)
  }
}

/** A reason is a person's text and may be called anything, also `__proto__`. */
function add(counts: Record<string, number>, key: string, n: number): void {
  const before = Object.hasOwn(counts, key) ? (counts[key] ?? 0) : 0
  Object.defineProperty(counts, key, { value: before + n, enumerable: true, configurable: true, writable: true })
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, n) => total + n, 0)
