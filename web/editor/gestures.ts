/** What one gesture on the canvas, the outline or a panel does to the document. Ids and places come in; the edits are shared/workflow/edit.ts. */
import type { Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import {
  type Arrow,
  addStep,
  addTrigger,
  connect,
  insertStep,
  removeSteps,
  removeTrigger,
  rowHeightOf,
  setStart,
  targetOf,
} from '../../shared/workflow/edit.ts'
import { freshId } from '../../shared/workflow/fresh-id.ts'
import type { StepKindName, TriggerKindName } from '../../shared/workflow/kind.ts'
import { outsOf } from '../../shared/workflow/kinds.ts'
import { triggerOfNode } from './slice.ts'

/** `crypto` is the browser's source of randomness; a number from 0 up to 1, as `freshId` asks for. */
export const browserRandom = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32

export function newIdIn(document: WorkflowDocument, base: string, random = browserRandom): string {
  const taken = [...document.steps, ...document.triggers].map(({ id }) => id)
  return freshId(base, new Set([...taken, ...Object.keys(document.emails)]), random)
}

/** The arrow that leaves a node: a trigger's leads to the start. */
const arrowOf = (nodeId: string, port: string): Arrow => ({
  from: triggerOfNode(nodeId) === null ? nodeId : null,
  port,
})

/** Which outcome "after this node" means: the one given, else the first that leads nowhere, else the main one. */
function portAfter(document: WorkflowDocument, nodeId: string, port: string | null): string | null {
  if (port !== null) return port
  if (triggerOfNode(nodeId) !== null) return 'start'
  const step = document.steps.find((s) => s.id === nodeId)
  const outs = step === undefined ? [] : outsOf(step)
  return outs.find((out) => out.next === null)?.port ?? outs.at(-1)?.port ?? null
}

/** The last step reached by following main outcomes from the start: where "add" without a selection puts things. */
export function endOfMainPath(document: WorkflowDocument): string | null {
  const seen = new Set<string>()
  let at = document.start
  let last: string | null = null
  while (at !== null && !seen.has(at)) {
    seen.add(at)
    const step = document.steps.find((s) => s.id === at)
    if (step === undefined) return last
    last = at
    at = outsOf(step).at(-1)?.next ?? null
  }
  return last
}

export type Place = { after: string | null; port: string | null; at?: Point | undefined }
export type NewStepHere = { id: string; kind: StepKindName; fields?: Readonly<Record<string, unknown>> | undefined }

/**
 * Add a step after a node: on its open outcome, or between it and what followed. With nothing to follow it becomes the start
 * or stands free at `at`.
 */
export function addAfter(document: WorkflowDocument, step: NewStepHere, { after, port, at }: Place): WorkflowDocument {
  const fields = step.fields === undefined ? {} : { fields: step.fields }
  const spot = at === undefined ? {} : { at }
  if (after === null) {
    const added = addStep(document, { id: step.id, kind: step.kind, ...fields, ...spot })
    return added.start === null ? setStart(added, step.id) : added
  }
  const out = portAfter(document, after, port)
  if (out === null)
    return addStep(document, { id: step.id, kind: step.kind, ...fields, at: at ?? below(document, after) })
  const arrow = arrowOf(after, out)
  const isOpen = targetOf(document, arrow) === null
  const place = isOpen && at === undefined ? { at: below(document, after, out) } : spot
  return insertStep(document, arrow, { id: step.id, kind: step.kind, ...fields, ...place })
}

const COLUMN = 320

/** Under a node; the outcomes of a branch side by side, the main one straight down. */
function below(document: WorkflowDocument, nodeId: string, port: string | null = null): Point {
  const trigger = triggerOfNode(nodeId)
  const origin = document.layout[trigger ?? nodeId] ?? { x: 0, y: 0 }
  const step = document.steps.find((s) => s.id === nodeId)
  const outs = step === undefined ? [] : outsOf(step)
  const index = outs.findIndex((out) => out.port === port)
  const column = index === -1 || index === outs.length - 1 ? 0 : index - (outs.length - 1)
  const taken = Object.values(document.layout)
  const x = origin.x + column * COLUMN
  let y = origin.y + rowHeightOf(step?.kind ?? null)
  while (taken.some((t) => Math.abs(t.x - x) < COLUMN - 60 && Math.abs(t.y - y) < 76)) y += rowHeightOf('send-email')
  return { x, y }
}

export function addTriggerTo(
  document: WorkflowDocument,
  id: string,
  kind: TriggerKindName,
  at?: Point,
): WorkflowDocument {
  return addTrigger(document, { id, kind, ...(at === undefined ? {} : { at }) })
}

/** Remove any mixture of steps and triggers. */
export function removeNodes(document: WorkflowDocument, nodeIds: readonly string[]): WorkflowDocument {
  const triggers = nodeIds.flatMap((id) => triggerOfNode(id) ?? [])
  const steps = nodeIds.filter((id) => triggerOfNode(id) === null)
  return triggers.reduce(removeTrigger, removeSteps(document, steps))
}

/** Lead an outcome of one node to another. */
export function connectNodes(
  document: WorkflowDocument,
  from: string,
  port: string,
  to: string | null,
): WorkflowDocument {
  return connect(document, arrowOf(from, port), to)
}
