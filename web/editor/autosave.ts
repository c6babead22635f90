/** Saves the draft soon after each edit: 400 ms of rest, at most 900 ms after the first unsaved one. Timers and server are passed in. */
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { dropCopy, keepCopy, type Storage } from './local-copy.ts'
import { type EditorStore, hasUnsaved } from './slice.ts'

export const REST_MS = 400
export const LONGEST_MS = 900
const RETRY_MS = [2_000, 4_000, 8_000, 15_000] as const

export type SaveAnswer =
  | { kind: 'saved'; revision: number; savedAt: number; problems: readonly Problem[] }
  /** Someone saved in between. */
  | { kind: 'stale'; theirs: { document: WorkflowDocument; revision: number } }
  | { kind: 'offline' }
  | { kind: 'refused'; message: string }

export type AutosaveDeps = {
  workflowId: string
  save(document: WorkflowDocument, revision: number): Promise<SaveAnswer>
  storage: Storage
  now: () => number
  setTimer: (run: () => void, ms: number) => () => void
}

/** How long to wait before the next save. */
export function waitBeforeSave(firstUnsavedAt: number, now: number): number {
  return Math.max(0, Math.min(REST_MS, firstUnsavedAt + LONGEST_MS - now))
}

export type Autosave = { saveNow(): Promise<void>; stop(): void }

export function startAutosave(store: EditorStore, deps: AutosaveDeps): Autosave {
  let cancel: (() => void) | null = null
  let running: Promise<void> | null = null
  let firstUnsavedAt: number | null = null
  let failures = 0
  let stopped = false

  const schedule = (ms: number) => {
    cancel?.()
    cancel = deps.setTimer(() => void saveNow(), ms)
  }

  async function saveOnce(): Promise<void> {
    const { document, revision, status } = store.getState()
    if (stopped || status.kind === 'stale' || !hasUnsaved(store.getState())) return
    store.getState().markSaving()
    const answer = await deps.save(document, revision)
    if (stopped) return
    settle(document, answer)
  }

  function settle(document: WorkflowDocument, answer: SaveAnswer): void {
    const state = store.getState()
    if (answer.kind === 'saved') {
      failures = 0
      state.markSaved({ document, ...answer })
      firstUnsavedAt = null
      if (!hasUnsaved(store.getState())) dropCopy(deps.storage, deps.workflowId)
      else noteEdit()
      return
    }
    if (answer.kind === 'offline') {
      const since = state.status.kind === 'offline' ? state.status.since : (firstUnsavedAt ?? deps.now())
      state.markUnsaved({ kind: 'offline', since, edits: countUnsaved() })
      const wait = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? RETRY_MS[0]
      failures += 1
      schedule(wait)
      return
    }
    state.markUnsaved(answer.kind === 'stale' ? answer : { kind: 'refused', message: answer.message })
  }

  const countUnsaved = () => {
    const { history, saved } = store.getState()
    const from = history.past.findIndex((step) => step.document === saved)
    return from === -1 ? history.past.length : history.past.length - from
  }

  const saveNow = async (): Promise<void> => {
    cancel?.()
    cancel = null
    if (running !== null) await running
    running = saveOnce().finally(() => {
      running = null
    })
    await running
  }

  function noteEdit(): void {
    const { document, revision, status } = store.getState()
    keepCopy(deps.storage, deps.workflowId, { revision, at: deps.now(), document })
    firstUnsavedAt ??= deps.now()
    if (status.kind === 'stale') return
    if (status.kind === 'offline') store.getState().markUnsaved({ ...status, edits: countUnsaved() })
    if (running === null && (status.kind !== 'offline' || cancel === null))
      schedule(waitBeforeSave(firstUnsavedAt, deps.now()))
  }

  const unsubscribe = store.subscribe((state, before) => {
    const resolved = before.status.kind === 'stale' && state.status.kind !== 'stale'
    if (state.document === before.document && !resolved) return
    if (hasUnsaved(state)) noteEdit()
    else dropCopy(deps.storage, deps.workflowId)
  })
  if (hasUnsaved(store.getState())) noteEdit()

  return {
    saveNow,
    stop: () => {
      stopped = true
      cancel?.()
      unsubscribe()
    },
  }
}
