/** What a transaction did, counted on its way into the store: the numbers of /metrics, without a scan and without a row of their own. */
import type { Store } from '../db/hot/store.ts'

/**
 * Keys: `activations`; `message:<status>:<reason or empty>` for each time a message came to rest there; `reply:<stage>:<2xx | 4xx | 5xx | none>`
 * for each try. Grows only; told after COMMIT (Hints).
 */
export type Tally = Map<string, number>

const add = (tally: Tally, key: string, n = 1): void => void tally.set(key, (tally.get(key) ?? 0) + n)
const replyClass = (code: number | null): string => (code === null ? 'none' : `${Math.floor(code / 100)}xx`)

export function tallied(store: Store, tally: Tally): Store {
  return {
    ...store,
    writeActivations(batch) {
      add(tally, 'activations', batch.enrollments.length)
      for (const { status, reason } of batch.messages) add(tally, `message:${status}:${reason ?? ''}`)
      return store.writeActivations(batch)
    },
    finishMessages(writes) {
      for (const { status, reason } of writes) add(tally, `message:${status}:${reason ?? ''}`)
      return store.finishMessages(writes)
    },
    insertAttempts(writes) {
      for (const { stage, code } of writes) add(tally, `reply:${stage}:${replyClass(code)}`)
      return store.insertAttempts(writes)
    },
  }
}
