/** How far behind the engine and the outbox are, and how much there is: index seeks and kept totals, whatever the size. */
import { type SqlBool, sql } from 'kysely'
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'
import { isReady } from '../statuses.ts'
import { contactTotals, messageTotals } from './totals.ts'

export async function readPulse(db: Db, now: Instant) {
  const nextDueAt = await nextDue(db)
  const messages = await messageTotals(db)
  const { total: contacts } = await contactTotals(db)
  const lateFor = (at: number | null) => (at === null ? 0 : Math.max(0, now - at))
  const oldestReadyAt = await oldestReady(db, now)
  return {
    lagMs: Math.max(lateFor(nextDueAt), lateFor(oldestReadyAt)),
    dueLagMs: lateFor(nextDueAt),
    nextDueAt,
    oldestReadyAt,
    queued: (messages.queued ?? 0) + (messages.deferred ?? 0),
    uncertain: messages.uncertain ?? 0,
    workflows: await liveWorkflows(db),
    contacts,
    embeddedInbox: !(await hasSmtp(db)),
  }
}

async function nextDue(db: Db): Promise<number | null> {
  const row = await db.sql
    .selectFrom('enrollment')
    .select('due_at')
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  return row?.due_at ?? null
}

/** Literal, as in the index: with bound values SQLite cannot know that the index of ready messages fits, and reads them all. */
const IS_READY = isReady()
/** transactional, triggered, bulk, test */
const LANES = [0, 1, 2, 3] as const

/** Accounts whose mail leaves as soon as it is ready; that of the others waits as it should, for an hour, a day or a server. */
function promptAccounts(db: Db, now: Instant) {
  return db.sql
    .selectFrom('sending_account')
    .select('id')
    .where('status', '=', 'active')
    .where('trouble_code', 'is', null)
    .where('rate_per_hour', 'is', null)
    .where((eb) =>
      eb.or([
        eb('quota_per_day', 'is', null),
        eb('day_ends_at', '<=', now),
        eb('day_used', '<', eb.ref('quota_per_day')),
      ]),
    )
    .execute()
}

/** One seek per lane of each of these accounts; min() over all that is queued would read it all. */
async function oldestReady(db: Db, now: Instant): Promise<number | null> {
  const accounts = await promptAccounts(db, now)
  let oldest: number | null = null
  for (const { id } of accounts) {
    for (const lane of LANES) {
      const row = await db.sql
        .selectFrom('message')
        .select('not_before')
        .where('account_id', '=', id)
        .where('lane', '=', lane)
        .where(IS_READY)
        .orderBy('not_before')
        .limit(1)
        .executeTakeFirst()
      if (row !== undefined && (oldest === null || row.not_before < oldest)) oldest = row.not_before
    }
  }
  return oldest
}

async function liveWorkflows(db: Db): Promise<number> {
  const row = await db.sql
    .selectFrom('workflow')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 'live')
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

async function hasSmtp(db: Db): Promise<boolean> {
  const row = await db.sql
    .selectFrom('sending_account')
    .select('id')
    .where('kind', '=', 'smtp')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** When the first of the messages whose fate is unknown was handed over. */
export async function oldestUncertainAt(db: Db): Promise<Instant | null> {
  const row = await db.sql
    .selectFrom('message')
    .select('dot_at')
    .where(sql<SqlBool>`status = 'uncertain'`)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row?.dot_at ?? null
}

/** What the sender and the operator have made of each account. */
export function accountStates(db: Db) {
  return db.sql
    .selectFrom('sending_account')
    .select([
      'id',
      'name',
      'kind',
      'status',
      'paused_reason',
      'paused_at',
      'trouble_code',
      'trouble_since',
      'retry_at',
      'rate_per_second',
      'rate_per_hour',
      'slowed_until',
      'quota_per_day',
      'day_used',
      'day_ends_at',
    ])
    .orderBy('id')
    .execute()
}
