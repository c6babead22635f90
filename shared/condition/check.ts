/** Judge a condition of any origin: every problem at once, each naming the value found and what is expected. */
import { parseDuration } from '../time/duration.ts'
import type { Problem } from '../workflow/problem.ts'
import { comparisonProblems } from './check-comparison.ts'
import { type Checking, type ConditionContext, type Fields, isFields, problem, shown, under } from './checking.ts'
import { MESSAGE_DEEDS } from './schema.ts'

const KINDS = ['all', 'any', 'not', 'attribute', 'property', 'event', 'tag', 'consent', 'message'] as const
type Kind = (typeof KINDS)[number]
/** The fields beside the one that names the kind. */
const OTHER_FIELDS: Readonly<Record<Kind, readonly string[]>> = {
  all: [],
  any: [],
  not: [],
  attribute: ['is', 'value'],
  property: ['is', 'value'],
  event: ['times', 'within', 'where'],
  tag: [],
  consent: [],
  message: ['did', 'machine'],
}
const MAX_DEPTH = 20
const MAX_PARTS = 100
/** In all groups together: each is evaluated for each person, and is a sub-query when people are counted. */
export const MAX_TOTAL_PARTS = 500
const MAX_TIMES = 1_000_000

/** All problems of a condition; none means that the engine can evaluate it. Null is no condition: ask before. */
export function checkCondition(condition: unknown, context: ConditionContext): Problem[] {
  const parts = partsOf(condition)
  if (parts > MAX_TOTAL_PARTS) return [tooLarge(parts, context)]
  return check(condition, { context, path: context.path, depth: 0 })
}

/** How many comparisons and groups it holds; without recursion, because nobody has looked at it yet. */
function partsOf(condition: unknown): number {
  const open: unknown[] = [condition]
  let parts = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isFields(next)) continue
    parts += 1
    for (const key of ['all', 'any'] as const) {
      const inner = Object.hasOwn(next, key) ? next[key] : null
      if (Array.isArray(inner)) for (const part of inner) open.push(part)
    }
    for (const key of ['not', 'where'] as const) if (Object.hasOwn(next, key)) open.push(next[key])
  }
  return parts
}

function tooLarge(found: number, context: ConditionContext): Problem {
  const at: Checking = { context, path: context.path, depth: 0 }
  const message = `Found a condition of ${found} parts, expected at most ${MAX_TOTAL_PARTS}; use a tag or an attribute instead.`
  return { ...problem(at, 'condition-too-large', message), params: { found, most: MAX_TOTAL_PARTS } }
}

function check(condition: unknown, at: Checking): Problem[] {
  if (!isFields(condition))
    return [problem(at, 'bad-condition', `Found ${shown(condition)}, expected a condition such as {"tag": "vip"}.`)]
  if (at.depth > MAX_DEPTH) {
    return [problem(at, 'bad-condition', `Conditions are nested deeper than ${MAX_DEPTH}; simplify the groups.`)]
  }
  const kinds = KINDS.filter((kind) => Object.hasOwn(condition, kind))
  const [kind] = kinds
  if (kind === undefined || kinds.length > 1) {
    const found = kind === undefined ? keysOf(condition) : kinds.join(', ')
    return [problem(at, 'bad-condition', `Found ${found || 'no field'}, expected exactly one of ${KINDS.join(', ')}.`)]
  }
  const known: readonly string[] = [kind, ...OTHER_FIELDS[kind]]
  const strange = Object.keys(condition).filter((key) => !known.includes(key))
  const problems = strange.map((key) =>
    problem(
      under(at, key),
      'bad-condition',
      `Found ${shown(key)} beside "${kind}", expected only ${known.join(', ')}.`,
    ),
  )
  return [...problems, ...checkKind(kind, condition, at)]
}

function checkKind(kind: Kind, condition: Fields, at: Checking): Problem[] {
  switch (kind) {
    case 'all':
    case 'any':
      return checkGroup(condition[kind], under(at, kind))
    case 'not':
      return check(condition.not, under(at, kind))
    case 'attribute':
    case 'property':
      return [...nameProblems(condition[kind], under(at, kind), kind), ...comparisonProblems(condition, kind, at)]
    case 'event':
      return checkEvent(condition, at)
    case 'tag':
    case 'consent':
      return nameProblems(condition[kind], under(at, kind), kind)
    case 'message':
      return checkMessage(condition, at)
  }
}

function checkGroup(parts: unknown, at: Checking): Problem[] {
  if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAX_PARTS) {
    const found = Array.isArray(parts) ? `${parts.length} conditions` : shown(parts)
    return [problem(at, 'bad-condition', `Found ${found}, expected a list of 1 to ${MAX_PARTS} conditions.`)]
  }
  return parts.flatMap((part, index) => check(part, under(at, index)))
}

function checkEvent(condition: Fields, at: Checking): Problem[] {
  const { event, times, within, where } = condition
  const problems = nameProblems(event, under(at, 'event'), 'event')
  if (times !== undefined) problems.push(...timesProblems(times, under(at, 'times')))
  if (within !== undefined && within !== 'since-entry') {
    const parsed = typeof within === 'string' ? parseDuration(within) : null
    if (parsed === null) {
      problems.push(
        problem(
          under(at, 'within'),
          'bad-duration',
          `Found ${shown(within)}, expected "since-entry" or a duration such as "P30D".`,
        ),
      )
    } else if (!parsed.ok) problems.push(problem(under(at, 'within'), parsed.code, parsed.message))
  }
  if (where !== undefined && where !== null) problems.push(...check(where, under(at, 'where')))
  return problems
}

function timesProblems(times: unknown, at: Checking): Problem[] {
  const expected = 'expected {"atLeast": n} or {"atMost": n} with whole numbers of 0 or more'
  if (!isFields(times)) return [problem(at, 'bad-condition', `Found ${shown(times)}, ${expected}.`)]
  const { atLeast, atMost } = times
  const isCount = (n: unknown) =>
    n === undefined || (typeof n === 'number' && Number.isInteger(n) && n >= 0 && n <= MAX_TIMES)
  const isKnown = Object.keys(times).every((key) => key === 'atLeast' || key === 'atMost')
  if (!isKnown || !isCount(atLeast) || !isCount(atMost)) {
    return [problem(at, 'bad-condition', `Found ${shown(times)}, ${expected}.`)]
  }
  if (typeof atLeast !== 'number' || typeof atMost !== 'number' || atLeast <= atMost) return []
  return [problem(at, 'bad-condition', `At least ${atLeast} and at most ${atMost} can never hold; swap them.`)]
}

function checkMessage({ message, did, machine }: Fields, at: Checking): Problem[] {
  const problems = nameProblems(message, under(at, 'message'), 'message')
  if (problems.length === 0 && !at.context.emails.includes(String(message))) {
    const expected =
      at.context.emails.length === 0
        ? 'but this workflow has no email yet'
        : `expected one of ${at.context.emails.join(', ')}`
    problems.push(problem(under(at, 'message'), 'unknown-email', `Found the email ${shown(message)}, ${expected}.`))
  }
  if (!MESSAGE_DEEDS.some((deed) => deed === did)) {
    problems.push(
      problem(under(at, 'did'), 'bad-condition', `Found ${shown(did)}, expected one of ${MESSAGE_DEEDS.join(', ')}.`),
    )
  }
  if (machine !== undefined && typeof machine !== 'boolean') {
    problems.push(problem(under(at, 'machine'), 'bad-condition', `Found ${shown(machine)}, expected true or false.`))
  }
  return problems
}

function nameProblems(name: unknown, at: Checking, kind: Kind): Problem[] {
  if (typeof name === 'string' && name.length > 0 && name.length <= 200) return []
  return [problem(at, 'bad-condition', `Found ${shown(name)}, expected the name of the ${kind}: 1 to 200 characters.`)]
}

const keysOf = (condition: Fields): string => Object.keys(condition).slice(0, 5).map(shown).join(', ')
