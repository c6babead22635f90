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
  return Object.fromEntries(
    graph.nodes().map((id) => {
      const { x, y, width, height } = graph.node(id)
      return [id, { x: Math.round((x ?? 0) - (width ?? 0) / 2), y: Math.round((y ?? 0) - (height ?? 0) / 2) }]
    }),
  )
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
