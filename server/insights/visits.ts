/** The visits of one enrollment to its steps, read back from its log by the rules by which the engine counted them. */
import type { Instant } from '../../shared/time/instant.ts'
import type { LoggedStep } from '../db/queries/versions.ts'

export type Visit = {
  stepNo: number
  arrivedAt: Instant
  /** When it passed or left; null while it waits. */
  leftAt: Instant | null
  state: 'waiting' | 'passed' | 'exited'
  /** Branches taken at this step during the visit. */
  paths: readonly string[]
  why: string
  until: Instant | null
}

type Open = { -readonly [K in keyof Visit]: Visit[K] } & { paths: string[] }
export type Activation = { path: readonly LoggedStep[] }

/** @param standsAt  where the row stands; the only visit before the first activation */
export function visitsOf(
  activations: readonly Activation[],
  standsAt: { stepNo: number; arrivedAt: Instant },
): Visit[] {
  const visits: Open[] = []
  let open: Open | null = null
  const close = (visit: Open, state: 'passed' | 'exited', at: Instant) => {
    visit.state = state
    visit.leftAt = at
    open = null
  }
  for (const { path } of activations) {
    for (const [i, entry] of path.entries()) {
      const next = path[i + 1]
      const before: Open | null = open
      if (before !== null && before.stepNo !== entry.step) close(before, 'passed', entry.at)
      const visit: Open = open ?? begin(entry.step, entry.at)
      if (open === null) visits.push(visit)
      open = visit
      visit.why = entry.why
      visit.until = entry.until ?? null
      if (entry.path !== undefined) visit.paths.push(entry.path)
      if (entry.outcome === 'exited' || entry.outcome === 'failed') close(visit, 'exited', entry.at)
      else if (entry.outcome === 'completed') close(visit, 'passed', entry.at)
      else if (entry.outcome === 'skipped' && next?.step !== entry.step) close(visit, 'passed', entry.at)
      else if (entry.outcome === 'passed' && !endsHere(next, entry.step)) close(visit, 'passed', entry.at)
    }
  }
  if (visits.length === 0) visits.push(begin(standsAt.stepNo, standsAt.arrivedAt))
  return visits
}

const begin = (stepNo: number, arrivedAt: Instant): Open => ({
  stepNo,
  arrivedAt,
  leftAt: null,
  state: 'waiting',
  paths: [],
  why: '',
  until: null,
})

/** The same step again is its end, unless it is a new visit of a loop. */
const endsHere = (next: LoggedStep | undefined, step: number): boolean =>
  next !== undefined && next.step === step && next.outcome !== 'arrived' && next.outcome !== 'passed'
