/** What the checks of conditions share: where they are, and how they say what they found. */
import type { AttributeType } from '../contact/values.ts'
import type { Problem, ProblemCode } from '../workflow/problem.ts'

export type ConditionContext = {
  attributes: Readonly<Record<string, AttributeType>>
  /** Keys of the emails of this workflow. */
  emails: readonly string[]
  /** Where the condition stands in the document, e.g. `steps/2/paths/0/when`. */
  path: string
  stepId?: string | null
}

export type Fields = Readonly<Record<string, unknown>>
/** What a check needs to say where it is. */
export type Checking = {
  context: ConditionContext
  path: string
  depth: number
}

export function problem(at: Checking, code: ProblemCode, message: string): Problem {
  return { code, severity: 'error', stepId: at.context.stepId ?? null, path: at.path, message }
}

export const under = (at: Checking, field: string | number): Checking => ({
  ...at,
  path: `${at.path}/${field}`,
  depth: at.depth + (typeof field === 'number' || field === 'not' || field === 'where' ? 1 : 0),
})

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as people may read it in a sentence. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value)
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
