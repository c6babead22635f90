/** Sending accounts as settings show them. */
import type { Db } from '../open.ts'
import { isReady } from '../statuses.ts'

export function listAccounts(db: Db) {
  return db.sql.selectFrom('sending_account').selectAll().orderBy('id').execute()
}

export async function findAccount(db: Db, id: number) {
  return (await db.sql.selectFrom('sending_account').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Messages of each account that wait to be sent. */
export async function queuedByAccount(db: Db): Promise<ReadonlyMap<number, number>> {
  const rows = await db.sql
    .selectFrom('message')
    .select(['account_id', (eb) => eb.fn.countAll<number>().as('n')])
    // Literal, as in the index of ready messages: bound values would read every message ever sent.
    .where(isReady())
    .groupBy('account_id')
    .execute()
  return new Map(rows.map((row) => [row.account_id, Number(row.n)]))
}
