/** Copying steps with what belongs to them: within one workflow, or through the clipboard into another. */
import type { DrawnStep, EmailContent, Point, WorkflowDocument } from './document.ts'
import { emailKeyOf, emailOf } from './draft.ts'
import { stepKindOf } from './kinds.ts'

/** Some steps, their emails and places: plain JSON, fit for the clipboard. */
export type Clip = {
  steps: readonly DrawnStep[]
  emails: Readonly<Record<string, EmailContent>>
  layout: Readonly<Record<string, Point>>
}

/** Beside the original, clear of it. */
const BESIDE: Point = { x: 40, y: 40 }

export function copySteps(doc: WorkflowDocument, ids: readonly string[]): Clip {
  const steps = doc.steps.filter((step) => ids.includes(step.id))
  const emails = steps.flatMap((step) => {
    const key = emailKeyOf(step)
    const email = emailOf(doc, key)
    return key === null || email === null ? [] : [[key, email] as const]
  })
  const places = steps.flatMap(({ id }) => {
    const place = doc.layout[id]
    return place === undefined ? [] : [[id, place] as const]
  })
  return { steps, emails: Object.fromEntries(emails), layout: Object.fromEntries(places) }
}

/**
 * Paste copies: arrows between them are kept, arrows out of them are cut, each has an email of its own.
 *
 * @param newId makes an id never used in this workflow from the one copied; called once per step and email
 */
export function pasteSteps(
  doc: WorkflowDocument,
  clip: Clip,
  newId: (copied: string) => string,
  offset: Point = BESIDE,
): WorkflowDocument {
  if (clip.steps.length === 0) return doc
  const ids = new Map(clip.steps.map((step) => [step.id, newId(step.id)]))
  const keys = new Map(Object.keys(clip.emails).map((key) => [key, newId(key)]))
  const steps = clip.steps.map((step) => renamed(step, ids, keys))
  const emails = Object.entries(clip.emails).map(([key, email]) => [keys.get(key) ?? key, email])
  const places = Object.entries(clip.layout).map(([id, { x, y }]) => [
    ids.get(id) ?? id,
    { x: Math.round(x + offset.x), y: Math.round(y + offset.y) },
  ])
  return {
    ...doc,
    steps: [...doc.steps, ...steps],
    emails: { ...doc.emails, ...Object.fromEntries(emails) },
    layout: { ...doc.layout, ...Object.fromEntries(places) },
  }
}

function renamed(step: DrawnStep, ids: ReadonlyMap<string, string>, keys: ReadonlyMap<string, string>): DrawnStep {
  const kind = stepKindOf(step.kind)
  const id = ids.get(step.id) ?? step.id
  const key = emailKeyOf(step)
  const copy: DrawnStep = { ...step, id, ...(key !== null && { email: keys.get(key) ?? key }) }
  if (kind === null) return copy
  return kind
    .outs(step)
    .reduce((drawn, out) => kind.connect(drawn, out.port, out.next === null ? null : (ids.get(out.next) ?? null)), copy)
}

/** Copy steps beside themselves. See `pasteSteps`. */
export function duplicateSteps(
  doc: WorkflowDocument,
  ids: readonly string[],
  newId: (copied: string) => string,
): WorkflowDocument {
  return pasteSteps(doc, copySteps(doc, ids), newId)
}
