/** The document read as nodes and lines, without any drawing: what to-flow, layout and the keyboard share. */
import type { DrawnStep, WorkflowDocument } from '../../shared/workflow/document.ts'
import { outsOf, stepKindOf } from '../../shared/workflow/kinds.ts'
import { triggerNode } from '../editor/slice.ts'
import type { CardSize } from './geometry.ts'

export type Family = 'trigger' | 'message' | 'time' | 'logic' | 'action' | 'end'
export type Line = { id: string; from: string; port: string; to: string }

/** Which way a step's outcomes leave: see `sidesOf`. */
export type OutStyle = 'sequence' | 'fan' | 'sideways'

export const familyOf = (kind: string): Family => stepKindOf(kind)?.family ?? 'action'

export function outStyleOf(step: DrawnStep, port: string): OutStyle {
  const outs = outsOf(step)
  if (outs.length < 2) return 'sequence'
  if (familyOf(step.kind) === 'time') return port === outs.at(-1)?.port ? 'sequence' : 'sideways'
  return 'fan'
}

export function sizeOf(kind: string, isTrigger: boolean): CardSize {
  if (isTrigger) return 'two'
  switch (familyOf(kind)) {
    case 'message':
      return 'full'
    case 'time':
    case 'end':
      return 'pill'
    case 'logic':
      return 'two'
    default:
      return 'slim'
  }
}

/** Every line drawn: from the triggers to the start, and from each outcome to its next step (when that exists). */
export function linesOf(document: WorkflowDocument): Line[] {
  const ids = new Set(document.steps.map((s) => s.id))
  const { start } = document
  const starts: Line[] =
    start === null || !ids.has(start)
      ? []
      : document.triggers.map((t) => ({
          id: `${triggerNode(t.id)}|start`,
          from: triggerNode(t.id),
          port: 'start',
          to: start,
        }))
  const others = document.steps.flatMap((step) =>
    outsOf(step).flatMap(({ port, next }) =>
      next === null || !ids.has(next) ? [] : [{ id: `${step.id}|${port}`, from: step.id, port, to: next }],
    ),
  )
  return [...starts, ...others]
}

/** Back from the id of a line to the place in the document it stands for. */
export function lineAt(id: string): { from: string; port: string } | null {
  const bar = id.lastIndexOf('|')
  return bar === -1 ? null : { from: id.slice(0, bar), port: id.slice(bar + 1) }
}
