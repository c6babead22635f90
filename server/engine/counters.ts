/**
 * Counters of one transaction, added up in memory and written as few rows. `hour` is always that of the ARRIVAL at the step, so
 * entered = waiting + passed + exited holds in any range (schema.ts, StepStatTable).
 */
import type { WorkflowId } from '../../shared/ids.ts'
import { HOUR_MS, type Instant } from '../../shared/time/instant.ts'
import type { CounterDelta, Store } from '../db/hot/store.ts'

export type CountedStep = { workflowId: WorkflowId; version: number; stepNo: number }

export const hourOf = (at: Instant): Instant => Math.floor(at / HOUR_MS) * HOUR_MS

export class Counters {
  readonly #deltas = new Map<string, CounterDelta>()

  add(step: CountedStep, at: Instant, metric: string, n = 1): void {
    const hour = hourOf(at)
    const key = `${step.workflowId} ${step.version} ${step.stepNo} ${hour} ${metric}`
    const delta = this.#deltas.get(key)
    if (delta === undefined) {
      const { workflowId, version, stepNo } = step
      this.#deltas.set(key, { workflowId, version, stepNo, hour, metric, n })
      return
    }
    delta.n += n
  }

  /** Take over what another collected (a part of a batch that succeeded). */
  merge(other: Counters): void {
    for (const d of other.#deltas.values()) this.add(d, d.hour, d.metric, d.n)
  }

  workflows(): WorkflowId[] {
    return [...new Set([...this.#deltas.values()].map((delta) => delta.workflowId))]
  }

  async flush(store: Store): Promise<void> {
    await store.addCounters([...this.#deltas.values()])
    this.#deltas.clear()
  }
}
