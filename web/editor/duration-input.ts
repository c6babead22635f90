/** ISO 8601 durations as a person enters them: amounts with a unit. Judging a duration is shared/time/duration.ts. */
export const UNITS = ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years'] as const
export type Unit = (typeof UNITS)[number]
export type Amount = { amount: number; unit: Unit }

const SHAPE = /^-?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const ORDER: readonly Unit[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds']

/** The parts of a duration, largest first, or null when it is not one. `PT0S` is one part of zero. */
export function readDuration(iso: string): Amount[] | null {
  const found = SHAPE.exec(iso)
  if (found === null || /[PT]$/.test(iso)) return null
  const parts = ORDER.flatMap((unit, i) => {
    const text = found[i + 1]
    return text === undefined || Number(text) === 0 ? [] : [{ amount: Number(text), unit }]
  })
  return parts.length === 0 ? [{ amount: 0, unit: 'seconds' }] : parts
}

const LETTER: Readonly<Record<Unit, string>> = {
  seconds: 'S',
  minutes: 'M',
  hours: 'H',
  days: 'D',
  weeks: 'W',
  months: 'M',
  years: 'Y',
}
const isTime = (unit: Unit) => unit === 'seconds' || unit === 'minutes' || unit === 'hours'

export const writeDuration = ({ amount, unit }: Amount): string => `P${isTime(unit) ? 'T' : ''}${amount}${LETTER[unit]}`
