import { useCallback } from 'react'
import { updateStep } from '../../shared/workflow/edit.ts'
import { useEditorStore } from '../editor/context.tsx'

/** Change fields of a step; edits of the same field soon after each other are one undo step. */
export function useStepEdit(stepId: string) {
  const store = useEditorStore()
  return useCallback(
    (fields: Readonly<Record<string, unknown>>, field: string) =>
      store.getState().apply({ key: 'change-step' }, (doc) => updateStep(doc, stepId, fields), `${stepId}.${field}`),
    [store, stepId],
  )
}
