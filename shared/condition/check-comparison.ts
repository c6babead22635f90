/** Check one comparison: does the operator exist, has it the value it needs, and do both fit the attribute's type? */
import { type AttributeType, fitsType } from '../contact/values.ts'
import type { Json } from '../json.ts'
import { parseIso } from '../time/calendar.ts'
import { parseDuration } from '../time/duration.ts'
import type { Problem } from '../workflow/problem.ts'
import { type Checking, type Fields, isFields, problem, shown, under } from './checking.ts'
import { NUMBER_OPERATORS, OPERATORS_FOR } from './operators.ts'
import { OPERATORS, type Operator } from './schema.ts'
import { numberOf } from './values.ts'

export function comparisonProblems(condition: Fields, kind: 'attribute' | 'property', at: Checking): Problem[] {
  const is = OPERATORS.find((operator) => operator === condition.is)
  if (is === undefined) {
    return [
      problem(
        under(at, 'is'),
        'bad-operator',
        `Found ${shown(condition.is)}, expected one of ${OPERATORS.join(', ')}.`,
      ),
    ]
  }
  const name = condition[kind]
  const { attributes } = at.context
  const type =
    kind === 'attribute' && typeof name === 'string' && Object.hasOwn(attributes, name) ? attributes[name] : undefined
  const problems = valueProblems(is, condition.value, under(at, 'value'))
  if (type === undefined || problems.length > 0) return problems
  return typeProblems(is, condition.value, { type, name: String(name) }, at)
}

function valueProblems(is: Operator, value: unknown, at: Checking): Problem[] {
  if (is === 'exists' || is === 'missing') {
    return value === undefined
      ? []
      : [problem(at, 'bad-condition', `Found ${shown(value)}, but "${is}" takes no value; remove it.`)]
  }
  if (value === undefined || value === null || value === '') {
    return [problem(at, 'bad-condition', `Found ${shown(value)}, but "${is}" compares with a value; give one.`)]
  }
  if (isFields(value)) return entryProblems(value, at)
  const expected = expectedValue(is, value)
  return expected === null ? [] : [problem(at, 'wrong-type', `Found ${shown(value)}, but "${is}" expects ${expected}.`)]
}

/** What this operator wants instead of `value`; null: it is content. */
function expectedValue(is: Operator, value: unknown): string | null {
  if (is === 'one-of') return isScalarList(value) ? null : 'a list of 1 to 1,000 texts, numbers or yes/no values'
  if (Array.isArray(value)) return 'one value, not a list'
  if (NUMBER_OPERATORS.includes(is)) {
    return (typeof value === 'number' || typeof value === 'string') && numberOf(value) !== null ? null : 'a number'
  }
  if (is === 'before' || is === 'after') {
    return typeof value === 'string' && parseIso(value) !== null ? null : 'a date such as "2026-12-24"'
  }
  if (is === 'within-last' || is === 'within-next') {
    return typeof value === 'string' && parseDuration(value).ok ? null : 'a duration such as "P30D"'
  }
  if (is === 'contains' || is === 'starts-with') return typeof value === 'boolean' ? 'a text' : null
  return null
}

const isScalarList = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= 1_000 &&
  value.every((one) => typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean')

function entryProblems(value: Fields, at: Checking): Problem[] {
  const { entry } = value
  if (Object.keys(value).length === 1 && typeof entry === 'string' && entry !== '') return []
  return [
    problem(
      at,
      'bad-condition',
      `Found ${shown(value)}, expected a plain value or {"entry": "<property of the entry event>"}.`,
    ),
  ]
}

function typeProblems(
  is: Operator,
  value: unknown,
  attribute: { type: AttributeType; name: string },
  at: Checking,
): Problem[] {
  const { type, name } = attribute
  if (!OPERATORS_FOR[type].includes(is)) {
    return [
      problem(
        under(at, 'is'),
        'wrong-type',
        `Found "${is}" on the ${type} attribute "${name}", expected one of ${OPERATORS_FOR[type].join(', ')}.`,
      ),
    ]
  }
  // Durations and values of the entry event have no type of their own to compare with.
  if (is === 'within-last' || is === 'within-next' || isFields(value) || value === undefined) return []
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  const bad = values.find((one) => !fits(one, type))
  if (bad === undefined) return []
  return [problem(under(at, 'value'), 'wrong-type', `Found ${shown(bad)}, but the attribute "${name}" is a ${type}.`)]
}

/** A number may stand for a text: postcodes and plan names are often typed without quotes. */
function fits(value: unknown, type: AttributeType): boolean {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return false
  const json: Json = value
  return type === 'text' ? typeof json !== 'boolean' : fitsType(json, type)
}
