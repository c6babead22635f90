/** Cold reads about workflows: lists, drafts, versions. */
import { type SqlBool, sql } from 'kysely'
import { z } from 'zod'
import type { WorkflowSummary } from '../../../shared/api/workflows.ts'
import { toApiId, type WorkflowId } from '../../../shared/ids.ts'
import { DAY_MS, type Instant } from '../../../shared/time/instant.ts'
import { textOf } from '../../../shared/workflow/draft.ts'
import type { Db } from '../open.ts'
import { meansTheSame } from './meaning.ts'
import { nextDueOf } from './next-due.ts'
import { decodeCursor, iso, isoOrNull, pageOf } from './page.ts'
import { pauseState } from './pauses.ts'

export async function findWorkflow(db: Db, id: WorkflowId) {
  const row = await db.sql
    .selectFrom('workflow as w')
    .leftJoin('user_account as u', 'u.id', 'w.draft_saved_by')
    .leftJoin('workflow_version as v', (join) =>
      join.onRef('v.workflow_id', '=', 'w.id').onRef('v.version', '=', 'w.live_version'),
    )
    .select([
      'w.id',
      'w.name',
      'w.status',
      'w.draft',
      'w.draft_revision as revision',
      'w.draft_saved_at as savedAt',
      'u.name as savedBy',
      'w.live_version as liveVersion',
      'v.published_at as publishedAt',
      'v.plan',
      'v.document',
    ])
    .where('w.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
export type WorkflowRow = NonNullable<Awaited<ReturnType<typeof findWorkflow>>>

/** The highest version there is; 0 before the first. */
export async function lastVersion(db: Db, id: WorkflowId): Promise<number> {
  const row = await db.sql
    .selectFrom('workflow_version')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('workflow_id', '=', id)
    .executeTakeFirst()
  return row?.version ?? 0
}

export async function findVersion(db: Db, id: WorkflowId, version: number) {
  const row = await db.sql
    .selectFrom('workflow_version')
    .select(['version', 'published_at', 'document'])
    .where('workflow_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row === undefined
    ? null
    : { version: row.version, publishedAt: iso(row.published_at), document: JSON.parse(row.document) }
}

export async function listVersions(db: Db, id: WorkflowId) {
  const rows = await db.sql
    .selectFrom('workflow_version')
    .select(['version', 'published_at'])
    .where('workflow_id', '=', id)
    .orderBy('version', 'desc')
    .limit(200)
    .execute()
  return rows.map((row) => ({ version: row.version, publishedAt: iso(row.published_at) }))
}

export type WorkflowFilter = { limit: number; cursor?: string | undefined; archived: boolean }

export async function listWorkflows(db: Db, { limit, cursor, archived }: WorkflowFilter, now: Instant) {
  const after = decodeCursor(cursor, ['number'])
  const rows = await db.sql
    .selectFrom('workflow as w')
    .leftJoin('workflow_version as v', (join) =>
      join.onRef('v.workflow_id', '=', 'w.id').onRef('v.version', '=', 'w.live_version'),
    )
    .select(['w.id', 'w.name', 'w.status', 'w.draft', 'w.draft_saved_at', 'w.live_version', 'v.document'])
    .where('w.status', archived ? '=' : '!=', 'archived')
    .$if(after !== null, (q) => q.where('w.id', '<', Number(after?.[0])))
    .orderBy('w.id', 'desc')
    .limit(limit + 1)
    .execute()
  const page = pageOf(rows, limit, (row) => [row.id])
  const items = await Promise.all(page.rows.map((row) => summaryOf(db, row, now)))
  return { items, nextCursor: page.nextCursor }
}

type SummaryRow = {
  id: number
  name: string
  status: string
  draft: string
  draft_saved_at: number
  live_version: number | null
  document: string | null
}
const triggersOf = z.object({ triggers: z.array(z.looseObject({ kind: z.string() })) })
const statusOf = z.enum(['draft', 'live', 'paused', 'archived'])

async function summaryOf(db: Db, row: SummaryRow, now: Instant): Promise<WorkflowSummary> {
  const counts = await countersOf(db, row.id, now)
  const due = await nextDueOf(db, row.id, row.status === 'paused' ? 0 : counts.waiting)
  const [trigger] = triggersOf.parse(JSON.parse(row.document ?? row.draft)).triggers
  return {
    id: toApiId(row.id),
    name: row.name,
    status: statusOf.parse(row.status),
    liveVersion: row.live_version,
    hasChanges: row.document !== null && !meansTheSame(row.document, row.draft),
    triggerKind: trigger?.kind ?? null,
    triggerText: textOf(trigger?.event) ?? textOf(trigger?.tag),
    ...counts,
    nextDueAt: isoOrNull(due.at),
    nextDueAfter: isoOrNull(due.after),
    savedAt: iso(row.draft_saved_at),
    ...(await pauseState(db, row.id)),
  }
}

const TREND_DAYS = 14

/** Literal: two bound values are two expressions to PostgreSQL, and one of them would not be in GROUP BY. */
const IS_WHOLE = sql<SqlBool>`(step_no = 0)`

async function countersOf(db: Db, id: number, now: Instant) {
  const rows = await db.sql
    .selectFrom('step_stat')
    .select((eb) => ['metric', eb.fn.sum<number>('n').as('n'), IS_WHOLE.as('whole')])
    .where('workflow_id', '=', id)
    .groupBy(['metric', IS_WHOLE])
    .execute()
  let [entered, left, sent, clicked] = [0, 0, 0, 0]
  for (const { metric, n, whole } of rows) {
    if (whole) {
      if (metric === 'entered') entered += Number(n)
      else if (metric === 'completed' || metric === 'failed' || metric.startsWith('exited:')) left += Number(n)
    } else if (metric === 'message:sent') sent += Number(n)
    else if (metric === 'clicked') clicked += Number(n)
  }
  return { entered, waiting: Math.max(0, entered - left), sent, clicked, trend: await trendOf(db, id, now) }
}

async function trendOf(db: Db, id: number, now: Instant): Promise<number[]> {
  const today = Math.floor(now / DAY_MS)
  const rows = await db.sql
    .selectFrom('step_stat')
    .select(['hour', 'n'])
    .where('workflow_id', '=', id)
    .where('metric', '=', 'message:sent')
    .where('hour', '>', (today - TREND_DAYS) * DAY_MS)
    .execute()
  const days = new Array<number>(TREND_DAYS).fill(0)
  for (const { hour, n } of rows) {
    const index = TREND_DAYS - 1 - (today - Math.floor(hour / DAY_MS))
    if (index >= 0 && index < TREND_DAYS) days[index] = (days[index] ?? 0) + Number(n)
  }
  return days
}

export async function findJob(db: Db, id: number) {
  const row = await db.sql.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined
    ? null
    : { ...row, id: toApiId(row.id), counts: z.record(z.string(), z.number()).parse(JSON.parse(row.counts)) }
}
