/** One batch of due enrollments: load, advance, write - in the caller's transaction (ENGINE.md 3.1). */
import { sql } from 'kysely'
import { advance } from '../../shared/engine/advance.ts'
import type { Input } from '../../shared/engine/types.ts'
import type { WorkflowId } from '../../shared/ids.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { Batch, blameRow, StaleEnrollment, stateOf } from './batch.ts'
import type { Moment } from './context.ts'
import { type LoadedFacts, loadFacts } from './facts.ts'
import type { Ready } from './plans.ts'

export type Activated = { activated: number; failed: number }

/** Advance all rows and write them in one go; what cannot be advanced is parked, what cannot be written throws. */
export async function activateBatch(moment: Moment, rows: readonly LiveEnrollment[]): Promise<Activated> {
  const batch = new Batch(moment)
  const { archived } = await moment.engine.plans.live(moment.tx)
  const plans = await plansOf(moment, rows, batch)
  const known = rows.filter((row) => plans.has(keyOf(row)))
  const facts = await loadFacts(
    moment.tx,
    known.map((enrollment) => ({
      contactId: enrollment.contactId,
      enrollment,
      dependencies: planOf(plans, enrollment).plan.dependencies,
    })),
  )
  for (const row of known) {
    const input: Input = archived.has(row.workflowId) ? { kind: 'exit', reason: 'archived' } : { kind: 'timer' }
    advanceInto(moment, batch, { row, ready: planOf(plans, row), facts, input })
  }
  await batch.write()
  return { activated: rows.length, failed: batch.parked }
}

/**
 * The same after a batch could not be written: halve it under savepoints until the row that is to blame stands alone, park that one
 * and let all others proceed. A row that moved meanwhile is left to its next turn.
 */
export async function activateCarefully(moment: Moment, rows: readonly LiveEnrollment[]): Promise<Activated> {
  await sql`SAVEPOINT careful`.execute(moment.tx.sql)
  try {
    const done = await activateBatch(moment, rows)
    await sql`RELEASE SAVEPOINT careful`.execute(moment.tx.sql)
    return done
  } catch (error) {
    blameRow(error)
    await sql`ROLLBACK TO SAVEPOINT careful`.execute(moment.tx.sql)
    await sql`RELEASE SAVEPOINT careful`.execute(moment.tx.sql)
    const [alone] = rows
    if (alone === undefined) return { activated: 0, failed: 0 }
    if (rows.length > 1) return activateHalves(moment, rows)
    if (error instanceof StaleEnrollment) return { activated: 0, failed: 0 }
    const batch = new Batch(moment)
    batch.park(alone, 'timer', error)
    await batch.write()
    return { activated: 1, failed: 1 }
  }
}

async function activateHalves(moment: Moment, rows: readonly LiveEnrollment[]): Promise<Activated> {
  const middle = Math.ceil(rows.length / 2)
  const first = await activateCarefully(moment, rows.slice(0, middle))
  const second = await activateCarefully(moment, rows.slice(middle))
  return { activated: first.activated + second.activated, failed: first.failed + second.failed }
}

type Turn = { row: LiveEnrollment; ready: Ready; facts: LoadedFacts; input: Input }

/** Advance one row in memory. Answers whether anything is to be written. */
export function advanceInto(
  moment: Moment,
  batch: Batch,
  { row, ready, facts, input }: Turn,
  event: Parameters<LoadedFacts['of']>[1] = null,
): boolean {
  try {
    const subject = { contactId: row.contactId, enrollment: row, dependencies: ready.plan.dependencies }
    const advanced = advance(ready.ready, {
      facts: facts.of(subject, event),
      state: stateOf(row),
      input,
      now: moment.now,
      workspaceZone: moment.settings.timezone,
    })
    return batch.add({ enrollment: row, plan: ready.plan, stepOf: (no) => ready.stepOf(no), input }, advanced)
  } catch (error) {
    batch.park(row, input.kind, blameRow(error))
    return true
  }
}

type PlansByKey = ReadonlyMap<string, Ready>
const keyOf = (row: LiveEnrollment): string => `${row.workflowId}/${row.version}`

async function plansOf(moment: Moment, rows: readonly LiveEnrollment[], batch: Batch): Promise<PlansByKey> {
  const wanted = new Map<string, { workflowId: WorkflowId; version: number }>()
  for (const row of rows) wanted.set(keyOf(row), row)
  const plans = new Map<string, Ready>()
  for (const [key, { workflowId, version }] of wanted) {
    try {
      plans.set(key, await moment.engine.plans.version(moment.tx, workflowId, version))
    } catch (error) {
      const blamed = blameRow(error)
      for (const row of rows) if (keyOf(row) === key) batch.park(row, 'timer', blamed)
    }
  }
  return plans
}

function planOf(plans: PlansByKey, row: LiveEnrollment): Ready {
  const ready = plans.get(keyOf(row))
  if (ready === undefined) throw new RangeError(`no plan ${keyOf(row)}`)
  return ready
}
