/** Unsaved edits kept on this device, so that a killed browser loses nothing. */
import { parseDocument, type WorkflowDocument } from '../../shared/workflow/document.ts'

export type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>
export type LocalCopy = { revision: number; at: number; document: WorkflowDocument }

const keyOf = (workflowId: string) => `perennial.unsaved.${workflowId}`

/** @returns false when this device has no room or does not allow it; the edits then live in this page only */
export function keepCopy(storage: Storage, workflowId: string, copy: LocalCopy): boolean {
  try {
    storage.setItem(keyOf(workflowId), JSON.stringify(copy))
    return true
  } catch (cause) {
    if (cause instanceof DOMException) return false
    throw cause
  }
}

export const dropCopy = (storage: Storage, workflowId: string): void => storage.removeItem(keyOf(workflowId))

/** The copy left behind, or null when there is none or it cannot be read any more (it is then removed). */
export function findCopy(storage: Storage, workflowId: string): LocalCopy | null {
  const text = storage.getItem(keyOf(workflowId))
  if (text === null) return null
  try {
    const raw = JSON.parse(text) as { revision?: unknown; at?: unknown; document?: unknown } | null
    if (typeof raw?.revision === 'number' && typeof raw.at === 'number')
      return { revision: raw.revision, at: raw.at, document: parseDocument(raw.document) }
    dropCopy(storage, workflowId)
    return null
  } catch {
    dropCopy(storage, workflowId) // not ours, or of a format that no longer exists: nothing to restore
    return null
  }
}
