/** "Numbers may have changed", from whoever writes to whoever looks on; in this process only. */
import type { WorkflowId } from '../../shared/ids.ts'

export type StatsHints = {
  changed(workflowId: WorkflowId | null): void
  subscribe(workflowId: WorkflowId, listener: () => void): () => void
}

export function statsHints(): StatsHints {
  const listeners = new Map<WorkflowId, Set<() => void>>()
  const tell = (workflowId: WorkflowId) => {
    for (const listener of listeners.get(workflowId) ?? []) listener()
  }
  return {
    changed(workflowId) {
      if (workflowId !== null) tell(workflowId)
      else for (const id of listeners.keys()) tell(id)
    },
    subscribe(workflowId, listener) {
      const known = listeners.get(workflowId) ?? new Set()
      listeners.set(workflowId, known.add(listener))
      return () => {
        known.delete(listener)
        if (known.size === 0 && listeners.get(workflowId) === known) listeners.delete(workflowId)
      }
    },
  }
}
