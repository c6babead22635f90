/** Work that may fail alone: under a savepoint, and what it counted counts only once it stands. */
import { sql } from 'kysely'
import { blameRow } from './batch.ts'
import type { Moment } from './context.ts'
import { Counters } from './counters.ts'

export type Attempted<T> = { ok: true; value: T } | { ok: false; error: unknown }

/** Everything `work` did or nothing of it, in the tables and in the numbers. @throws what is the database's fault */
export async function attempt<T>(moment: Moment, work: (tried: Moment) => Promise<T>): Promise<Attempted<T>> {
  const { sql: db, hints } = moment.tx
  const counters = new Counters()
  const tallyBefore = [...hints.tally]
  await sql`SAVEPOINT attempt`.execute(db)
  try {
    const value = await work({ ...moment, counters })
    await sql`RELEASE SAVEPOINT attempt`.execute(db)
    moment.counters.merge(counters)
    return { ok: true, value }
  } catch (error) {
    blameRow(error)
    await sql`ROLLBACK TO SAVEPOINT attempt`.execute(db)
    await sql`RELEASE SAVEPOINT attempt`.execute(db)
    hints.tally.clear()
    for (const [key, n] of tallyBefore) hints.tally.set(key, n)
    return { ok: false, error }
  }
}
