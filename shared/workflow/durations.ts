/** Durations of a document that was already checked. */
import { parseDuration } from '../time/duration.ts'
import type { CalendarDuration } from './plan.ts'

/** @throws RangeError for a text that is no duration: check first */
export function durationOf(text: string): CalendarDuration {
  const parsed = parseDuration(text)
  if (!parsed.ok) throw new RangeError(`expected a checked duration, got ${JSON.stringify(text)}`)
  return parsed.duration
}

const ZERO: CalendarDuration = { months: 0, days: 0, ms: 0 }
/** `P0D`, `PT0S`: a distance of nothing is fine for an offset, never for a wait. */
const NOTHING = /^P(?=.)(0+[YMWD])*(T(?=.)(0+[HMS])+)?$/

export type SignedDuration = { sign: 1 | -1; duration: CalendarDuration }

/** An offset such as `-P7D`, `P1D` or `P0D`. */
export function parseOffset(text: string): { ok: true; offset: SignedDuration } | Failed {
  const sign = text.startsWith('-') ? -1 : 1
  const size = text.replace(/^[+-]/, '')
  if (NOTHING.test(size)) return { ok: true, offset: { sign: 1, duration: ZERO } }
  const parsed = parseDuration(size)
  return parsed.ok ? { ok: true, offset: { sign, duration: parsed.duration } } : parsed
}
type Failed = Extract<ReturnType<typeof parseDuration>, { ok: false }>
