/** Keyset pages: a cursor is the last row's key, opaque to clients. */
import { badRequest } from '../../../shared/errors.ts'

export type Cursor = readonly (string | number)[]

export function encodeCursor(key: Cursor): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** @throws RequestError 400 when this is no cursor of ours with parts of these types */
export function decodeCursor(text: string | undefined, shape: readonly ('string' | 'number')[]): Cursor | null {
  if (text === undefined || text === '') return null
  const key = parsed(text)
  const fits = Array.isArray(key) && key.length === shape.length && key.every((part, i) => isPart(part, shape[i]))
  if (!fits)
    throw badRequest(`The cursor is ${JSON.stringify(text.slice(0, 60))}; expected the nextCursor of an earlier page.`)
  return key
}

/** A database takes whole numbers that fit and texts it can store; both are all we ever write. */
function isPart(part: unknown, type: 'string' | 'number' | undefined): boolean {
  if (type === 'number') return Number.isSafeInteger(part)
  return type === 'string' && typeof part === 'string' && !/\0|\p{Surrogate}/u.test(part)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null // not JSON: no cursor of ours, which the caller says in a sentence
  }
}

/** Of `limit + 1` rows read, the page and the cursor of the next one. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => Cursor,
): { rows: readonly Row[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null }
}

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
