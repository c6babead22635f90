import { z } from 'zod'

const LEADING_TEXT = /^"(?:[^"\\]|\\.)*"/

/** The value a row was refused for: the server's sentence begins with it, in quotes. null when it names none. */
export function refusedValue(message: string): string | null {
  const quoted = LEADING_TEXT.exec(message)?.[0]
  if (quoted === undefined) return null
  const read = z.string().safeParse(JSON.parse(quoted))
  return read.success && read.data !== '' ? read.data : null
}
