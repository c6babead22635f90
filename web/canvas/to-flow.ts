/** Document, problems and live numbers in; React Flow nodes and edges out. Pure, so that drawing is tested without a browser. */
import type { Edge, Node } from '@xyflow/react'
import { Position } from '@xyflow/react'
import type { Stats, StepStats } from '../../shared/api/workflows.ts'
import type { DrawnStep, Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import { outsOf } from '../../shared/workflow/kinds.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { timeText } from '../../shared/workflow/step-names.ts'
import { shareOf } from '../editor/arms.ts'
import { problemText } from '../editor/problem-text.ts'
import { triggerNode } from '../editor/slice.ts'
import { wordsOfStep, wordsOfTrigger } from '../editor/step-words.ts'
import type { BuilderText } from '../editor/text.ts'
import { placesOf } from './auto-layout.ts'
import { type CardNumber, cardNumbers, peopleAlong, triggerNumbers, troubleNumbers } from './card-numbers.ts'
import {
  type Box,
  bandWidth,
  CARD_WIDTH,
  type CardSize,
  cardHeight,
  type Side,
  sidePoint,
  sidesOf,
} from './geometry.ts'
import { type Family, familyOf, type Line, linesOf, outStyleOf, sizeOf } from './graph.ts'

/** `text` fits the card; `full` says all of it. `isQuiet`: nothing but a reminder, e.g. of links still to fill in. */
export type Strip = { severity: 'error' | 'warning'; text: string; full: string; more: number; isQuiet: boolean }
export type OpenOut = { port: string; label: string | null }
export type StepCardData = {
  family: Family
  kind: string
  size: CardSize
  title: string
  line: string | null
  numbers: readonly CardNumber[]
  /** What went otherwise than drawn: skipped, failed, uncertain. */
  troubles: readonly CardNumber[]
  strip: Strip | null
  /** Outcomes that lead nowhere yet. */
  openOuts: readonly OpenOut[]
  ports: readonly string[]
  spoken: string
  tabbable: boolean
}
export type FlowNode = Node<StepCardData, 'step'>
export type PathData = {
  label: string | null
  people: number | null
  peopleText: string
  band: number
  isDown: boolean
}
export type FlowEdge = Edge<PathData, 'path'>
export type Flow = { nodes: FlowNode[]; edges: FlowEdge[] }

export type ToFlow = {
  document: WorkflowDocument
  problems: readonly Problem[]
  stats: Stats | null
  selection: readonly string[]
  text: BuilderText
  isPaused?: boolean
}

export function toFlow(input: ToFlow): Flow {
  const { document } = input
  const places = placesOf(document)
  const cards = cardsOf(input)
  const boxes = new Map(cards.map(({ id, data }) => [id, boxOf(places[id], data)]))
  const lines = linesOf(document)
  return { nodes: cards.map((card) => toNode(card, boxes, input.selection)), edges: toEdges(lines, boxes, input) }
}

type Card = { id: string; data: StepCardData }

const boxOf = (point: Point | undefined, data: StepCardData): Box => ({
  x: point?.x ?? 0,
  y: point?.y ?? 0,
  width: CARD_WIDTH,
  height: cardHeight(data.size, data.strip !== null),
})

function cardsOf({ document, problems, stats, selection, text, isPaused }: ToFlow): Card[] {
  const strips = stripsOf(problems, document, text)
  const first = document.triggers[0] === undefined ? document.steps[0]?.id : triggerNode(document.triggers[0].id)
  const tabStop = selection.at(-1) ?? first
  const ids = new Set(document.steps.map((s) => s.id))
  const finish = (id: string, data: Omit<StepCardData, 'spoken' | 'tabbable'>): Card => ({
    id,
    data: { ...data, spoken: spokenCard(data, text), tabbable: id === tabStop },
  })
  const triggers = document.triggers.map((trigger) =>
    finish(triggerNode(trigger.id), {
      family: 'trigger',
      kind: trigger.kind,
      size: 'two',
      ...wordsOfTrigger(trigger, text),
      numbers: triggerNumbers(document, stats, text),
      troubles: [],
      strip: strips.get(triggerNode(trigger.id)) ?? null,
      openOuts: document.start !== null && ids.has(document.start) ? [] : [{ port: 'start', label: null }],
      ports: ['start'],
    }),
  )
  const steps = document.steps.map((step) => {
    const outs = outsOf(step)
    return finish(step.id, {
      family: familyOf(step.kind),
      kind: step.kind,
      size: sizeOf(step.kind, false),
      ...wordsOfStep(step, document, text),
      numbers: cardNumbers(step.kind, stats?.steps[step.id], text, isPaused),
      troubles: troubleNumbers(stats?.steps[step.id], text),
      strip: strips.get(step.id) ?? null,
      openOuts: outs.flatMap(({ port, label, next }) =>
        next !== null && ids.has(next) ? [] : [{ port, label: labelOf(step, label, port, text) }],
      ),
      ports: outs.map((out) => out.port),
    })
  })
  return [...triggers, ...steps]
}

/** Outcomes without a label of their own: everyone else, or after how long people go on. */
export function labelOf(
  step: DrawnStep,
  label: string | null,
  port: string,
  text: Pick<BuilderText, 't' | 'formats'>,
): string | null {
  if (port === 'otherwise') return text.t('port.otherwise')
  if (port === 'timeout') return timeText((step.timeout as { after?: unknown } | null)?.after, text.t)
  const share = shareOf(step, port)
  if (share !== null) {
    const percent = text.formats.share(share)
    return label === null ? percent : text.t('port.arm', { label, share: percent })
  }
  return label ?? (port === 'next' ? null : text.t('port.unnamed'))
}

function spokenCard(data: Omit<StepCardData, 'spoken' | 'tabbable'>, { t }: Pick<BuilderText, 't'>): string {
  const numbers = [...data.numbers, ...data.troubles].map((n) => `${n.value} ${n.label}`)
  const strip = data.strip === null ? [] : [`${t(`problem-kind.${data.strip.severity}`)}: ${data.strip.full}`]
  return [t(`family.${data.family}`), data.title, data.line, ...numbers, ...strip]
    .filter((s) => s !== null && s !== '')
    .join(', ')
}

/** The node a problem belongs to: its step, or the trigger its path names; null when it is about the whole. */
export function nodeOfProblem(problem: Problem, document: WorkflowDocument): string | null {
  if (problem.stepId !== null) return problem.stepId
  const trigger = document.triggers[Number(/^triggers\/(\d+)/.exec(problem.path)?.[1] ?? -1)]
  return trigger === undefined ? null : triggerNode(trigger.id)
}

/** A reminder, not a warning: nothing goes wrong, somebody only has to look before publishing. */
const isQuiet = (problem: Pick<Problem, 'code' | 'severity'>): boolean => problem.code === 'example-link'

/** One sentence per node: the first error, else the first warning, and how many more there are. */
export function stripsOf(
  problems: readonly Problem[],
  document: WorkflowDocument,
  { t }: Pick<BuilderText, 't'>,
): Map<string, Strip> {
  const byNode = new Map<string, Problem[]>()
  for (const problem of problems) {
    const node = nodeOfProblem(problem, document)
    if (node !== null) byNode.set(node, [...(byNode.get(node) ?? []), problem])
  }
  return new Map(
    [...byNode].map(([node, list]) => {
      const first = list.find((p) => p.severity === 'error') ?? list[0]
      if (first === undefined) return [node, { severity: 'warning', text: '', full: '', more: 0, isQuiet: true }]
      const text = t(`brief.${first.code}`)
      const full = list.map((problem) => problemText(problem, t)).join(' ')
      return [node, { severity: first.severity, text, full, more: list.length - 1, isQuiet: list.every(isQuiet) }]
    }),
  )
}

const POSITION: Readonly<Record<Side, Position>> = {
  top: Position.Top,
  bottom: Position.Bottom,
  left: Position.Left,
  right: Position.Right,
}
const ENTRY_SIDES: readonly Side[] = ['top', 'left', 'right']
const LEAVE_SIDES: readonly Side[] = ['bottom', 'left', 'right']

export const sourceHandle = (side: Side): string => `out-${side}`
export const targetHandle = (side: Side): string => `in-${side}`

function toNode({ id, data }: Card, boxes: ReadonlyMap<string, Box>, selection: readonly string[]): FlowNode {
  const box = boxes.get(id) ?? { x: 0, y: 0, width: CARD_WIDTH, height: cardHeight(data.size, false) }
  const size = { width: box.width, height: box.height }
  const at = (type: 'source' | 'target', side: Side) => ({
    id: type === 'source' ? sourceHandle(side) : targetHandle(side),
    type,
    position: POSITION[side],
    ...sidePoint(side, size),
    width: 1,
    height: 1,
  })
  return {
    id,
    type: 'step',
    position: { x: box.x, y: box.y },
    data,
    selected: selection.includes(id),
    ...size,
    measured: size, // sizes are known beforehand: no measuring pass, and edges are drawn at once
    handles: [...LEAVE_SIDES.map((s) => at('source', s)), ...ENTRY_SIDES.map((s) => at('target', s))],
  }
}

function toEdges(
  lines: readonly Line[],
  boxes: ReadonlyMap<string, Box>,
  { document, stats, text }: ToFlow,
): FlowEdge[] {
  const steps = new Map(document.steps.map((s) => [s.id, s]))
  const people = new Map(lines.map((line) => [line.id, along(line, stats, document)]))
  const most = Math.max(0, ...[...people.values()].map((n) => n ?? 0))
  return lines.flatMap((line) => {
    const from = boxes.get(line.from)
    const to = boxes.get(line.to)
    if (from === undefined || to === undefined) return []
    const step = steps.get(line.from)
    const sides = sidesOf(from, to, step === undefined ? 'start' : outStyleOf(step, line.port))
    const out = step === undefined ? undefined : outsOf(step).find((o) => o.port === line.port)
    const count = people.get(line.id) ?? null
    const label = out === undefined || step === undefined ? null : labelOf(step, out.label, line.port, text)
    return [
      {
        id: line.id,
        type: 'path' as const,
        source: line.from,
        target: line.to,
        sourceHandle: sourceHandle(sides.from),
        targetHandle: targetHandle(sides.to),
        focusable: false,
        data: {
          label,
          people: count,
          peopleText: count === null ? '' : text.formats.count(count),
          band: bandWidth(count ?? 0, most),
          isDown: sides.from === 'bottom' && sides.to === 'top',
        },
      },
    ]
  })
}

function along(line: Line, stats: Stats | null, document: WorkflowDocument): number | null {
  if (stats === null) return null
  if (line.port === 'start') return document.triggers.length === 1 ? stats.totals.entered : null
  const step: StepStats | undefined = stats.steps[line.from]
  return step === undefined ? null : peopleAlong(step, line.port)
}

/** Keep the object of every node and edge that did not change, so that only what changed is drawn again. */
export function keepSame<T extends { id: string }>(before: readonly T[], after: readonly T[]): T[] {
  const known = new Map(before.map((item) => [item.id, item]))
  return after.map((item) => {
    const old = known.get(item.id)
    return old !== undefined && JSON.stringify(old) === JSON.stringify(item) ? old : item
  })
}
