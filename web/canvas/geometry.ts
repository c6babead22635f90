/** Measures of cards and where edges leave and enter them. Pure numbers; the styles repeat the sizes. */
import type { Point } from '../../shared/workflow/document.ts'

export const CARD_WIDTH = 252
export const CARD_HEIGHT = { full: 68, two: 52, slim: 40, pill: 40 } as const
const STRIP_HEIGHT = 26
export const GAP_Y = 44
export const GAP_X = 68

export type CardSize = keyof typeof CARD_HEIGHT
export type Side = 'top' | 'bottom' | 'left' | 'right'
export type Box = Point & { width: number; height: number }

export const cardHeight = (size: CardSize, hasStrip: boolean): number =>
  CARD_HEIGHT[size] + (hasStrip ? STRIP_HEIGHT : 0)

/** Below this many people the widest band stays thin: one person is a thread, not a block. */
const FEW_PEOPLE = 25

/** The band under an edge is as wide as many people went along it. */
export function bandWidth(people: number, most: number): number {
  if (people <= 0 || most <= 0) return 0
  return 2 + 16 * (people / Math.max(most, FEW_PEOPLE)) ** 0.6
}

const centre = (box: Box) => box.x + box.width / 2
const isLevel = (a: Box, b: Box) => a.y < b.y + b.height && b.y < a.y + a.height

/**
 * Which sides an edge uses, so that sequences run straight down, branches fan out from the foot, answers of a wait leave
 * sideways, merges come in from the side, triggers straight from above, and going-back lines run outside.
 */
export function sidesOf(
  from: Box,
  to: Box,
  style: 'start' | 'sequence' | 'fan' | 'sideways',
): { from: Side; to: Side } {
  const dx = centre(to) - centre(from)
  const facing: Side = dx >= 0 ? 'right' : 'left'
  const opposite: Side = dx >= 0 ? 'left' : 'right'
  if (style === 'start' && to.y >= from.y + from.height) return { from: 'bottom', to: 'top' }
  if (to.y + to.height <= from.y + from.height / 2 || (isLevel(from, to) && Math.abs(dx) < from.width)) {
    const outside: Side = dx > 0 ? 'right' : 'left'
    return { from: outside, to: outside }
  }
  if (isLevel(from, to)) return { from: facing, to: opposite }
  if (style === 'sideways' && Math.abs(dx) > from.width / 2) return { from: facing, to: 'top' }
  if (style === 'sequence' && Math.abs(dx) > from.width / 2 + 4) return { from: 'bottom', to: opposite }
  return { from: 'bottom', to: 'top' }
}

/** Where on a card's border a side is, in the card's own coordinates. */
export function sidePoint(side: Side, box: { width: number; height: number }): Point {
  switch (side) {
    case 'top':
      return { x: box.width / 2, y: 0 }
    case 'bottom':
      return { x: box.width / 2, y: box.height }
    case 'left':
      return { x: 0, y: box.height / 2 }
    case 'right':
      return { x: box.width, y: box.height / 2 }
  }
}
