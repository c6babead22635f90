/** Edits of the labelled paths of a branch or a wait-until. Their order matters: the first that fits wins. */
import type { WorkflowDocument } from './document.ts'
import { isRecord, listOf } from './draft.ts'
import { changeStep } from './edit.ts'
import type { DraftFields } from './kind.ts'
import type { DrawnPath } from './paths.ts'

export function addPath(
  doc: WorkflowDocument,
  stepId: string,
  path: Partial<DrawnPath> & { id: string },
): WorkflowDocument {
  return changePaths(doc, stepId, (paths) => [...paths, { label: '', when: null, next: null, ...path }])
}

export function updatePath(
  doc: WorkflowDocument,
  stepId: string,
  pathId: string,
  fields: DraftFields,
): WorkflowDocument {
  return changePaths(doc, stepId, (paths) => {
    const isSame = (path: Readonly<Record<string, unknown>>) =>
      Object.entries(fields).every(([field, value]) => path[field] === value)
    const index = paths.findIndex((path) => isRecord(path) && path.id === pathId)
    const path = paths[index]
    return !isRecord(path) || isSame(path) ? paths : paths.with(index, { ...path, ...fields })
  })
}

export function removePath(doc: WorkflowDocument, stepId: string, pathId: string): WorkflowDocument {
  return changePaths(doc, stepId, (paths) => {
    const kept = paths.filter((path) => !isRecord(path) || path.id !== pathId)
    return kept.length === paths.length ? paths : kept
  })
}

/** Put a path before (`-1`) or after (`1`) its neighbour. */
export function movePath(doc: WorkflowDocument, stepId: string, pathId: string, by: 1 | -1): WorkflowDocument {
  return changePaths(doc, stepId, (paths) => {
    const index = paths.findIndex((path) => isRecord(path) && path.id === pathId)
    const to = index + by
    if (index === -1 || to < 0 || to >= paths.length) return paths
    return paths.with(index, paths[to]).with(to, paths[index])
  })
}

function changePaths(
  doc: WorkflowDocument,
  stepId: string,
  change: (paths: readonly unknown[]) => readonly unknown[],
): WorkflowDocument {
  return changeStep(doc, stepId, (step) => {
    if (step.kind !== 'branch' && step.kind !== 'wait-until') return step
    const paths = listOf(step.paths)
    const changed = change(paths)
    return changed === paths ? step : { ...step, paths: changed }
  })
}
