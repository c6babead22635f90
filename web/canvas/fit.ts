/** Where the view stands when a workflow opens: everything in sight if it can be read, clear of palette and live plate. Pure. */
import type { Point } from '../../shared/workflow/document.ts'
import type { Box } from './geometry.ts'

export type View = Point & { zoom: number }
export type Area = { width: number; height: number }

export const MARGIN = 18
/** Room the palette takes at the left. */
export const LEFT = 70
/** What the live plate takes of the top right corner. */
export const PLATE: Area = { width: 306, height: 76 }
/** Below this the cards lose their words: then the beginning is shown instead of everything. */
const READABLE = 0.61
const COMFORTABLE = 0.8

export function fittedView(boxes: readonly Box[], area: Area): View {
  const first = boxes[0]
  if (first === undefined) return { x: area.width / 2 - 126, y: 120, zoom: 1 }
  const plain = viewBelow(MARGIN, boxes, area)
  const covered = coveredBy(boxes, plain, area)
  if (covered <= 0) return plain
  const moved = { ...plain, x: plain.x - covered }
  const left = Math.min(...boxes.map((box) => box.x)) * moved.zoom + moved.x
  return left >= LEFT + MARGIN ? moved : viewBelow(PLATE.height + MARGIN, boxes, area)
}

function viewBelow(top: number, boxes: readonly Box[], area: Area): View {
  const left = Math.min(...boxes.map((box) => box.x))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const head = Math.min(...boxes.map((box) => box.y))
  const foot = Math.max(...boxes.map((box) => box.y + box.height))
  const width = area.width - LEFT - 2 * MARGIN
  const fitting = Math.min(1, width / (right - left), (area.height - top - MARGIN) / (foot - head))
  const isWhole = fitting >= READABLE
  const zoom = isWhole ? fitting : COMFORTABLE
  const beginning = boxes.filter((box) => box.y < head + box.height)
  const middle = isWhole
    ? (left + right) / 2
    : beginning.reduce((sum, box) => sum + box.x + box.width / 2, 0) / beginning.length
  return { x: LEFT + MARGIN + width / 2 - middle * zoom, y: top - head * zoom, zoom }
}

/** How far to the left everything must go for the plate to stand free; 0 when it does. */
function coveredBy(boxes: readonly Box[], { x, y, zoom }: View, area: Area): number {
  const edge = area.width - PLATE.width
  const reaching = boxes.filter((box) => box.y * zoom + y < PLATE.height)
  return Math.max(0, ...reaching.map((box) => (box.x + box.width) * zoom + x - edge))
}
