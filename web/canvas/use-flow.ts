import type { NodeChange } from '@xyflow/react'
import { useCallback, useMemo, useRef, useState } from 'react'
import type { Stats } from '../../shared/api/workflows.ts'
import type { Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import { moveSteps } from '../../shared/workflow/edit.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import type { BuilderText } from '../editor/text.ts'
import { layoutKey, placesOf } from './auto-layout.ts'
import { movesOf, selectionAfter } from './from-changes.ts'
import { type Flow, type FlowNode, keepSame, toFlow } from './to-flow.ts'

/** The document with a place for every node, so that adding or moving one moves no other. */
export function settled(document: WorkflowDocument, places: Readonly<Record<string, Point>> = {}): WorkflowDocument {
  const all = { ...placesOf(document), ...places }
  return moveSteps(document, Object.fromEntries(Object.entries(all).map(([id, point]) => [layoutKey(id), point])))
}

/** What React Flow draws, and what its changes do. Nodes on the move live here; the document changes once, on release. */
export function useFlow(stats: Stats | null, text: BuilderText, isPaused: boolean) {
  const store = useEditorStore()
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const selection = useEditor((s) => s.selection)
  const drawn = useRef<Flow>({ nodes: [], edges: [] })
  const inHand = useRef<Readonly<Record<string, Point>>>({})
  const [moved, setMoved] = useState<Readonly<Record<string, Point>>>({})

  const flow = useMemo(() => {
    const next = toFlow({ document, problems, stats, selection, text, isPaused })
    drawn.current = {
      nodes: keepSame(drawn.current.nodes, next.nodes),
      edges: keepSame(drawn.current.edges, next.edges),
    }
    return drawn.current
  }, [document, problems, stats, selection, text, isPaused])

  const nodes = useMemo(
    () =>
      flow.nodes.map((node) => {
        const position = moved[node.id]
        return position === undefined ? node : { ...node, position, dragging: true }
      }),
    [flow.nodes, moved],
  )

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const moves = movesOf(changes)
      if (moves !== null) {
        inHand.current = { ...inHand.current, ...moves.places }
        if (moves.isDone) {
          const places = inHand.current
          inHand.current = {}
          store.getState().apply({ key: 'move' }, (doc) => settled(doc, places))
        }
        setMoved(inHand.current)
      }
      const before = store.getState().selection
      const after = selectionAfter(before, changes)
      if (after !== before) store.getState().select(after)
    },
    [store],
  )

  return { nodes, edges: flow.edges, onNodesChange }
}
