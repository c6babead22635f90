/** The English catalogue, so that a test reads what a person reads and a reworded button breaks nothing. */
import { app } from '../../../shared/locales/en/app.ts'
import { builder } from '../../../shared/locales/en/builder.ts'
import { operations } from '../../../shared/locales/en/operations.ts'
import { sending } from '../../../shared/locales/en/sending.ts'
import { steps } from '../../../shared/locales/en/steps.ts'
import { why } from '../../../shared/locales/en/why.ts'

const CATALOGUES: Record<string, unknown> = { app, builder, operations, sending, steps, why }

/** `words('setUp.next')` of the namespace app, `words('builder:palette.add', { kind: 'Wait' })` of another. @throws when there is no such text */
export function words(key: string, values: Record<string, string | number> = {}): string {
  const [first = '', second] = key.split(':')
  const namespace = second === undefined ? 'app' : first
  const path = (second ?? first).split('.')
  const plural = typeof values.count === 'number' ? (values.count === 1 ? '_one' : '_other') : ''
  const found = at(CATALOGUES[namespace], path, plural) ?? at(CATALOGUES[namespace], path, '')
  if (found === null) throw new RangeError(`no text ${key} in the English catalogue`)
  return found.replace(/\{\{\s*(\w+)[^}]*\}\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** The same as a pattern, where values that are not given may be anything. */
export function wordsLike(key: string, values: Record<string, string | number> = {}): RegExp {
  const text = words(key, values)
  return new RegExp(
    text
      .split(/\{\{[^}]*\}\}/)
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*'),
  )
}

function at(catalogue: unknown, path: readonly string[], plural: string): string | null {
  let place: unknown = catalogue
  for (const [index, name] of path.entries()) {
    if (typeof place !== 'object' || place === null) return null
    const wanted = index === path.length - 1 ? name + plural : name
    place = (place as Record<string, unknown>)[wanted]
  }
  return typeof place === 'string' ? place : null
}
