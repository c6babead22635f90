/** A workflow small enough for a card: one shape per step, left to right, alternatives above and below. Pure. */
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { placesOf } from '../../canvas/auto-layout.ts'
import { type Family, familyOf, linesOf } from '../../canvas/graph.ts'
import { triggerOfNode } from '../../editor/slice.ts'

export type SketchNode = { id: string; family: Family; x: number; y: number }
export type SketchLine = { id: string; from: { x: number; y: number }; to: { x: number; y: number } }
export type Sketch = { nodes: readonly SketchNode[]; lines: readonly SketchLine[]; width: number; height: number }

export const SKETCH = { width: 270, height: 76, left: 16, right: 18, lane: 24, step: 28 } as const
/** Columns of the canvas stand this far apart. */
const COLUMN = 320
const TRIGGER = 'trigger'

/** The rows of the canvas become places from left to right, its columns become lanes; all triggers are one seed. */
export function sketchOf(document: WorkflowDocument): Sketch {
  const places = placesOf(document)
  const rows = [...new Set(document.steps.map(({ id }) => places[id]?.y ?? 0))].sort((a, b) => a - b)
  const lanes = document.steps.map(({ id }) => Math.round((places[id]?.x ?? 0) / COLUMN))
  const across = Math.max(1, Math.max(0, ...lanes) - Math.min(0, ...lanes))
  const lane = Math.min(SKETCH.lane, (SKETCH.height - 28) / across)
  const middle = SKETCH.height / 2 - ((Math.max(0, ...lanes) + Math.min(0, ...lanes)) / 2) * lane
  const gap = Math.min(SKETCH.step, (SKETCH.width - SKETCH.left - SKETCH.right) / Math.max(1, rows.length))
  const steps = document.steps.map(
    ({ id, kind }, index): SketchNode => ({
      id,
      family: familyOf(kind),
      x: SKETCH.left + (rows.indexOf(places[id]?.y ?? 0) + 1) * gap,
      y: middle + (lanes[index] ?? 0) * lane,
    }),
  )
  const seed: SketchNode = { id: TRIGGER, family: 'trigger', x: SKETCH.left, y: middle }
  const nodes = document.triggers.length === 0 ? steps : [seed, ...steps]
  return { nodes, lines: sketchLines(document, nodes), width: SKETCH.width, height: SKETCH.height }
}

function sketchLines(document: WorkflowDocument, nodes: readonly SketchNode[]): SketchLine[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ends = new Map(
    linesOf(document).map(({ from, to }) => {
      const start = triggerOfNode(from) === null ? from : TRIGGER
      return [`${start}>${to}`, { start, to }] as const
    }),
  )
  return [...ends].flatMap(([id, ends]) => {
    const from = byId.get(ends.start)
    const to = byId.get(ends.to)
    return from === undefined || to === undefined ? [] : [{ id, from, to }]
  })
}
