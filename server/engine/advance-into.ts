/** One row advanced in memory and added to a batch; what cannot be advanced is parked there. */
import { advance } from '../../shared/engine/advance.ts'
import type { Input } from '../../shared/engine/types.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { type Batch, blameRow, stateOf } from './batch.ts'
import type { Moment } from './context.ts'
import type { LoadedFacts } from './facts.ts'
import type { Ready } from './plans.ts'

type Turn = { row: LiveEnrollment; ready: Ready; facts: LoadedFacts; input: Input }

/** Answers whether anything is to be written. */
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
