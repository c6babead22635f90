/** DKIM keys as settings show them. */
import type { Db } from '../open.ts'

export const listSendingDomains = (db: Db) =>
  db.sql.selectFrom('sending_domain').selectAll().orderBy('domain').orderBy('id').execute()

export const findSendingDomain = async (db: Db, id: number) =>
  (await db.sql.selectFrom('sending_domain').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
