/** Where an arrow key leads on the canvas: along the lines, left and right between branches. */
import type { Point, WorkflowDocument } from '../../shared/workflow/document.ts'
import { linesOf } from './graph.ts'

export type Direction = 'up' | 'down' | 'left' | 'right'

export function neighbour(
  document: WorkflowDocument,
  places: Readonly<Record<string, Point>>,
  from: string,
  direction: Direction,
): string | null {
  const here = places[from]
  if (here === undefined) return Object.keys(places)[0] ?? null
  const lines = linesOf(document)
  if (direction === 'down')
    return nearest(
      here,
      lines.filter((l) => l.from === from).map((l) => l.to),
      places,
    )
  if (direction === 'up')
    return nearest(
      here,
      lines.filter((l) => l.to === from).map((l) => l.from),
      places,
    )
  const parents = new Set(lines.filter((l) => l.to === from).map((l) => l.from))
  const family = lines.filter((l) => parents.has(l.from)).map((l) => l.to)
  const linked = lines.flatMap((l) => (l.from === from ? [l.to] : l.to === from ? [l.from] : []))
  const isOnSide = (id: string) => {
    const there = places[id]
    return there !== undefined && (direction === 'left' ? there.x < here.x - 8 : there.x > here.x + 8)
  }
  const close = [...family, ...linked].filter((id) => id !== from && isOnSide(id))
  if (close.length > 0) return nearest(here, close, places)
  return nearest(
    here,
    Object.keys(places).filter((id) => id !== from && isOnSide(id)),
    places,
  )
}

function nearest(here: Point, ids: readonly string[], places: Readonly<Record<string, Point>>): string | null {
  let best: string | null = null
  let bestDistance = Number.POSITIVE_INFINITY
  for (const id of ids) {
    const there = places[id]
    if (there === undefined) continue
    const distance = Math.abs(there.x - here.x) + Math.abs(there.y - here.y)
    if (distance < bestDistance) {
      best = id
      bestDistance = distance
    }
  }
  return best
}

/** The next node in reading order that has a problem, after the one given; starts over at the end. */
export function nextProblem(problemNodes: readonly string[], from: string | null): string | null {
  const at = from === null ? -1 : problemNodes.indexOf(from)
  return problemNodes[(at + 1) % problemNodes.length] ?? null
}

const AHEAD: Readonly<Record<Direction, Point>> = {
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
}

/** The nearest node in a direction, whether a line leads there or not. */
export function nearby(places: Readonly<Record<string, Point>>, from: string, direction: Direction): string | null {
  const here = places[from]
  if (here === undefined) return null
  const by = AHEAD[direction]
  const ahead = Object.entries(places).flatMap(([id, at]) => {
    const along = (at.x - here.x) * by.x + (at.y - here.y) * by.y
    const aside = Math.abs(by.x === 0 ? at.x - here.x : at.y - here.y)
    return id === from || along <= 4 ? [] : [{ id, cost: along + 2 * aside }]
  })
  return ahead.sort((a, b) => a.cost - b.cost)[0]?.id ?? null
}
