import { useReactFlow } from '@xyflow/react'
import { type DragEvent, useMemo } from 'react'
import { useEditorStore } from '../editor/context.tsx'
import { endOfMainPath } from '../editor/gestures.ts'
import type { Edits } from '../editor/use-edits.ts'
import { CARD_HEIGHT, CARD_WIDTH } from './geometry.ts'
import { lineAt } from './graph.ts'
import { DRAG_TYPE, itemOfDrag } from './palette.tsx'

/** What lies under the pointer: a line (insert there), a card (add after it), or free ground. */
function under(event: DragEvent): { line: Element | null; node: string | null } {
  const all = document.elementsFromPoint(event.clientX, event.clientY)
  const line = all.find((element) => element.hasAttribute('data-line')) ?? null
  const node = all.find((element) => element.classList.contains('react-flow__node'))
  return { line, node: node?.getAttribute('data-id') ?? null }
}

const unmark = () => {
  for (const element of document.querySelectorAll('[data-drop]')) element.removeAttribute('data-drop')
}

/** Dropping a tile of the palette on the canvas. */
export function useDrop(edits: Edits) {
  const flow = useReactFlow()
  const store = useEditorStore()
  return useMemo(
    () => ({
      /** Where "add" puts a step when no place was pointed at: after the selection, else at the end of the main path. */
      afterSelection(): string | null {
        const { document: doc, selection } = store.getState()
        const last = selection.at(-1)
        if (last !== undefined && !last.startsWith('settings:')) return last
        return endOfMainPath(doc) ?? (doc.triggers[0] === undefined ? null : `trigger:${doc.triggers[0].id}`)
      },
      onDragOver(event: DragEvent) {
        if (!event.dataTransfer.types.includes(DRAG_TYPE)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        const { line } = under(event)
        if (line?.hasAttribute('data-drop') === true) return
        unmark()
        line?.setAttribute('data-drop', '')
      },
      onDragLeave: unmark,
      onDrop(event: DragEvent) {
        const item = itemOfDrag(event)
        unmark()
        if (item === null) return
        event.preventDefault()
        const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
        const at = { x: point.x - CARD_WIDTH / 2, y: point.y - CARD_HEIGHT.slim / 2 }
        if (item.isTrigger) {
          edits.addTrigger(item.kind, at)
          return
        }
        const { line, node } = under(event)
        const place = line === null ? null : lineAt(line.getAttribute('data-line') ?? '')
        if (place !== null) edits.addStep(item.kind, { after: place.from, port: place.port })
        else if (node !== null) edits.addStep(item.kind, { after: node, port: null })
        else edits.addStep(item.kind, { after: null, port: null, at })
      },
    }),
    [edits, flow, store],
  )
}
