import { useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, useState } from 'react'
import { useEditorStore } from '../editor/context.tsx'
import { commandOf } from './keys.ts'
import { type Connecting, finishConnecting, type KeyHandlers, type Reach, runCommand } from './run-command.ts'

/** Keys while the canvas has the focus; those typed into a field, a menu or a dialog are not meant. */
export function useCanvasKeys(handlers: KeyHandlers) {
  const store = useEditorStore()
  const flow = useReactFlow()
  const [connecting, setConnecting] = useState<Connecting | null>(null)
  const reach: Reach = {
    store,
    handlers,
    nodeIds: () => flow.getNodes().map((node) => node.id),
    connecting,
    setConnecting,
  }
  const runPressed = (event: KeyboardEvent): boolean => {
    const command = commandOf(event)
    return command === null ? false : runCommand(reach, command)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (target.closest('input, textarea, [contenteditable], [role="menu"], [role="dialog"]') !== null) return
    const isDone = event.key === 'Enter' && connecting !== null ? finishConnecting(reach) : runPressed(event)
    if (isDone) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  return { onKeyDown, connecting, cancelConnecting: () => setConnecting(null) }
}
