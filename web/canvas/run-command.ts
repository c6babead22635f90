/** What a key command does, apart from any drawing: the store, the edits and the view are passed in. */
import type { Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import { outsOf } from '../../shared/workflow/kinds.ts'
import type { EditorStore } from '../editor/slice.ts'
import type { Edits } from '../editor/use-edits.ts'
import { placesOf } from './auto-layout.ts'
import type { KeyCommand } from './keys.ts'
import { nodeOfProblem } from './to-flow.ts'
import { settled } from './use-flow.ts'
import { type Direction, nearby, neighbour, nextProblem } from './walk.ts'

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
  edits: Pick<Edits, 'remove' | 'duplicate' | 'copy' | 'paste' | 'connect'>
  focusNode(id: string): void
  openAddMenu(nodeId: string): void
  find(): void
  help(): void
  outline(): void
}

export type Reach = {
  store: EditorStore
  handlers: KeyHandlers
  /** Every node drawn. */
  nodeIds(): readonly string[]
  connecting: Connecting | null
  setConnecting(connecting: Connecting | null): void
}

/** @returns whether the key meant something here; the browser keeps those that did not */
export function runCommand(reach: Reach, command: KeyCommand): boolean {
  const { store, handlers } = reach
  const { selection, select } = store.getState()
  switch (command.kind) {
    case 'walk':
      return walk(reach, command.direction)
    case 'nudge':
      return nudge(store, command.direction)
    case 'add':
      return addAfterSelection(reach)
    case 'connect':
      return takeNextPort(reach)
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
      select(reach.nodeIds(), false)
      return true
    case 'problem':
      return goToProblem(reach)
    case 'escape':
      return leave(reach)
    case 'find':
    case 'help':
    case 'outline':
      handlers[command.kind]()
      return true
  }
}

/** Lead the outcome to the node chosen; false while none is. */
export function finishConnecting({ connecting, handlers, setConnecting }: Reach): boolean {
  if (connecting === null || connecting.to === null) return false
  handlers.edits.connect(connecting.from, connecting.port, connecting.to)
  setConnecting(null)
  handlers.focusNode(connecting.from)
  return true
}

function go({ store, handlers }: Reach, id: string | null): void {
  if (id === null) return
  store.getState().select([id])
  handlers.focusNode(id)
}

/** Along the lines; while connecting, to whatever is nearest in that direction. */
function walk(reach: Reach, direction: Direction): boolean {
  const { connecting, setConnecting, handlers } = reach
  const { document, selection } = reach.store.getState()
  const here = selection.at(-1) ?? null
  const places = placesOf(document)
  const from = connecting?.to ?? here ?? Object.keys(places)[0] ?? null
  if (connecting === null) {
    go(reach, here === null || from === null ? from : neighbour(document, places, from, direction))
    return true
  }
  const to = from === null ? null : nearby(places, from, direction)
  if (to === null) go(reach, here === null ? from : null)
  else {
    setConnecting({ ...connecting, to })
    handlers.focusNode(to)
  }
  return true
}

function nudge(store: EditorStore, direction: Direction): boolean {
  const { selection, apply } = store.getState()
  apply({ key: 'move' }, (doc) => nudged(doc, selection, STEP[direction]), 'nudge')
  return selection.length > 0
}

function nudged(document: WorkflowDocument, ids: readonly string[], by: Point): WorkflowDocument {
  const places = placesOf(document)
  const moved = ids.flatMap((id) => {
    const at = places[id]
    return at === undefined ? [] : [[id, { x: at.x + by.x, y: at.y + by.y }] as const]
  })
  return settled(document, Object.fromEntries(moved))
}

function addAfterSelection({ store, handlers }: Reach): boolean {
  const here = store.getState().selection.at(-1)
  if (here !== undefined) handlers.openAddMenu(here)
  return here !== undefined
}

/** The first outcome of the selected node, then its others in turn. */
function takeNextPort({ store, connecting, setConnecting }: Reach): boolean {
  const { document, selection } = store.getState()
  const here = selection.at(-1)
  if (here === undefined) return false
  const step = document.steps.find((s) => s.id === here)
  const ports = step === undefined ? ['start'] : outsOf(step).map((out) => out.port)
  const at = connecting?.from === here ? ports.indexOf(connecting.port) : -1
  const port = ports[(at + 1) % ports.length]
  if (port !== undefined) setConnecting({ from: here, port, to: null })
  return true
}

function goToProblem(reach: Reach): boolean {
  const { document, problems, selection } = reach.store.getState()
  const nodes = [...new Set(problems.flatMap((problem) => nodeOfProblem(problem, document) ?? []))]
  go(reach, nextProblem(nodes, selection.at(-1) ?? null))
  return true
}

function leave({ store, connecting, setConnecting }: Reach): boolean {
  if (connecting !== null) setConnecting(null)
  else store.getState().closePanel()
  return true
}
