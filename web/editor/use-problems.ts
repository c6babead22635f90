import { useEffect } from 'react'
import { type CheckContext, checkWorkflow } from '../../shared/workflow/check.ts'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import type { EditorStore } from './slice.ts'

const REST_MS = 150

/** What the page finds, and what only the server could find, each once. */
export function mergeProblems(own: readonly Problem[], server: readonly Problem[]): Problem[] {
  const SERVER_ONLY = new Set(['bad-mjml', 'no-unsubscribe', 'no-postal-address'])
  const known = new Set(own.map((p) => `${p.code}|${p.path}`))
  return [...own, ...server.filter((p) => SERVER_ONLY.has(p.code) && !known.has(`${p.code}|${p.path}`))]
}

/** Keep the store's problems true to its document, shortly after each edit. */
export function useProblems(store: EditorStore, context: CheckContext): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const check = (document: WorkflowDocument) =>
      store.getState().setProblems(mergeProblems(checkWorkflow(document, context), store.getState().serverProblems))
    check(store.getState().document)
    const unsubscribe = store.subscribe((state, before) => {
      if (state.document === before.document && state.serverProblems === before.serverProblems) return
      if (timer !== null) clearTimeout(timer)
      timer = setTimeout(() => check(store.getState().document), REST_MS)
    })
    return () => {
      if (timer !== null) clearTimeout(timer)
      unsubscribe()
    }
  }, [store, context])
}
