/** How many people a condition fits now; the query is the one that "Add people" runs. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Condition } from '../../../shared/condition/schema.ts'
import { toApiId } from '../../../shared/ids.ts'
import type { Instant } from '../../../shared/time/instant.ts'
import { audienceQuery, countOfMailable } from '../audience.ts'
import type { Db } from '../open.ts'
import { nameOf } from './contacts.ts'
import { contactTotals } from './totals.ts'

/** Ids looked at before other requests get their turn: 4 us each, so about 10 ms; a million in one statement hold the thread for 4 s. */
export const SLICE = 2_500

export type People = {
  total: number
  mailable: number
  sample: { id: string; email: string | null; name: string | null }[]
}
const SHOWN = 3

/** Everybody is a kept total; a condition looks at every contact once, in slices. `sample`: the newest of them. */
export async function countPeople(db: Db, condition: Condition | null, now: Instant): Promise<People> {
  const last = await lastId(db)
  if (condition === null) {
    return { ...(await contactTotals(db)), sample: await newest(db, null, now, { above: 0, upTo: last, most: SHOWN }) }
  }
  const found: People = { total: 0, mailable: 0, sample: [] }
  for (let upTo = last; upTo > 0; upTo -= SLICE) {
    const above = upTo - SLICE
    const slice = await audienceQuery(db, condition, now)
      .where('contact.id', '>', above)
      .where('contact.id', '<=', upTo)
      .clearSelect()
      .select((eb) => [eb.fn.countAll<number>().as('total'), countOfMailable(db.dialect, 'marketing').as('mailable')])
      .executeTakeFirstOrThrow()
    found.total += Number(slice.total)
    found.mailable += Number(slice.mailable)
    const most = SHOWN - found.sample.length
    if (Number(slice.total) > 0 && most > 0)
      found.sample.push(...(await newest(db, condition, now, { above, upTo, most })))
    await nextTurn()
  }
  return found
}

export async function lastId(db: Db): Promise<number> {
  const row = await db.sql
    .selectFrom('contact')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst()
  return row?.id ?? 0
}

type Range = { above: number; upTo: number; most: number }

async function newest(db: Db, condition: Condition | null, now: Instant, { above, upTo, most }: Range) {
  const rows = await audienceQuery(db, condition, now)
    .select(['contact.email', 'contact.attributes'])
    .where('contact.id', '>', above)
    .where('contact.id', '<=', upTo)
    .orderBy('contact.id', 'desc')
    .limit(most)
    .execute()
  return rows.map((row) => ({ id: toApiId(row.id), email: row.email, name: nameOf(row.attributes) }))
}
