/** The labelled paths of a branch or a wait-until: first one that fits wins. Shared by both kinds. */
import { z } from 'zod'
import { type Condition, conditionSchema } from '../condition/schema.ts'
import type { DrawnStep } from './document.ts'
import { isRecord, listOf, show, textOf } from './draft.ts'
import { arrowProblems, conditionProblems, error, type Place, under } from './findings.ts'
import type { KindContext, Out, PlanTools } from './kind.ts'
import type { PlanPath } from './plan.ts'
import type { Problem } from './problem.ts'

/** Ports of their own: no path may take these names. */
const RESERVED: ReadonlySet<string> = new Set(['next', 'timeout', 'otherwise'])

export const pathId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected letters, digits, _ or -')
  .refine((id) => !RESERVED.has(id), 'expected an id other than next, timeout and otherwise')

export const pathSchema = z.strictObject({
  id: pathId,
  label: z.string().max(100).optional(),
  when: conditionSchema,
  next: z.string().nullable().default(null),
})
export type DrawnPath = { id: string; label: string; when: Condition | null; next: string | null }

/** Where a step keeps its ways out: rules in `paths`, shares in `arms`. */
type PathField = 'paths' | 'arms'

/** The outs of the paths that can be drawn; a path without an id of its own cannot. */
export function pathOuts(step: DrawnStep, field: PathField = 'paths'): Out[] {
  const seen = new Set<string>()
  return listOf(step[field]).flatMap((path) => {
    const id = isRecord(path) ? textOf(path.id) : null
    if (!isRecord(path) || id === null || seen.has(id) || RESERVED.has(id)) return []
    seen.add(id)
    return [{ port: id, label: textOf(path.label), next: textOf(path.next) }]
  })
}

/** Lead the path `port` to `target`; the same step when there is no such path or nothing changes. */
export function connectPath(
  step: DrawnStep,
  port: string,
  target: string | null,
  field: PathField = 'paths',
): DrawnStep {
  const paths = listOf(step[field])
  const index = paths.findIndex((path) => isRecord(path) && path.id === port)
  const path = paths[index]
  if (!isRecord(path) || textOf(path.next) === target) return step
  return { ...step, [field]: paths.with(index, { ...path, next: target }) }
}

/** Problems of the paths themselves; having none is a problem of the kind, with its own sentence. */
export function pathProblems(step: DrawnStep, context: KindContext, none: string): Problem[] {
  const at: Place = { stepId: step.id, path: `${context.path}/paths` }
  const paths = step.paths
  if (!Array.isArray(paths) || paths.length === 0) return [error('no-paths', at, none)]
  const seen = new Set<unknown>()
  return paths.flatMap((path: unknown, index) => {
    const place = under(at, index)
    if (!isRecord(path)) {
      return [error('bad-field', place, `Found ${show(path)}; expected a path with id, label, when and next.`)]
    }
    const again = path.id !== undefined && seen.has(path.id)
    seen.add(path.id)
    const name = textOf(path.label) ?? `path ${index + 1}`
    return [
      ...(again
        ? [error('bad-field', under(place, 'id'), `Two paths share the id ${show(path.id)}.`, { context: 'path-id' })]
        : []),
      ...conditionProblems(
        path.when,
        { ...under(place, 'when'), attributes: context.attributes, emailKeys: context.emailKeys },
        `Nobody can take ${JSON.stringify(name)} yet. Say what must be true for it.`,
      ).map((problem) => ({ ...problem, params: { ...problem.params, path: name } })),
      ...arrowProblems(path.next, under(place, 'next'), context.stepIds),
    ]
  })
}

export function planPaths(paths: readonly z.infer<typeof pathSchema>[], tools: PlanTools): PlanPath[] {
  return paths.map(({ id, label, when, next }) => ({ id, label: label || id, when, next: tools.next(next) }))
}
