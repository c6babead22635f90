/** Step numbers: dense, private to the engine, stable per workflow and never reused, so that rows outlive edits. */
import { fromColumn, type StepNo } from '../ids.ts'

/** @throws RangeError for what is not a whole number from 0 */
export function toStepNo(no: number): StepNo {
  if (!Number.isSafeInteger(no) || no < 0) throw new RangeError(`expected a step number of 0 or more, got ${no}`)
  return fromColumn<StepNo>(no)
}
