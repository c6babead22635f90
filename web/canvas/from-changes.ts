/** React Flow's changes in; moves, selections and connections in the document's terms out. Pure. */
import type { Connection, NodeChange } from '@xyflow/react'
import type { Point } from '../../shared/workflow/document.ts'
import type { FlowNode } from './to-flow.ts'

/** Where dragged nodes are now; null when no node was moved. */
export function movesOf(
  changes: readonly NodeChange<FlowNode>[],
): { places: Record<string, Point>; isDone: boolean } | null {
  const places: Record<string, Point> = {}
  let isDone = false
  for (const change of changes) {
    if (change.type !== 'position') continue
    if (change.position !== undefined) places[change.id] = change.position
    if (change.dragging === false) isDone = true
  }
  return Object.keys(places).length === 0 && !isDone ? null : { places, isDone }
}

/** The selection after React Flow's changes, the newest last; the same array when nothing changed. */
export function selectionAfter(before: readonly string[], changes: readonly NodeChange<FlowNode>[]): readonly string[] {
  let after = before
  for (const change of changes) {
    if (change.type !== 'select') continue
    if (change.selected && !after.includes(change.id)) after = [...after, change.id]
    if (!change.selected && after.includes(change.id)) after = after.filter((id) => id !== change.id)
  }
  return after
}

/** A finished connection as the ends it joins, or null when it would join nothing: a trigger as target, a step with itself. */
export function joinOf(connection: Pick<Connection, 'source' | 'target'>): { from: string; to: string } | null {
  const { source, target } = connection
  if (source === target || target.startsWith('trigger:')) return null
  return { from: source, to: target }
}
