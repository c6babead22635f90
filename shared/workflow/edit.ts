/**
 * Pure edits of the document, one per gesture of the canvas and panels. Untouched steps keep their identity, and an edit that
 * changes nothing returns the very same document, so that undo and redraws cost only what changed. New ids are passed in:
 * an id names a step for ever (people wait at it, numbers count it), so it must never be used again for another step.
 */
import type { DrawnStep, DrawnTrigger, EmailContent, Point, WorkflowDocument, WorkflowSettings } from './document.ts'
import { emailKeyOf } from './draft.ts'
import type { DraftFields, StepKindName, TriggerKindName } from './kind.ts'
import { outsOf, stepKindOf, stepKinds, triggerKinds } from './kinds.ts'

/** An arrow: out of `port` of the step `from`; `from: null` is the arrow from the triggers to `start`. */
export type Arrow = { from: string | null; port: string }
export type NewStep = { id: string; kind: StepKindName; at?: Point; title?: string; fields?: DraftFields }

/** Between two cards of a column. */
const GAP = 44
const TRIGGER_ROW = 52 + GAP
const ROWS = { message: 68 + GAP, logic: 52 + GAP, time: 40 + GAP, action: 40 + GAP, end: 40 + GAP } as const

/** From the top of a card of this kind to the top of the one below it; null is a trigger's. */
export function rowHeightOf(kind: string | null): number {
  return kind === null ? TRIGGER_ROW : ROWS[stepKindOf(kind)?.family ?? 'message']
}

const freshStep = ({ id, kind, title, fields }: NewStep): DrawnStep => ({
  id,
  kind,
  ...(title !== undefined && { title }),
  ...stepKinds[kind].defaults(),
  ...fields,
})

/** Drop a step on free ground. The first step of a workflow becomes its start. */
export function addStep(doc: WorkflowDocument, step: NewStep): WorkflowDocument {
  if (doc.steps.some((other) => other.id === step.id)) return doc
  const isFirst = doc.steps.length === 0 && doc.start === null
  return {
    ...doc,
    steps: [...doc.steps, freshStep(step)],
    start: isFirst ? step.id : doc.start,
    layout: step.at === undefined ? doc.layout : { ...doc.layout, [step.id]: rounded(step.at) },
  }
}

/**
 * Put a step on an arrow: what the arrow led to now comes after it. Without `at` it takes the place of that step, which moves
 * down with everything after it.
 */
export function insertStep(doc: WorkflowDocument, arrow: Arrow, step: NewStep): WorkflowDocument {
  if (doc.steps.some((other) => other.id === step.id)) return doc
  const target = targetOf(doc, arrow)
  const { main, connect: lead } = stepKinds[step.kind]
  const drawn = freshStep(step)
  const inserted = main === null || target === null ? drawn : lead(drawn, main, target)
  const added = connect({ ...doc, steps: [...doc.steps, inserted] }, arrow, step.id)
  if (step.at !== undefined) return { ...added, layout: { ...doc.layout, [step.id]: rounded(step.at) } }
  return { ...added, layout: layoutWithRoom(doc, arrow, target, step) }
}

function layoutWithRoom(
  doc: WorkflowDocument,
  arrow: Arrow,
  target: string | null,
  { id, kind }: NewStep,
): WorkflowDocument['layout'] {
  const old = target === null ? undefined : doc.layout[target]
  if (target === null || old === undefined) {
    const from = doc.steps.find((step) => step.id === arrow.from)
    const above = from === undefined ? undefined : doc.layout[from.id]
    const under = above === undefined ? { x: 0, y: 0 } : { x: above.x, y: above.y + rowHeightOf(from?.kind ?? null) }
    return { ...doc.layout, [id]: under }
  }
  const layout: Record<string, Point> = { ...doc.layout, [id]: old }
  for (const below of reachableFrom(doc, target)) {
    const point = doc.layout[below]
    if (point !== undefined && point.y >= old.y) layout[below] = { x: point.x, y: point.y + rowHeightOf(kind) }
  }
  return layout
}

/** Lead an arrow to a step, or to null: the end. */
export function connect(doc: WorkflowDocument, { from, port }: Arrow, to: string | null): WorkflowDocument {
  if (from === null) return setStart(doc, to)
  return changeStep(doc, from, (step) => stepKindOf(step.kind)?.connect(step, port, to) ?? step)
}

/** Where an arrow leads now. */
export function targetOf(doc: WorkflowDocument, { from, port }: Arrow): string | null {
  if (from === null) return doc.start
  const step = doc.steps.find((other) => other.id === from)
  if (step === undefined) return null
  return outsOf(step).find((out) => out.port === port)?.next ?? null
}

export function setStart(doc: WorkflowDocument, start: string | null): WorkflowDocument {
  return doc.start === start ? doc : { ...doc, start }
}

/**
 * Remove steps and heal the arrows: what led to a removed step leads to its successor, if it had exactly one; else to the end.
 * Emails that nobody else sends go with their steps.
 */
export function removeSteps(doc: WorkflowDocument, ids: readonly string[]): WorkflowDocument {
  const gone = new Set(ids.filter((id) => doc.steps.some((step) => step.id === id)))
  if (gone.size === 0) return doc
  const byId = new Map(doc.steps.map((step) => [step.id, step]))
  const heir = (id: string | null, seen: readonly string[] = []): string | null => {
    if (id === null || !gone.has(id)) return id
    const step = byId.get(id)
    if (step === undefined || seen.includes(id)) return null
    const [only, ...others] = new Set(outsOf(step).flatMap((out) => (out.next === null ? [] : [out.next])))
    return only === undefined || others.length > 0 ? null : heir(only, [...seen, id])
  }
  const layout = Object.fromEntries(Object.entries(doc.layout).filter(([id]) => !gone.has(id)))
  return {
    ...doc,
    start: heir(doc.start),
    steps: doc.steps.filter((step) => !gone.has(step.id)).map((step) => rewired(step, heir)),
    emails: withoutKeys(doc.emails, emailsOnlyUsedBy(doc, gone)),
    layout,
  }
}

const withoutKeys = <T>(all: Readonly<Record<string, T>>, keys: readonly string[]): Readonly<Record<string, T>> =>
  keys.length === 0 ? all : Object.fromEntries(Object.entries(all).filter(([key]) => !keys.includes(key)))

function rewired(step: DrawnStep, lead: (target: string | null) => string | null): DrawnStep {
  const kind = stepKindOf(step.kind)
  if (kind === null) return step
  return kind.outs(step).reduce((drawn, { port, next }) => {
    const target = lead(next)
    return target === next ? drawn : kind.connect(drawn, port, target)
  }, step)
}

/** Change fields of a step; `undefined` takes a field away. Its id and kind stay. */
export function updateStep(doc: WorkflowDocument, id: string, fields: DraftFields): WorkflowDocument {
  return changeStep(doc, id, (step) => withFields(step, fields))
}

/** Change one step by a function; the same document when the function returns the same step. */
export function changeStep(
  doc: WorkflowDocument,
  id: string,
  change: (step: DrawnStep) => DrawnStep,
): WorkflowDocument {
  const index = doc.steps.findIndex((step) => step.id === id)
  const step = doc.steps[index]
  if (step === undefined) return doc
  const changed = change(step)
  return changed === step ? doc : { ...doc, steps: doc.steps.with(index, changed) }
}

function withFields<Drawn extends { id: string; kind: string }>(drawn: Drawn, fields: DraftFields): Drawn {
  const { id: _id, kind: _kind, ...changes } = fields
  const entries = Object.entries(changes).filter(([field, value]) => Reflect.get(drawn, field) !== value)
  if (entries.length === 0) return drawn
  const changed = { ...drawn, ...Object.fromEntries(entries) }
  for (const [field, value] of entries) if (value === undefined) Reflect.deleteProperty(changed, field)
  return changed
}

/** Put steps and triggers elsewhere; one call for a whole drag or auto-layout. */
export function moveSteps(doc: WorkflowDocument, positions: Readonly<Record<string, Point>>): WorkflowDocument {
  const moved = Object.entries(positions).filter(([id, to]) => {
    const from = doc.layout[id]
    const { x, y } = rounded(to)
    return from === undefined || from.x !== x || from.y !== y
  })
  if (moved.length === 0) return doc
  return { ...doc, layout: { ...doc.layout, ...Object.fromEntries(moved.map(([id, to]) => [id, rounded(to)])) } }
}

const rounded = ({ x, y }: Point): Point => ({ x: Math.round(x), y: Math.round(y) })

export type NewTrigger = { id: string; kind: TriggerKindName; at?: Point; fields?: DraftFields }

/** Every trigger leads to `start`. */
export function addTrigger(doc: WorkflowDocument, { id, kind, at, fields }: NewTrigger): WorkflowDocument {
  if (doc.triggers.some((other) => other.id === id)) return doc
  const trigger: DrawnTrigger = { id, kind, ...triggerKinds[kind].defaults(), ...fields }
  const layout = at === undefined ? doc.layout : { ...doc.layout, [id]: rounded(at) }
  return { ...doc, triggers: [...doc.triggers, trigger], layout }
}

export function updateTrigger(doc: WorkflowDocument, id: string, fields: DraftFields): WorkflowDocument {
  const index = doc.triggers.findIndex((trigger) => trigger.id === id)
  const trigger = doc.triggers[index]
  if (trigger === undefined) return doc
  const changed = withFields(trigger, fields)
  return changed === trigger ? doc : { ...doc, triggers: doc.triggers.with(index, changed) }
}

export function removeTrigger(doc: WorkflowDocument, id: string): WorkflowDocument {
  const triggers = doc.triggers.filter((trigger) => trigger.id !== id)
  if (triggers.length === doc.triggers.length) return doc
  return { ...doc, triggers, layout: Object.fromEntries(Object.entries(doc.layout).filter(([key]) => key !== id)) }
}

export function putEmail(doc: WorkflowDocument, key: string, email: EmailContent): WorkflowDocument {
  return doc.emails[key] === email ? doc : { ...doc, emails: { ...doc.emails, [key]: email } }
}

/** Emails that only these steps send. */
function emailsOnlyUsedBy(doc: WorkflowDocument, ids: ReadonlySet<string>): string[] {
  const kept = new Set(doc.steps.filter((step) => !ids.has(step.id)).map(emailKeyOf))
  const freed = doc.steps.filter((step) => ids.has(step.id)).map(emailKeyOf)
  return [...new Set(freed)].flatMap((key) =>
    key !== null && !kept.has(key) && Object.hasOwn(doc.emails, key) ? [key] : [],
  )
}

export function rename(doc: WorkflowDocument, name: string): WorkflowDocument {
  return doc.name === name ? doc : { ...doc, name }
}

export function updateSettings(doc: WorkflowDocument, changes: Partial<WorkflowSettings>): WorkflowDocument {
  const settings = { ...doc.settings, ...changes }
  const isSame = Object.entries(settings).every(([key, value]) => Reflect.get(doc.settings, key) === value)
  return isSame ? doc : { ...doc, settings }
}

/** Every step that can be reached from this one, itself included. */
export function reachableFrom(doc: WorkflowDocument, start: string | null): ReadonlySet<string> {
  const byId = new Map(doc.steps.map((step) => [step.id, step]))
  const reached = new Set<string>()
  const open = [start]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const step = id === null ? undefined : byId.get(id)
    if (step === undefined || reached.has(step.id)) continue
    reached.add(step.id)
    open.push(...outsOf(step).map((out) => out.next))
  }
  return reached
}
