/**
 * Newest-first pages of rows that may be rare: the index is walked in windows, so that looking for three people among a million never
 * holds the thread; a page that finds nobody in several windows ends with a cursor to go on from.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { decodeCursor, encodeCursor } from '../db/queries/page.ts'

/** 20 to 40 ms on rows of a million. */
export const WINDOW = 20_000
const WINDOWS_A_PAGE = 5

export type Windowed<Row> = {
  /** The lowest of the next WINDOW ids below this one; null when there are fewer: the rest is one window. */
  floorBelow(below: number): Promise<number | null>
  /** Those wanted with floor <= id < below, newest first. */
  rows(floor: number, below: number, limit: number): Promise<readonly Row[]>
}

export async function pageInWindows<Row extends { id: number }>(
  { cursor, limit }: { cursor: string | undefined; limit: number },
  { floorBelow, rows }: Windowed<Row>,
): Promise<{ rows: readonly Row[]; nextCursor: string | null }> {
  const found: Row[] = []
  let below = Number(decodeCursor(cursor, ['number'])?.[0] ?? Number.MAX_SAFE_INTEGER)
  for (let window = 0; window < WINDOWS_A_PAGE; window += 1) {
    const floor = await floorBelow(below)
    found.push(...(await rows(floor ?? 0, below, limit + 1 - found.length)))
    if (found.length > limit) {
      const shown = found.slice(0, limit)
      return { rows: shown, nextCursor: encodeCursor([shown.at(-1)?.id ?? 0]) }
    }
    if (floor === null) return { rows: found, nextCursor: null }
    below = floor
    await nextTurn()
  }
  return { rows: found, nextCursor: encodeCursor([below]) }
}
