/** How many people a condition fits now; the query is the one that "Add people" runs. */
import type { Condition } from '../../../shared/condition/schema.ts'
import { toApiId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import { audienceQuery, countAudience, countMailable } from '../audience.ts'
import type { Db } from '../open.ts'
import { nameOf } from './contacts.ts'

export async function countPeople(
  db: Db,
  condition: Condition | null,
  now: Instant,
): Promise<{ total: number; mailable: number }> {
  const total = await countAudience(db.sql, condition, now)
  return { total, mailable: total === 0 ? 0 : await countMailable(db.sql, condition, 'marketing', now) }
}

export async function samplePeople(db: Db, condition: Condition | null, now: Instant) {
  const rows = await audienceQuery(db.sql, condition, now)
    .select(['contact.email', 'contact.attributes'])
    .orderBy('contact.id', 'desc')
    .limit(3)
    .execute()
  return rows.map((row) => ({ id: toApiId(row.id), email: row.email, name: nameOf(row.attributes) }))
}
