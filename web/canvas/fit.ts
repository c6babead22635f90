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
/** What the zoom bar takes of the bottom left corner. */
const ZOOM_BAR: Area = { width: 262, height: 60 }
/** Narrower than this is a phone: there is no palette. */
const NARROW = 768
/** Below this the cards lose their words: then the beginning is shown instead of everything. */
const READABLE = 0.61
const COMFORTABLE = 0.8

export function fittedView(boxes: readonly Box[], area: Area): View {
  const first = boxes[0]
  if (first === undefined) return { x: area.width / 2 - 126, y: 120, zoom: 1 }
  const fitted = viewBelow(MARGIN, MARGIN, boxes, area)
  const plain = isUnderZoomBar(boxes, fitted, area) ? viewBelow(MARGIN, ZOOM_BAR.height, boxes, area) : fitted
  const covered = coveredBy(boxes, plain, area)
  if (covered <= 0) return plain
  const moved = { ...plain, x: plain.x - covered }
  const left = Math.min(...boxes.map((box) => box.x)) * moved.zoom + moved.x
  return left >= paletteOf(area) + MARGIN ? moved : viewBelow(PLATE.height + MARGIN, MARGIN, boxes, area)
}

const paletteOf = (area: Area): number => (area.width < NARROW ? 0 : LEFT)

function viewBelow(top: number, bottom: number, boxes: readonly Box[], area: Area): View {
  const palette = paletteOf(area)
  const left = Math.min(...boxes.map((box) => box.x))
  const right = Math.max(...boxes.map((box) => box.x + box.width))
  const head = Math.min(...boxes.map((box) => box.y))
  const foot = Math.max(...boxes.map((box) => box.y + box.height))
  const width = area.width - palette - 2 * MARGIN
  const fitting = Math.min(1, width / (right - left), (area.height - top - bottom) / (foot - head))
  const isWhole = fitting >= READABLE
  const zoom = isWhole ? fitting : COMFORTABLE
  const beginning = boxes.filter((box) => box.y < head + box.height)
  const middle = isWhole
    ? (left + right) / 2
    : beginning.reduce((sum, box) => sum + box.x + box.width / 2, 0) / beginning.length
  return { x: palette + MARGIN + width / 2 - middle * zoom, y: top - head * zoom, zoom }
}

function isUnderZoomBar(boxes: readonly Box[], { x, y, zoom }: View, area: Area): boolean {
  return boxes.some(
    (box) => box.x * zoom + x < ZOOM_BAR.width && (box.y + box.height) * zoom + y > area.height - ZOOM_BAR.height,
  )
}

/** How far to the left everything must go for the plate to stand free; 0 when it does. */
function coveredBy(boxes: readonly Box[], { x, y, zoom }: View, area: Area): number {
  if (area.width < NARROW) return 0
  const edge = area.width - PLATE.width
  const reaching = boxes.filter((box) => box.y * zoom + y < PLATE.height)
  return Math.max(0, ...reaching.map((box) => (box.x + box.width) * zoom + x - edge))
}
