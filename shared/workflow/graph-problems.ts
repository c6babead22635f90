/** What is wrong with how the steps hang together: no start, doubles, circles that never rest, steps nobody reaches. */
import type { DrawnStep, WorkflowDocument } from './document.ts'
import { nameOf, show } from './draft.ts'
import { reachableFrom } from './edit.ts'
import { error, type Place, warning } from './findings.ts'
import { outsOf, stepKindOf } from './kinds.ts'
import type { Problem } from './problem.ts'

const WHOLE: Place = { stepId: null, path: '' }

export function graphProblems(doc: WorkflowDocument): Problem[] {
  return [
    ...startProblems(doc),
    ...duplicateProblems(doc.steps, 'steps'),
    ...duplicateProblems(doc.triggers, 'triggers'),
    ...circleProblems(doc),
    ...unreachedProblems(doc),
  ]
}

function startProblems(doc: WorkflowDocument): Problem[] {
  const found: Problem[] = []
  if (doc.triggers.length === 0) {
    const message = 'Nothing starts this workflow yet. Add a trigger.'
    found.push(error('no-trigger', { ...WHOLE, path: 'triggers' }, message))
  }
  if (doc.steps.length === 0) {
    return [...found, error('no-steps', { ...WHOLE, path: 'steps' }, 'This workflow has no steps yet. Add one.')]
  }
  const at = { ...WHOLE, path: 'start' }
  if (doc.start === null) {
    found.push(error('no-start', at, 'The trigger leads nowhere yet. Connect it to the first step.'))
  } else if (!doc.steps.some((step) => step.id === doc.start)) {
    const message = `Starts at ${show(doc.start)}, which is no step of this workflow. Connect the trigger to a step.`
    found.push(error('unknown-step', at, message, { found: doc.start, context: 'start' }))
  }
  return found
}

function duplicateProblems(items: readonly { id: string }[], room: 'steps' | 'triggers'): Problem[] {
  const seen = new Set<string>()
  return items.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id)
      return []
    }
    const at = { stepId: room === 'steps' ? id : null, path: `${room}/${index}/id` }
    const message = `Two ${room} share the id ${JSON.stringify(id)}. Give one of them another.`
    return [error('duplicate-step', at, message, { id })]
  })
}

/** Arrows that take no time must not lead in a circle: the engine would walk it without rest, sending as it goes. */
function circleProblems(doc: WorkflowDocument): Problem[] {
  const byId = new Map(doc.steps.map((step) => [step.id, step]))
  return restlessCircles(doc.steps, (step) => instantSteps(step, byId)).map((circle) => {
    const [first] = circle
    const index = doc.steps.findIndex((step) => step.id === first?.id)
    const names = circle.map(nameOf).join(', ')
    const message = `${names} lead${circle.length === 1 ? 's back to itself' : ' back to each other'} without a wait. Put a wait into the circle; a wait until a date or for a condition may be over at once and does not count.`
    const at = { stepId: first?.id ?? null, path: `steps/${index}` }
    return error('loop-without-wait', at, message, { steps: names, count: circle.length })
  })
}

function instantSteps(step: DrawnStep, byId: ReadonlyMap<string, DrawnStep>): DrawnStep[] {
  const kind = stepKindOf(step.kind)
  if (kind === null) return []
  return kind.outs(step).flatMap(({ port, next }) => {
    const after = next === null || kind.takesTime(step, port) ? undefined : byId.get(next)
    return after === undefined ? [] : [after]
  })
}

/** Circles as Tarjan's strongly connected components, without recursion: a document may have 2,000 steps in a row. */
function restlessCircles(steps: readonly DrawnStep[], after: (step: DrawnStep) => DrawnStep[]): DrawnStep[][] {
  const order = new Map<DrawnStep, number>()
  const low = new Map<DrawnStep, number>()
  const path: DrawnStep[] = []
  const onPath = new Set<DrawnStep>()
  const circles: DrawnStep[][] = []
  const lower = (step: DrawnStep, to: number) => low.set(step, Math.min(low.get(step) ?? to, to))
  const enter = (step: DrawnStep) => {
    order.set(step, order.size)
    lower(step, order.size - 1)
    path.push(step)
    onPath.add(step)
    return { step, left: after(step) }
  }
  for (const root of steps) {
    const visits = order.has(root) ? [] : [enter(root)]
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { step, left } = visit
      const next = left.pop()
      if (next !== undefined) {
        if (!order.has(next)) visits.push(enter(next))
        else if (onPath.has(next)) lower(step, order.get(next) ?? 0)
        continue
      }
      visits.pop()
      const parent = visits.at(-1)
      if (parent !== undefined) lower(parent.step, low.get(step) ?? 0)
      if (low.get(step) !== order.get(step)) continue
      const circle = path.splice(path.indexOf(step))
      for (const member of circle) onPath.delete(member)
      if (circle.length > 1 || after(step).includes(step)) circles.push(circle)
    }
  }
  const place = new Map(steps.map((step, index) => [step, index]))
  return circles.map((circle) => circle.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)))
}

function unreachedProblems(doc: WorkflowDocument): Problem[] {
  const reached = reachableFrom(doc, doc.start)
  if (reached.size === 0) return []
  return doc.steps.flatMap((step, index) => {
    const at = { stepId: step.id, path: `steps/${index}` }
    if (!reached.has(step.id)) {
      return [warning('unreachable', at, `Nobody reaches ${nameOf(step)}. Connect a step to it, or remove it.`)]
    }
    const isWait = stepKindOf(step.kind)?.family === 'time'
    if (!isWait || outsOf(step).some((out) => out.next !== null)) return []
    const message = `Nothing comes after ${nameOf(step)}: people wait and then leave. Add a step after it, or remove it.`
    return [warning('trailing-wait', at, message)]
  })
}
