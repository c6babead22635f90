/** Checks that several kinds share. Each takes any value and returns problems that say what was found, what is expected and what to do. */
import type { z } from 'zod'
import { checkCondition } from '../condition/check.ts'
import { parseDuration } from '../time/duration.ts'
import { isBlank, isRecord, show, textOf } from './draft.ts'
import type { AttributeType } from './kind.ts'
import { PROBLEM_CODES, type Problem, type ProblemCode } from './problem.ts'

export type Place = { stepId: string | null; path: string }
/** `context` chooses a more exact sentence of the catalogue: `bad-field_event` instead of `bad-field`. */
export type Params = Readonly<Record<string, string | number>>

export function error(code: ProblemCode, at: Place, message: string, params?: Params): Problem {
  return { code, severity: 'error', stepId: at.stepId, path: at.path, message, ...(params && { params }) }
}

export function warning(code: ProblemCode, at: Place, message: string, params?: Params): Problem {
  return { ...error(code, at, message, params), severity: 'warning' }
}

export const under = (at: Place, field: string | number): Place => ({ ...at, path: `${at.path}/${field}` })

/** An arrow must lead to a step of this workflow, or to null: the end. */
export function arrowProblems(target: unknown, at: Place, stepIds: ReadonlySet<string>): Problem[] {
  if (target === null || target === undefined) return []
  if (typeof target === 'string' && stepIds.has(target)) return []
  return [
    error('unknown-step', at, `Leads to ${show(target)}, which is no step of this workflow. Connect it to a step.`, {
      found: typeof target === 'string' ? target : show(target),
    }),
  ]
}

export function durationProblems(value: unknown, at: Place, missing: { context: string; message: string }): Problem[] {
  if (isBlank(value)) return [error('bad-duration', at, missing.message, { context: missing.context, found: '' })]
  if (typeof value !== 'string') {
    const message = `Found ${show(value)}; expected an ISO 8601 duration such as "P2D" (2 days) or "PT4H" (4 hours).`
    return [error('bad-duration', at, message, { found: show(value) })]
  }
  const parsed = parseDuration(value)
  return parsed.ok ? [] : [error(parsed.code, at, parsed.message, { found: value })]
}

export type ConditionPlace = Place & {
  attributes: Readonly<Record<string, AttributeType>>
  emailKeys: readonly string[]
}

/** What the condition room says of a condition, placed. `whenMissing` is the problem of having none; absent: none is fine. */
export function conditionProblems(condition: unknown, at: ConditionPlace, whenMissing?: string): Problem[] {
  if (condition === null || condition === undefined) {
    if (whenMissing === undefined) return []
    return [error('bad-condition', at, whenMissing, { context: 'missing' })]
  }
  const found = checkCondition(condition, { attributes: at.attributes, emails: [...at.emailKeys], path: at.path })
  return found.map((problem) =>
    error(codeOf(problem.code), { stepId: at.stepId, path: problem.path }, problem.message, {
      context: 'condition',
      detail: problem.message,
      ...paramsOf(problem),
    }),
  )
}

const KNOWN_CODES: ReadonlySet<string> = new Set(PROBLEM_CODES)
const isProblemCode = (code: string): code is ProblemCode => KNOWN_CODES.has(code)
const codeOf = (code: string): ProblemCode => (isProblemCode(code) ? code : 'bad-condition')

function paramsOf(problem: object): Params {
  if (!('params' in problem) || !isRecord(problem.params)) return {}
  const kept = Object.entries(problem.params).filter(
    (entry): entry is [string, string | number] => typeof entry[1] === 'string' || typeof entry[1] === 'number',
  )
  return Object.fromEntries(kept)
}

/** Whatever else the strict schema of a kind refuses, except where a problem already stands at, above or below that path. */
export function schemaProblems(schema: z.ZodType, value: unknown, at: Place, found: readonly Problem[]): Problem[] {
  const parsed = schema.safeParse(value)
  if (parsed.success) return []
  const taken = found.map((problem) => problem.path)
  return parsed.error.issues.flatMap((issue) => {
    const path = [at.path, ...issue.path.map(String)].join('/')
    if (taken.some((other) => isWithin(path, other) || (other !== at.path && isWithin(other, path)))) return []
    taken.push(path)
    const field = issue.path.map(String).join('.') || at.path
    return [error('bad-field', { ...at, path }, `${field}: ${issue.message}.`, { field })]
  })
}

const isWithin = (path: string, parent: string) => path === parent || path.startsWith(`${parent}/`)

/** A text that must be there: `what` names it for people and `context` its sentence in the catalogue. */
export function requiredText(
  value: unknown,
  at: Place,
  rule: { context: string; missing: string; max: number },
): Problem[] {
  const field = at.path.slice(at.path.lastIndexOf('/') + 1)
  if (isBlank(value)) return [error('bad-field', at, rule.missing, { context: rule.context, field })]
  if (textOf(value) === null || String(value).length > rule.max) {
    return [
      error('bad-field', at, `Found ${show(value)}; expected a text of at most ${rule.max} characters.`, { field }),
    ]
  }
  return []
}
