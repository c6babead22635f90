/** One batch of due enrollments: load, advance, write - in the caller's transaction (ENGINE.md 3.1). */
import type { Input } from '../../shared/engine/types.ts'
import type { WorkflowId } from '../../shared/ids.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { advanceInto } from './advance-into.ts'
import { attempt } from './attempt.ts'
import { Batch, blameRow, StaleEnrollment } from './batch.ts'
import type { Moment } from './context.ts'
import { loadFacts } from './facts.ts'
import { freeze } from './freeze.ts'
import type { Ready } from './plans.ts'
import { applyUpdates } from './react.ts'

export type Activated = { activated: number; failed: number }
/** As a due timer; `skipsMail` for those who catch up after a pause without the mail they missed. */
export type HowToActivate = { skipsMail?: true }

/**
 * Advance all rows and write them in one go; what cannot be advanced is parked, what cannot be written throws. Whoever is in a paused
 * workflow is frozen instead: the job that freezes them all has not come to them yet.
 */
export async function activateBatch(
  moment: Moment,
  due: readonly LiveEnrollment[],
  how: HowToActivate = {},
): Promise<Activated> {
  const batch = new Batch(moment)
  const { archived, paused } = await moment.engine.plans.live(moment.tx)
  await freeze(
    moment,
    due.filter((row) => paused.has(row.workflowId)),
  )
  const rows = due.filter((row) => !paused.has(row.workflowId))
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
    const input: Input = archived.has(row.workflowId) ? { kind: 'exit', reason: 'archived' } : { kind: 'timer', ...how }
    advanceInto(moment, batch, { row, ready: planOf(plans, row), facts, input })
  }
  await batch.write()
  await applyUpdates(moment, batch.updates)
  return { activated: due.length, failed: batch.parked }
}

/**
 * The same after a batch could not be written: halve it under savepoints until the row that is to blame stands alone, park that one
 * and let all others proceed. A row that moved meanwhile is left to its next turn.
 */
export async function activateCarefully(
  moment: Moment,
  rows: readonly LiveEnrollment[],
  how: HowToActivate = {},
): Promise<Activated> {
  const tried = await attempt(moment, (inside) => activateBatch(inside, rows, how))
  if (tried.ok) return tried.value
  const [alone] = rows
  if (alone === undefined) return { activated: 0, failed: 0 }
  if (rows.length > 1) return activateHalves(moment, rows, how)
  if (tried.error instanceof StaleEnrollment) return { activated: 0, failed: 0 }
  const batch = new Batch(moment)
  batch.park(alone, 'timer', tried.error)
  await batch.write()
  return { activated: 1, failed: 1 }
}

async function activateHalves(moment: Moment, rows: readonly LiveEnrollment[], how: HowToActivate): Promise<Activated> {
  const middle = Math.ceil(rows.length / 2)
  const first = await activateCarefully(moment, rows.slice(0, middle), how)
  const second = await activateCarefully(moment, rows.slice(middle), how)
  return { activated: first.activated + second.activated, failed: first.failed + second.failed }
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
