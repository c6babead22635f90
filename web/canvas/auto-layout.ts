/** Places for every node by dagre: the main path straight down, alternatives beside it. The viewport is not its business. */
import { Graph, layout } from '@dagrejs/dagre'
import type { Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import { outsOf } from '../../shared/workflow/kinds.ts'
import { triggerNode } from '../editor/slice.ts'
import { CARD_HEIGHT, CARD_WIDTH, GAP_X, GAP_Y } from './geometry.ts'
import { linesOf, sizeOf } from './graph.ts'

/** The path most people take weighs most, so that dagre keeps it straight. */
const MAIN_WEIGHT = 12

export function autoLayout(document: WorkflowDocument): Record<string, Point> {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', nodesep: GAP_X, ranksep: GAP_Y, marginx: 0, marginy: 0 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const trigger of document.triggers)
    graph.setNode(triggerNode(trigger.id), { width: CARD_WIDTH, height: CARD_HEIGHT.two })
  for (const step of document.steps)
    graph.setNode(step.id, { width: CARD_WIDTH, height: CARD_HEIGHT[sizeOf(step.kind, false)] })
  const mainPorts = new Map(document.steps.map((step) => [step.id, outsOf(step).at(-1)?.port]))
  for (const line of linesOf(document)) {
    const isMain = line.port === 'start' || mainPorts.get(line.from) === line.port
    graph.setEdge(line.from, line.to, { weight: isMain ? MAIN_WEIGHT : 1, minlen: 1 })
  }
  layout(graph)
  const rows = graph.nodes().map((id) => {
    const { x, y, height } = graph.node(id)
    return { id, x: x ?? 0, y: Math.round((y ?? 0) - (height ?? 0) / 2) }
  })
  return inColumns(document, rows)
}

type Row = { id: string; x: number; y: number }
/** Cards whose tops are closer than this would touch in one column. */
const ROW_CLEARANCE = 84

/**
 * dagre chooses the rows; the columns are ours, because dagre bends the main path to save width. A step stands under the one
 * before it, the outcomes of a branch spread around it, answers of a wait beside it, a meeting point in the innermost column.
 */
function inColumns(document: WorkflowDocument, rows: readonly Row[]): Record<string, Point> {
  const lines = linesOf(document)
  const placed = new Map<string, { column: number; y: number }>()
  const isTaken = (column: number, y: number) =>
    [...placed.values()].some((other) => other.column === column && Math.abs(other.y - y) < ROW_CLEARANCE)
  for (const { id, y } of rows.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const wishes = lines.flatMap((line) => {
      const from = placed.get(line.from)
      return line.to === id && from !== undefined ? [from.column + spread(document, line.from, line.port)] : []
    })
    let column = wishes.reduce((best, wish) => (Math.abs(wish) < Math.abs(best) ? wish : best), wishes[0] ?? 0)
    const away = column < 0 ? -1 : 1
    while (isTaken(column, y)) column += away
    placed.set(id, { column, y })
  }
  const toPoint = ({ column, y }: { column: number; y: number }): Point => ({ x: column * (CARD_WIDTH + GAP_X), y })
  return Object.fromEntries([...placed].map(([id, spot]) => [id, toPoint(spot)]))
}

/** How many columns an outcome leads away from its step. */
function spread(document: WorkflowDocument, from: string, port: string): number {
  const step = document.steps.find((other) => other.id === from)
  const outs = step === undefined ? [] : outsOf(step)
  const index = outs.findIndex((out) => out.port === port)
  if (step === undefined || outs.length < 2 || index === -1) return 0
  if (sizeOf(step.kind, false) === 'pill')
    return index === outs.length - 1 ? 0 : index % 2 === 0 ? -1 - index / 2 : (index + 1) / 2
  return index - Math.floor((outs.length - 1) / 2)
}

/**
 * Where every node stands: as saved; a document that was never laid out gets dagre's places; a step without a place of its
 * own goes where dagre would put it relative to the first node that has one.
 */
export function placesOf(document: WorkflowDocument): Record<string, Point> {
  const ids = [...document.triggers.map((t) => triggerNode(t.id)), ...document.steps.map((s) => s.id)]
  const saved = new Map(
    ids.flatMap((id) => {
      const point = document.layout[layoutKey(id)]
      return point === undefined ? [] : [[id, point] as const]
    }),
  )
  if (saved.size === ids.length) return Object.fromEntries(saved)
  const computed = autoLayout(document)
  const anchor = ids.find((id) => saved.has(id))
  const from = anchor === undefined ? undefined : computed[anchor]
  const to = anchor === undefined ? undefined : saved.get(anchor)
  const dx = from === undefined || to === undefined ? 0 : to.x - from.x
  const dy = from === undefined || to === undefined ? 0 : to.y - from.y
  return Object.fromEntries(
    ids.map((id) => {
      const point = computed[id] ?? { x: 0, y: 0 }
      return [id, saved.get(id) ?? { x: point.x + dx, y: point.y + dy }]
    }),
  )
}

/** Node ids as they stand in `layout`: a trigger by its own id. */
export const layoutKey = (nodeId: string): string => nodeId.replace(/^trigger:/, '')
