/** Which operators make sense for which type of attribute. */
import type { AttributeType } from '../contact/values.ts'
import type { Operator } from './schema.ts'

const ANY_TYPE: readonly Operator[] = ['equals', 'not-equals', 'exists', 'missing']
export const NUMBER_OPERATORS: readonly Operator[] = ['greater-than', 'at-least', 'less-than', 'at-most']
const DATE_OPERATORS: readonly Operator[] = ['before', 'after', 'within-last', 'within-next']

/** The operators that make sense for each type; the editor offers these and no others. */
export const OPERATORS_FOR: Readonly<Record<AttributeType, readonly Operator[]>> = {
  text: ['equals', 'not-equals', 'contains', 'starts-with', 'one-of', 'exists', 'missing'],
  number: ['equals', 'not-equals', ...NUMBER_OPERATORS, 'one-of', 'exists', 'missing'],
  boolean: ANY_TYPE,
  date: [...DATE_OPERATORS, ...ANY_TYPE],
}
