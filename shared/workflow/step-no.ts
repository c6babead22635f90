/** Step numbers: dense, private to the engine, stable per workflow and never reused, so that rows outlive edits. */
import { fromColumn, type StepNo } from '../ids.ts'
import type { WorkflowDocument } from './document.ts'

/** @throws RangeError for what is not a whole number from 0 */
export function toStepNo(no: number): StepNo {
  if (!Number.isSafeInteger(no) || no < 0) throw new RangeError(`expected a step number of 0 or more, got ${no}`)
  return fromColumn<StepNo>(no)
}

/**
 * Give every step of a document its number.
 *
 * @param known all numbers this workflow ever gave, also those of removed steps
 * @returns `known` and the new ones, which count on from the highest; starts at 1
 */
export function assignNumbers(
  doc: WorkflowDocument,
  known: Readonly<Record<string, number>> = {},
): Record<string, number> {
  const numbers = new Map(Object.entries(known))
  let last = Math.max(0, ...numbers.values())
  for (const { id } of doc.steps) {
    if (numbers.has(id)) continue
    last += 1
    numbers.set(id, last)
  }
  return Object.fromEntries(numbers)
}
