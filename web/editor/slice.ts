/** The editor's one store: the draft on screen, its undo history, what is selected, and how saving stands. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { type EditName, emptyHistory, type History, remember, stepBack, stepForward } from './history.ts'

export type SaveStatus =
  | { kind: 'saved' }
  | { kind: 'saving' }
  | { kind: 'offline'; since: number; edits: number }
  /** Someone saved in between; `theirs` is what the server has now, once it has been fetched. */
  | { kind: 'stale'; theirs: { document: WorkflowDocument; revision: number } | null }
  | { kind: 'refused'; message: string }

export type EditorState = {
  document: WorkflowDocument
  /** The document the server has, as far as we know; equal by reference when nothing is unsaved. */
  saved: WorkflowDocument
  revision: number
  savedAt: number | null
  status: SaveStatus
  history: History
  /** Node ids: step ids, `trigger:<id>` for triggers. The last one is where the keyboard is. */
  selection: readonly string[]
  panelOpen: boolean
  problems: readonly Problem[]
  /** What only the server can know (MJML), for the revision it was told. */
  serverProblems: readonly Problem[]
  /** Announced politely to screen readers. */
  announcement: string
}

export type EditorActions = {
  /** Change the document. Pure edits come from shared/workflow/edit.ts; each becomes one undo step, edits of one `field` join. */
  apply(name: EditName, edit: (document: WorkflowDocument) => WorkflowDocument, field?: string | null): void
  undo(): EditName | null
  redo(): EditName | null
  select(ids: readonly string[], openPanel?: boolean): void
  closePanel(): void
  setProblems(problems: readonly Problem[]): void
  announce(text: string): void
  markSaving(): void
  markSaved(outcome: {
    document: WorkflowDocument
    revision: number
    savedAt: number
    problems: readonly Problem[]
  }): void
  markUnsaved(status: SaveStatus): void
  /** Someone saved in between: take what they saved. Ours stays one undo away. */
  takeTheirs(): void
  /** Someone saved in between: ours goes on top of theirs, which stays one undo away. */
  keepMine(): void
}
export type Editor = EditorState & EditorActions
export type EditorStore = StoreApi<Editor>

export type EditorStart = {
  document: WorkflowDocument
  /** What the server has, when `document` was restored from this device. */
  saved?: WorkflowDocument
  revision: number
  savedAt: number | null
  serverProblems?: readonly Problem[]
  now: () => number
}

export function createEditor(start: EditorStart): EditorStore {
  return createStore<Editor>()((set, get) => ({
    document: start.document,
    saved: start.saved ?? start.document,
    revision: start.revision,
    savedAt: start.savedAt,
    status: { kind: 'saved' },
    history: emptyHistory,
    selection: [],
    panelOpen: false,
    problems: [],
    serverProblems: start.serverProblems ?? [],
    announcement: '',
    ...edits(set, get, start.now),
    ...saving(set, get, start.now),
  }))
}

type Set = (partial: Partial<Editor> | ((state: Editor) => Partial<Editor>)) => void
type Get = () => Editor
type EditActions = Pick<EditorActions, 'apply' | 'undo' | 'redo' | 'select' | 'closePanel' | 'setProblems' | 'announce'>

function edits(set: Set, get: Get, now: () => number): EditActions {
  const move = (step: typeof stepBack): EditName | null => {
    const { history, document } = get()
    const stepped = step(history, document)
    if (stepped === null) return null
    set((s) => ({
      document: stepped.document,
      history: stepped.history,
      selection: s.selection.filter((id) => isDrawn(stepped.document, id)),
    }))
    return stepped.name
  }
  return {
    apply: (name, edit, field = null) =>
      set((s) => {
        const document = edit(s.document)
        if (document === s.document) return {}
        const history = remember(s.history, s.document, { name, field, at: now() })
        return { document, history, selection: s.selection.filter((id) => isDrawn(document, id)) }
      }),
    undo: () => move(stepBack),
    redo: () => move(stepForward),
    select: (ids, openPanel) =>
      set((s) => {
        const panelOpen = (openPanel ?? s.panelOpen) && ids.length > 0
        const same = ids.length === s.selection.length && ids.every((id, i) => id === s.selection[i])
        return same ? { panelOpen } : { selection: ids, panelOpen }
      }),
    closePanel: () => set({ panelOpen: false }),
    setProblems: (problems) => set({ problems }),
    announce: (announcement) => set({ announcement }),
  }
}

type SaveActions = Pick<EditorActions, 'markSaving' | 'markSaved' | 'markUnsaved' | 'takeTheirs' | 'keepMine'>

function saving(set: Set, _get: Get, now: () => number): SaveActions {
  return {
    markSaving: () => set({ status: { kind: 'saving' } }),
    markSaved: ({ document, revision, savedAt, problems }) =>
      set({ saved: document, revision, savedAt, serverProblems: problems, status: { kind: 'saved' } }),
    markUnsaved: (status) => set({ status }),
    takeTheirs: () =>
      set((s) => {
        if (s.status.kind !== 'stale' || s.status.theirs === null) return {}
        const { document, revision } = s.status.theirs
        const history = remember(s.history, s.document, { name: { key: 'take-theirs' }, field: null, at: now() })
        const selection = s.selection.filter((id) => isDrawn(document, id))
        return { document, saved: document, revision, history, selection, status: { kind: 'saved' } }
      }),
    keepMine: () =>
      set((s) => {
        if (s.status.kind !== 'stale' || s.status.theirs === null) return {}
        const { document, revision } = s.status.theirs
        const history = remember(s.history, document, { name: { key: 'keep-mine' }, field: null, at: now() })
        return { saved: document, revision, history, status: { kind: 'saved' } }
      }),
  }
}

const TRIGGER_PREFIX = 'trigger:'
export const SETTINGS_NODE = 'settings:'
export const triggerNode = (triggerId: string) => `${TRIGGER_PREFIX}${triggerId}`
/** The id of the trigger a node draws, or null when it draws a step. */
export const triggerOfNode = (nodeId: string): string | null =>
  nodeId.startsWith(TRIGGER_PREFIX) ? nodeId.slice(TRIGGER_PREFIX.length) : null

function isDrawn(document: WorkflowDocument, nodeId: string): boolean {
  if (nodeId === SETTINGS_NODE) return true
  const trigger = triggerOfNode(nodeId)
  return trigger === null
    ? document.steps.some((s) => s.id === nodeId)
    : document.triggers.some((t) => t.id === trigger)
}

/** Is there anything the server has not been told? */
export const hasUnsaved = (state: Pick<EditorState, 'document' | 'saved'>): boolean => state.document !== state.saved
