/** Do two saved documents mean the same? Where the cards lie, what notes stand beside them and in which order they were drawn does not matter. */
import { isDeepStrictEqual } from 'node:util'
import { parseDocument } from '../../../shared/workflow/document.ts'

export function meansTheSame(a: string, b: string): boolean {
  return a === b || isDeepStrictEqual(meaningOf(a), meaningOf(b))
}

function meaningOf(text: string) {
  const { layout: _layout, notes: _notes, steps, ...meaning } = parseDocument(JSON.parse(text))
  return { ...meaning, steps: new Map(steps.map((step) => [step.id, step])) }
}
