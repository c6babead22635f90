/**
 * Backpressure. What is queued costs memory, disk and freshness: a mail rendered tomorrow from a decision of today helps nobody. While the
 * outbox holds more than a sender empties in minutes, people are activated and added slowly - never stopped, and the outbox itself sends
 * tests and transactional mail first, however much stands behind them.
 */
import type { Db } from '../db/open.ts'

/** Waiting to be sent, of all accounts. */
export const CROWDED_MESSAGES = 200_000
const LOOK_EVERY_MS = 1_000

/** Asked before each slice; asks the database once a second, for a total that is kept. */
export function createCrowdWatch(
  { sql }: Pick<Db, 'sql'>,
  ticks: () => number,
  most = CROWDED_MESSAGES,
): () => Promise<boolean> {
  let isCrowded = false
  let lookedAt = Number.NEGATIVE_INFINITY
  return async () => {
    if (ticks() - lookedAt < LOOK_EVERY_MS) return isCrowded
    lookedAt = ticks()
    const { n } = await sql
      .selectFrom('total')
      .select((eb) => eb.fn.sum<number | null>('n').as('n'))
      .where('name', 'in', ['messages.queued', 'messages.deferred'])
      .executeTakeFirstOrThrow()
    isCrowded = Number(n ?? 0) >= most && Number(n ?? 0) - (await heldMessages(sql)) >= most
    return isCrowded
  }
}

/** Of a paused workflow: no sender will empty them, so nobody else may wait for that. Counted in an index, and only in a crowd. */
async function heldMessages(sql: Db['sql']): Promise<number> {
  const { n } = await sql
    .selectFrom('message')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('held_from', 'is not', null)
    .executeTakeFirstOrThrow()
  return Number(n)
}
