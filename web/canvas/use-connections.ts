import type { Connection, FinalConnectionState } from '@xyflow/react'
import { useMemo } from 'react'
import { outsOf } from '../../shared/workflow/kinds.ts'
import { useEditorStore } from '../editor/context.tsx'
import type { Edits } from '../editor/use-edits.ts'
import type { AddPlace, ScreenPoint } from './actions.tsx'
import type { Joining } from './connector.tsx'
import { joinOf } from './from-changes.ts'

const pointOf = (event: MouseEvent | TouchEvent): ScreenPoint => {
  const touch = 'changedTouches' in event ? event.changedTouches[0] : undefined
  const { clientX, clientY } = touch ?? (event as MouseEvent)
  return { x: clientX, y: clientY }
}

/** Drawing a line from one card to another, or into the open, where a menu asks what to put there. */
export function useConnections(
  edits: Edits,
  ask: (joining: Joining) => void,
  openAdd: (place: AddPlace, at: ScreenPoint) => void,
) {
  const store = useEditorStore()
  return useMemo(() => {
    const join = (from: string, to: string, at: ScreenPoint) => {
      const step = store.getState().document.steps.find((s) => s.id === from)
      const outs = step === undefined ? [] : outsOf(step)
      const open = outs.filter((out) => out.next === null)
      const only = outs.length === 1 ? outs[0] : open.length === 1 ? open[0] : undefined
      if (step === undefined) edits.connect(from, 'start', to)
      else if (only !== undefined) edits.connect(from, only.port, to)
      else ask({ from, to, at })
    }
    let made: { from: string; to: string } | null = null
    return {
      onConnectStart: () => {
        made = null
      },
      isValidConnection: (connection: { source: string; target: string }) => joinOf(connection) !== null,
      onConnect: (connection: Connection) => {
        made = joinOf(connection)
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        const at = pointOf(event)
        if (made !== null) join(made.from, made.to, at)
        if (made !== null || state.fromNode === null) return
        const card = document
          .elementsFromPoint(at.x, at.y)
          .find((element) => element.classList.contains('react-flow__node'))
        const target = card?.getAttribute('data-id') ?? null
        const ends = target === null ? null : joinOf({ source: state.fromNode.id, target })
        if (ends !== null) join(ends.from, ends.to, at)
        else if (target === null) openAdd({ from: state.fromNode.id, port: null }, at)
      },
    }
  }, [edits, ask, openAdd, store])
}
