/** Named undo steps over whole documents. Pure: the slice holds one `History` beside the document. */
import type { WorkflowDocument } from '../../shared/workflow/document.ts'

export const UNDO_LIMIT = 200
/** Typing in one field joins one undo step while the pauses stay below this. */
export const COALESCE_MS = 1_500

/** What an edit is called in the menus: a key of `builder:edit` and what its sentence names. */
export type EditName = { key: string; params?: Readonly<Record<string, string | number>> | undefined }

export type Edit = {
  name: EditName
  /** Edits of the same field carry the same key and join; null never joins. */
  field: string | null
  at: number
}
export type UndoStep = Edit & { document: WorkflowDocument }
export type History = { past: readonly UndoStep[]; future: readonly UndoStep[] }

export const emptyHistory: History = { past: [], future: [] }

/** Remember the document as it was before an edit. */
export function remember(history: History, before: WorkflowDocument, edit: Edit): History {
  const last = history.past.at(-1)
  const joins =
    last !== undefined && edit.field !== null && last.field === edit.field && edit.at - last.at <= COALESCE_MS
  if (joins && history.future.length === 0)
    return { past: [...history.past.slice(0, -1), { ...last, at: edit.at }], future: [] }
  return { past: [...history.past, { ...edit, document: before }].slice(-UNDO_LIMIT), future: [] }
}

export type Stepped = { history: History; document: WorkflowDocument; name: EditName }

/** One step back, or null when there is none. */
export function stepBack(history: History, current: WorkflowDocument): Stepped | null {
  const last = history.past.at(-1)
  if (last === undefined) return null
  const future = [...history.future, { ...last, field: null, document: current }]
  return { history: { past: history.past.slice(0, -1), future }, document: last.document, name: last.name }
}

/** One undone step forward again, or null when there is none. */
export function stepForward(history: History, current: WorkflowDocument): Stepped | null {
  const next = history.future.at(-1)
  if (next === undefined) return null
  const past = [...history.past, { ...next, document: current }]
  return { history: { past, future: history.future.slice(0, -1) }, document: next.document, name: next.name }
}
