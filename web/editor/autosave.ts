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
  const saver = new Saver(store, deps)
  const unsubscribe = store.subscribe((state, before) => {
    const resolved = before.status.kind === 'stale' && state.status.kind !== 'stale'
    if (state.document === before.document && !resolved) return
    if (hasUnsaved(state)) saver.noteEdit()
    else dropCopy(deps.storage, deps.workflowId)
  })
  if (hasUnsaved(store.getState())) saver.noteEdit()
  return {
    saveNow: () => saver.saveNow(),
    stop: () => {
      saver.stop()
      unsubscribe()
    },
  }
}

/** One save at a time; what was not saved yet is kept on this device. */
class Saver {
  private cancel: (() => void) | null = null
  private running: Promise<void> | null = null
  private firstUnsavedAt: number | null = null
  private failures = 0
  private stopped = false
  private sent: WorkflowDocument | null = null
  private readonly store: EditorStore
  private readonly deps: AutosaveDeps

  constructor(store: EditorStore, deps: AutosaveDeps) {
    this.store = store
    this.deps = deps
  }

  stop(): void {
    this.stopped = true
    this.cancel?.()
  }

  async saveNow(): Promise<void> {
    this.cancel?.()
    this.cancel = null
    while (this.running !== null) await this.running
    this.running = this.saveOnce().finally(() => {
      this.running = null
      this.saveTheRest()
    })
    await this.running
  }

  /** What was typed while a save was on its way found it running and scheduled nothing. */
  private saveTheRest(): void {
    const state = this.store.getState()
    if (this.stopped || !hasUnsaved(state)) return
    // What was refused is not sent again; what was typed meanwhile may be its cure.
    const { kind } = state.status
    if (kind === 'saved' || (kind === 'refused' && state.document !== this.sent)) this.noteEdit()
  }

  noteEdit(): void {
    const { document, revision, status, markUnsaved } = this.store.getState()
    const { storage, workflowId, now } = this.deps
    keepCopy(storage, workflowId, { revision, at: now(), document })
    this.firstUnsavedAt ??= now()
    if (status.kind === 'stale') return
    if (status.kind === 'offline') markUnsaved({ ...status, edits: this.countUnsaved() })
    if (this.running === null && (status.kind !== 'offline' || this.cancel === null))
      this.schedule(waitBeforeSave(this.firstUnsavedAt, now()))
  }

  private schedule(ms: number): void {
    this.cancel?.()
    this.cancel = this.deps.setTimer(() => void this.saveNow(), ms)
  }

  private async saveOnce(): Promise<void> {
    const { document, revision, status } = this.store.getState()
    if (this.stopped || status.kind === 'stale' || !hasUnsaved(this.store.getState())) return
    this.store.getState().markSaving()
    this.sent = document
    const answer = await this.deps.save(document, revision)
    if (!this.stopped) this.settle(document, answer)
  }

  private settle(document: WorkflowDocument, answer: SaveAnswer): void {
    const state = this.store.getState()
    if (answer.kind === 'saved') {
      this.failures = 0
      state.markSaved({ document, ...answer })
      this.firstUnsavedAt = null
      if (!hasUnsaved(this.store.getState())) dropCopy(this.deps.storage, this.deps.workflowId)
    } else if (answer.kind === 'offline') this.tryAgain()
    else state.markUnsaved(answer.kind === 'stale' ? answer : { kind: 'refused', message: answer.message })
  }

  private tryAgain(): void {
    const { status, markUnsaved } = this.store.getState()
    const since = status.kind === 'offline' ? status.since : (this.firstUnsavedAt ?? this.deps.now())
    markUnsaved({ kind: 'offline', since, edits: this.countUnsaved() })
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? RETRY_MS[0]
    this.failures += 1
    this.schedule(wait)
  }

  private countUnsaved(): number {
    const { history, saved } = this.store.getState()
    const from = history.past.findIndex((step) => step.document === saved)
    return from === -1 ? history.past.length : history.past.length - from
  }
}
