/**
 * Counters of one transaction, added up in memory and written as few rows. `hour` is always that of the ARRIVAL at the step, so
 * entered = waiting + passed + exited holds in any range (schema.ts, StepStatTable).
 */
import type { WorkflowId } from '../../shared/ids.ts'
import { HOUR_MS, type Instant } from '../../shared/time/instant.ts'
import type { CounterDelta, Store } from '../db/hot/store.ts'

export type CountedStep = { workflowId: WorkflowId; version: number; stepNo: number }

export const hourOf = (at: Instant): Instant => Math.floor(at / HOUR_MS) * HOUR_MS

type ByHour = Map<Instant, CounterDelta>
type ByStep = Map<number, ByHour>
type ByMetric = Map<string, ByStep>

export class Counters {
  readonly #deltas: CounterDelta[] = []
  /** By workflow, version, metric, step, hour: ten additions an activation, and a text as key would be made anew for each. */
  readonly #known = new Map<WorkflowId, Map<number, ByMetric>>()

  add(step: CountedStep, at: Instant, metric: string, n = 1): void {
    const { workflowId, version, stepNo } = step
    const hour = hourOf(at)
    const hours = within(within(within(within(this.#known, workflowId), version), metric), stepNo)
    const delta = hours.get(hour)
    if (delta === undefined) {
      const first: CounterDelta = { workflowId, version, stepNo, hour, metric, n }
      hours.set(hour, first)
      this.#deltas.push(first)
      return
    }
    delta.n += n
  }

  /** Take over what another collected (a part of a batch that succeeded). */
  merge(other: Counters): void {
    for (const d of other.#deltas) this.add(d, d.hour, d.metric, d.n)
  }

  workflows(): WorkflowId[] {
    return [...this.#known.keys()]
  }

  async flush(store: Store): Promise<void> {
    await store.addCounters(this.#deltas)
    this.#deltas.length = 0
    this.#known.clear()
  }
}

function within<K, L, V>(map: Map<K, Map<L, V>>, key: K): Map<L, V> {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = new Map<L, V>()
  map.set(key, made)
  return made
}
