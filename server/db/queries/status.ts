/** How far behind the engine and the outbox are, and how much there is. */
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'

export async function readPulse(db: Db, now: Instant) {
  const due = await db.sql
    .selectFrom('enrollment')
    .select('due_at')
    .where('due_at', 'is not', null)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst()
  const nextDueAt = due?.due_at ?? null
  const byStatus = new Map(
    (
      await db.sql
        .selectFrom('message')
        .select(['status', (eb) => eb.fn.countAll<number>().as('n')])
        .where('status', 'in', ['queued', 'deferred', 'uncertain'])
        .groupBy('status')
        .execute()
    ).map(({ status, n }) => [status, Number(n)]),
  )
  const oldest = await db.sql
    .selectFrom('message')
    .innerJoin('sending_account as a', 'a.id', 'message.account_id')
    .select((eb) => eb.fn.min('not_before').as('at'))
    .where('message.status', 'in', ['queued', 'deferred'])
    .where('a.status', '=', 'active')
    .executeTakeFirst()
  const lateFor = (at: number | null | undefined) => (at == null ? 0 : Math.max(0, now - at))
  const workflows = await db.sql
    .selectFrom('workflow')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 'live')
    .executeTakeFirstOrThrow()
  // The highest id stands for the count: exact but for erased people, and instant on any size.
  const contacts = await db.sql
    .selectFrom('contact')
    .select((eb) => eb.fn.max('id').as('n'))
    .executeTakeFirst()
  const smtp = await db.sql
    .selectFrom('sending_account')
    .select('id')
    .where('kind', '=', 'smtp')
    .limit(1)
    .executeTakeFirst()
  return {
    lagMs: Math.max(lateFor(nextDueAt), lateFor(oldest?.at)),
    nextDueAt,
    queued: (byStatus.get('queued') ?? 0) + (byStatus.get('deferred') ?? 0),
    uncertain: byStatus.get('uncertain') ?? 0,
    workflows: Number(workflows.n),
    contacts: Number(contacts?.n ?? 0),
    embeddedInbox: smtp === undefined,
  }
}
