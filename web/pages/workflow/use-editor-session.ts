import { useEffect, useMemo, useRef, useState } from 'react'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import type { Problem } from '../../../shared/workflow/problem.ts'
import { ApiError, UnreachableError } from '../../api/errors.ts'
import { getWorkflow, type OpenWorkflow, saveDraft } from '../../api/workflows.ts'
import { type Autosave, type SaveAnswer, startAutosave } from '../../editor/autosave.ts'
import { dropCopy, findCopy } from '../../editor/local-copy.ts'
import { createEditor, type EditorStore, hasUnsaved } from '../../editor/slice.ts'

/** Problems as the server writes them; a code it knows and we do not yet is still shown. */
export const problemsOf = (problems: OpenWorkflow['problems']): Problem[] =>
  problems.map((p) => ({ ...p, stepId: p.stepId ?? null, severity: p.severity ?? 'error' }) as Problem)

async function save(id: string, document: WorkflowDocument, revision: number): Promise<SaveAnswer> {
  try {
    const saved = await saveDraft(id, revision, document)
    return {
      kind: 'saved',
      revision: saved.revision,
      savedAt: Date.parse(saved.savedAt),
      problems: problemsOf(saved.problems),
    }
  } catch (error) {
    if (error instanceof UnreachableError || (error instanceof ApiError && error.status >= 500))
      return { kind: 'offline' }
    if (!(error instanceof ApiError)) throw error
    if (error.status !== 412) return { kind: 'refused', message: error.message }
    return readTheirs(id, document)
  }
}

/** What somebody saved in between - or we did, when only the answer was lost; unreachable just now counts as offline, and the next try asks again. */
async function readTheirs(id: string, ours: WorkflowDocument): Promise<SaveAnswer> {
  try {
    const { draft, revision, savedAt, problems } = await getWorkflow(id)
    if (JSON.stringify(draft) === JSON.stringify(ours))
      return { kind: 'saved', revision, savedAt: Date.parse(savedAt), problems: problemsOf(problems) }
    return { kind: 'stale', theirs: { document: draft, revision } }
  } catch (error) {
    if (error instanceof UnreachableError || error instanceof ApiError) return { kind: 'offline' }
    throw error
  }
}

export type Session = { store: EditorStore; saveNow(): Promise<void>; restored: boolean }

/** For what the server does with the draft: it must have the one on screen. @throws Error with `sentence` when it has not */
export async function saveOrThrow({ store, saveNow }: Session, sentence: string): Promise<void> {
  await saveNow()
  if (hasUnsaved(store.getState())) throw new Error(sentence)
}

/** One editor per opened workflow: restores what a killed browser left, saves as people type. */
export function useEditorSession(opened: OpenWorkflow): Session {
  const [made] = useState(() => {
    const copy = findCopy(window.localStorage, opened.id)
    const restored = copy !== null && JSON.stringify(copy.document) !== JSON.stringify(opened.draft)
    if (copy !== null && !restored) dropCopy(window.localStorage, opened.id)
    const store = createEditor({
      document: restored && copy !== null ? copy.document : opened.draft,
      saved: opened.draft,
      // Saved on the revision it was made on: if somebody saved in between, the server says so and both versions are shown.
      revision: restored && copy !== null ? copy.revision : opened.revision,
      savedAt: Date.parse(opened.savedAt),
      serverProblems: problemsOf(opened.problems),
      now: Date.now,
    })
    return { store, restored }
  })
  const autosave = useRef<Autosave | null>(null)
  useEffect(() => {
    const started = startAutosave(made.store, {
      workflowId: opened.id,
      save: (document, revision) => save(opened.id, document, revision),
      storage: window.localStorage,
      now: Date.now,
      setTimer: (run, ms) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    })
    autosave.current = started
    const retry = () => void started.saveNow()
    const ask = (event: BeforeUnloadEvent) => {
      if (hasUnsaved(made.store.getState())) {
        void started.saveNow()
        event.preventDefault()
      }
    }
    window.addEventListener('online', retry)
    window.addEventListener('beforeunload', ask)
    return () => {
      window.removeEventListener('online', retry)
      window.removeEventListener('beforeunload', ask)
      void started.saveNow().finally(() => started.stop())
    }
  }, [made.store, opened.id])
  return useMemo(
    () => ({ store: made.store, restored: made.restored, saveNow: async () => autosave.current?.saveNow() }),
    [made],
  )
}
