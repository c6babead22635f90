/**
 * What one activation adds to the counters. Entered is counted when a person comes to a step (the first step: when they enroll);
 * passed and exited under the hour of that arrival, so entered = waiting + passed + exited to the unit, in any range of hours.
 */
import type { EnrollmentState, PathEntry } from '../../shared/engine/types.ts'
import type { StepNo } from '../../shared/ids.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import type { Counters } from './counters.ts'

/** Where the person stands while the path is walked; null between two steps. */
type Visit = { step: StepNo; arrivedAt: Instant } | null

export function countPassage(
  counters: Counters,
  before: LiveEnrollment,
  after: EnrollmentState,
  path: readonly PathEntry[],
  reason: string,
): void {
  const { workflowId, version } = before
  let visit: Visit = { step: before.stepNo, arrivedAt: before.arrivedAt }
  for (const [index, entry] of path.entries()) {
    const isLast = index === path.length - 1
    const counted = { workflowId, version, stepNo: entry.step }
    if (visit === null || visit.step !== entry.step) {
      if (visit !== null) counters.add({ workflowId, version, stepNo: visit.step }, visit.arrivedAt, 'passed')
      visit = { step: entry.step, arrivedAt: isLast && entry.outcome === 'arrived' ? after.arrivedAt : entry.at }
      counters.add(counted, visit.arrivedAt, 'entered')
    }
    if (entry.path !== undefined) counters.add(counted, visit.arrivedAt, `path:${entry.path}`)
    switch (entry.outcome) {
      case 'arrived':
        break
      case 'skipped':
        // A skipped mail lets the person go on: as passed, unless another entry for the same step says how.
        if (path[index + 1]?.step === entry.step) break
        counters.add(counted, visit.arrivedAt, 'passed')
        visit = null
        break
      case 'passed':
        // The same step again as the last entry is either its end or, in a loop, a new visit.
        if (endsHere(path[index + 1], entry.step)) break
        counters.add(counted, visit.arrivedAt, 'passed')
        visit = null
        break
      case 'completed':
        counters.add(counted, visit.arrivedAt, 'passed')
        visit = null
        break
      case 'exited':
      case 'failed':
        counters.add(counted, visit.arrivedAt, `exited:${entry.outcome === 'failed' ? 'failed' : reason}`)
        visit = null
        break
    }
  }
  countEnd(counters, before, after, reason)
}

const endsHere = (next: PathEntry | undefined, step: StepNo): boolean =>
  next !== undefined && next.step === step && next.outcome !== 'arrived' && next.outcome !== 'passed'

/** Step 0 is the workflow, under the hour in which the person entered it. */
function countEnd(counters: Counters, before: LiveEnrollment, after: EnrollmentState, reason: string): void {
  const whole = { workflowId: before.workflowId, version: before.version, stepNo: 0 }
  if (after.status === 'completed') counters.add(whole, before.enteredAt, 'completed')
  if (after.status === 'failed') counters.add(whole, before.enteredAt, 'failed')
  if (after.status === 'exited') counters.add(whole, before.enteredAt, `exited:${reason}`)
}
