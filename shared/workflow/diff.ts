/** What changed between two documents, by step, whatever was merely moved. */
import type { DrawnStep, WorkflowDocument } from './document.ts'
import { emailKeyOf, emailOf, isRecord, titleOf } from './draft.ts'

export type StepChange = {
  stepId: string
  /** Its own name, or empty: then its kind says what it is. */
  title: string
  kind: string
  change: 'added' | 'changed' | 'removed'
}

/** In the order of `after`, then what was removed. A step whose email changed has changed. */
export function diffDocuments(before: WorkflowDocument, after: WorkflowDocument): StepChange[] {
  const old = new Map(before.steps.map((step) => [step.id, step]))
  const kept = new Set(after.steps.map((step) => step.id))
  const say = (step: DrawnStep, change: StepChange['change']): StepChange => ({
    stepId: step.id,
    title: titleOf(step),
    kind: step.kind,
    change,
  })
  return [
    ...after.steps.flatMap((step) => {
      const was = old.get(step.id)
      if (was === undefined) return [say(step, 'added')]
      return isSame(was, step) && isSame(mailOf(before, was), mailOf(after, step)) ? [] : [say(step, 'changed')]
    }),
    ...before.steps.filter((step) => !kept.has(step.id)).map((step) => say(step, 'removed')),
  ]
}

const mailOf = (doc: WorkflowDocument, step: DrawnStep) => emailOf(doc, emailKeyOf(step))

/** Equal as JSON; the order of keys and fields that are `undefined` do not count. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => isSame(item, b[at]))
  if (!isRecord(a) || !isRecord(b)) return false
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].every((key) => isSame(a[key], b[key]))
}
