import { useReactFlow } from '@xyflow/react'
import { type KeyboardEvent, useCallback, useState } from 'react'
import type { Point } from '../../shared/workflow/document.ts'
import { outsOf } from '../../shared/workflow/kinds.ts'
import { useEditorStore } from '../editor/context.tsx'
import type { Edits } from '../editor/use-edits.ts'
import { placesOf } from './auto-layout.ts'
import { commandOf, type KeyCommand } from './keys.ts'
import { nodeOfProblem } from './to-flow.ts'
import { settled } from './use-flow.ts'
import { type Direction, neighbour, nextProblem } from './walk.ts'

const NUDGE = 20
const STEP: Readonly<Record<Direction, Point>> = {
  up: { x: 0, y: -NUDGE },
  down: { x: 0, y: NUDGE },
  left: { x: -NUDGE, y: 0 },
  right: { x: NUDGE, y: 0 },
}

/** A connection being made from the keyboard: from where, by which outcome, and the node it would lead to. */
export type Connecting = { from: string; port: string; to: string | null }

export type KeyHandlers = {
  edits: Edits
  focusNode(id: string): void
  openAddMenu(nodeId: string): void
  find(): void
  help(): void
  outline(): void
}

export function useCanvasKeys(handlers: KeyHandlers) {
  const store = useEditorStore()
  const flow = useReactFlow()
  const [connecting, setConnecting] = useState<Connecting | null>(null)

  const go = useCallback(
    (id: string | null) => {
      if (id === null) return
      store.getState().select([id])
      handlers.focusNode(id)
    },
    [store, handlers],
  )

  const run = (command: KeyCommand): boolean => {
    const { document, selection, problems, select, closePanel, apply } = store.getState()
    const here = selection.at(-1) ?? null
    switch (command.kind) {
      case 'walk': {
        const places = placesOf(document)
        const from = connecting?.to ?? here ?? Object.keys(places)[0] ?? null
        const to =
          from === null
            ? null
            : connecting === null
              ? neighbour(document, places, from, command.direction)
              : nearby(places, from, command.direction)
        if (connecting !== null && to !== null) {
          setConnecting({ ...connecting, to })
          handlers.focusNode(to)
        } else go(here === null ? from : to)
        return true
      }
      case 'nudge': {
        const by = STEP[command.direction]
        apply(
          { key: 'move' },
          (doc) => {
            const places = placesOf(doc)
            const moved = selection.flatMap((id) => {
              const at = places[id]
              return at === undefined ? [] : [[id, { x: at.x + by.x, y: at.y + by.y }] as const]
            })
            return settled(doc, Object.fromEntries(moved))
          },
          'nudge',
        )
        return selection.length > 0
      }
      case 'add':
        if (here !== null) handlers.openAddMenu(here)
        return here !== null
      case 'connect': {
        if (here === null) return false
        const step = document.steps.find((s) => s.id === here)
        const ports = step === undefined ? ['start'] : outsOf(step).map((out) => out.port)
        const at = connecting?.from === here ? ports.indexOf(connecting.port) : -1
        const port = ports[(at + 1) % ports.length]
        if (port !== undefined) setConnecting({ from: here, port, to: null })
        return true
      }
      case 'remove':
        handlers.edits.remove(selection)
        return selection.length > 0
      case 'duplicate':
        handlers.edits.duplicate(selection)
        return true
      case 'copy':
        handlers.edits.copy(selection)
        return selection.length > 0
      case 'paste':
        handlers.edits.paste()
        return true
      case 'all':
        select(
          flow.getNodes().map((node) => node.id),
          false,
        )
        return true
      case 'problem':
        go(nextProblem([...new Set(problems.flatMap((p) => nodeOfProblem(p, document) ?? []))], here))
        return true
      case 'escape':
        if (connecting !== null) setConnecting(null)
        else closePanel()
        return true
      case 'find':
      case 'help':
      case 'outline':
        handlers[command.kind]()
        return true
    }
  }

  const finishConnecting = (): boolean => {
    if (connecting === null || connecting.to === null) return false
    handlers.edits.connect(connecting.from, connecting.port, connecting.to)
    setConnecting(null)
    handlers.focusNode(connecting.from)
    return true
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (target.closest('input, textarea, [contenteditable], [role="menu"], [role="dialog"]') !== null) return
    const isDone = event.key === 'Enter' && connecting !== null ? finishConnecting() : runPressed(event)
    if (isDone) {
      event.preventDefault()
      event.stopPropagation()
    }
  }
  const runPressed = (event: KeyboardEvent): boolean => {
    const command = commandOf(event)
    return command === null ? false : run(command)
  }

  return { onKeyDown, connecting, cancelConnecting: () => setConnecting(null) }
}

/** The nearest node in a direction, whether a line leads there or not. */
function nearby(places: Readonly<Record<string, Point>>, from: string, direction: Direction): string | null {
  const here = places[from]
  if (here === undefined) return null
  const by = STEP[direction]
  const ahead = Object.entries(places).flatMap(([id, at]) => {
    const along = (at.x - here.x) * Math.sign(by.x) + (at.y - here.y) * Math.sign(by.y)
    const aside = Math.abs(by.x === 0 ? at.x - here.x : at.y - here.y)
    return id === from || along <= 4 ? [] : [{ id, cost: along + 2 * aside }]
  })
  return ahead.sort((a, b) => a.cost - b.cost)[0]?.id ?? null
}
