/** Who may enter a workflow now by its entry rules: what shared/engine/entry.ts decides for each contact, counted in slices. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { WorkflowId } from '../../../shared/ids.ts'
import { HOUR_MS, type Instant } from '../../../shared/time/instant.ts'
import { zoneOf } from '../../../shared/time/zone-of.ts'
import { addDuration } from '../../../shared/time/zones.ts'
import type { CalendarDuration, PlanSettings } from '../../../shared/workflow/plan.ts'
import { audienceQuery, countOfMailable, mailableSql } from '../audience.ts'
import type { Db, DialectName } from '../open.ts'
import type { Database } from '../schema.ts'
import { isLive } from '../statuses.ts'
import { lastId, SLICE } from './audience.ts'

export type WhoCanEnter = { total: number; mailable: number }
type Rules = Pick<PlanSettings, 'audience' | 'concurrency' | 'messageClass' | 'reentry' | 'reentryEvery' | 'timezone'>
type Asked = { workflowId: WorkflowId; settings: Rules; workspaceZone: string; now: Instant }
type Row = ExpressionBuilder<Database, 'contact'>

/** Calendar days of two zones end at most so far apart. */
const ZONE_SPREAD_MS = 27 * HOUR_MS

/** A key of the entry event is not known before the event: `perKey` keeps nobody out here. */
export async function countWhoCanEnter(db: Db, asked: Asked): Promise<WhoCanEnter> {
  const found: WhoCanEnter = { total: 0, mailable: 0 }
  const { settings, now } = asked
  for (let upTo = await lastId(db); upTo > 0; upTo -= SLICE) {
    const slice = audienceQuery(db, settings.audience, now)
      .where('contact.id', '>', upTo - SLICE)
      .where('contact.id', '<=', upTo)
      .where('contact.suppression', '<>', 'hard')
      .where('contact.email', 'is not', null)
      .where('contact.email', '<>', '')
      .where((eb) => notInside(eb, asked))
    const counted = await slice
      .where((eb) => mayComeBack(eb, asked))
      .clearSelect()
      .select((eb) => [
        eb.fn.countAll<number>().as('total'),
        countOfMailable(db.dialect, settings.messageClass).as('mailable'),
      ])
      .executeTakeFirstOrThrow()
    found.total += Number(counted.total)
    found.mailable += Number(counted.mailable)
    if (settings.reentryEvery !== null)
      await addByTheirZone(found, slice, { ...asked, dialect: db.dialect }, settings.reentryEvery)
    await nextTurn()
  }
  return found
}

const entries = (eb: Row, { workflowId }: Asked) =>
  eb
    .selectFrom('enrollment')
    .whereRef('enrollment.part', '=', 'contact.part')
    .whereRef('enrollment.contact_id', '=', 'contact.id')
    .where('enrollment.workflow_id', '=', workflowId)

function notInside(eb: Row, asked: Asked): Expression<SqlBool> {
  const { concurrency, reentry } = asked.settings
  if (concurrency !== 'one' && reentry !== 'after-exit') return sql<SqlBool>`(1 = 1)`
  const inside = entries(eb, asked).select('enrollment.id').where(isLive('enrollment.status'))
  return eb.not(eb.exists(inside))
}

/** By the calendar of any zone; who came in near the edge is left to `addByTheirZone`. */
function mayComeBack(eb: Row, asked: Asked): Expression<SqlBool> {
  const { reentry, reentryEvery } = asked.settings
  if (reentry === 'once') return eb.not(eb.exists(entries(eb, asked).select('enrollment.id')))
  if (reentryEvery === null) return sql<SqlBool>`(1 = 1)`
  const since = addDuration(asked.now, reentryEvery, 'UTC', -1) - ZONE_SPREAD_MS
  return eb.not(eb.exists(entries(eb, asked).select('enrollment.id').where('enrollment.entered_at', '>', since)))
}

async function addByTheirZone(
  found: WhoCanEnter,
  slice: ReturnType<typeof audienceQuery>,
  asked: Asked & { dialect: DialectName },
  every: CalendarDuration,
): Promise<void> {
  const { settings, now, workspaceZone, dialect } = asked
  const edge = addDuration(now, every, 'UTC', -1)
  const last = (eb: Row) => entries(eb, asked).select((e) => e.fn.max('enrollment.entered_at').as('at'))
  const near = await slice
    .where((eb) => eb.between(last(eb), edge - ZONE_SPREAD_MS + 1, edge + ZONE_SPREAD_MS))
    .clearSelect()
    .select((eb) => [
      'contact.timezone',
      last(eb).as('lastEnteredAt'),
      sql<number>`CASE WHEN ${mailableSql(dialect, settings.messageClass)} THEN 1 ELSE 0 END`.as('mailable'),
    ])
    .execute()
  for (const row of near) {
    const { zone } = zoneOf({ contact: row.timezone, workflow: settings.timezone, workspace: workspaceZone })
    if (row.lastEnteredAt === null || now < addDuration(Number(row.lastEnteredAt), every, zone)) continue
    found.total += 1
    found.mailable += Number(row.mailable)
  }
}
