/** A condition as the builder edits it: groups of rules, "not one of these" as a kind of group. Pure, both ways without loss of meaning. */
import { OPERATORS_FOR } from '../../../shared/condition/operators.ts'
import type {
  AttributeCondition,
  Condition,
  ConsentCondition,
  EventCondition,
  MessageCondition,
  Operator,
  PropertyCondition,
  TagCondition,
} from '../../../shared/condition/schema.ts'
import type { AttributeType } from '../../../shared/contact/values.ts'

export type Join = 'all' | 'any' | 'none'
export type Rule =
  | AttributeCondition
  | PropertyCondition
  | EventCondition
  | TagCondition
  | ConsentCondition
  | MessageCondition
export type RuleKind = 'attribute' | 'property' | 'event' | 'tag' | 'consent' | 'message'
export type Group = { join: Join; items: readonly Item[] }
export type Item = Group | Rule
/** Indexes from the root group down to an item. */
export type At = readonly number[]

export const isGroup = (item: Item): item is Group => 'join' in item

export function kindOfRule(rule: Rule): RuleKind {
  if ('attribute' in rule) return 'attribute'
  if ('property' in rule) return 'property'
  if ('event' in rule) return 'event'
  if ('tag' in rule) return 'tag'
  return 'consent' in rule ? 'consent' : 'message'
}

function itemOf(condition: Condition): Item {
  if ('all' in condition) return { join: 'all', items: condition.all.map(itemOf) }
  if ('any' in condition) return { join: 'any', items: condition.any.map(itemOf) }
  if (!('not' in condition)) return condition
  const inner = condition.not
  return { join: 'none', items: 'any' in inner ? inner.any.map(itemOf) : [itemOf(inner)] }
}

/** The root is always a group, so that there is a place to add to. */
export function treeOf(condition: Condition | null): Group {
  if (condition === null) return { join: 'all', items: [] }
  const item = itemOf(condition)
  return isGroup(item) ? item : { join: 'all', items: [item] }
}

function conditionOfItem(item: Item): Condition {
  if (!isGroup(item)) return item
  const parts = item.items.map(conditionOfItem)
  if (item.join === 'all') return { all: parts }
  if (item.join === 'any') return { any: parts }
  const [only] = parts
  // One "all" or "not" stands alone; one "any" would read as several, so it keeps a group around it.
  return { not: parts.length === 1 && only !== undefined && !('any' in only) ? only : { any: parts } }
}

/** Nothing to ask is null: everybody. A root of one rule is that rule. */
export function conditionOf(root: Group): Condition | null {
  const [only] = root.items
  if (only === undefined) return null
  if (root.items.length === 1 && root.join !== 'none') return conditionOfItem(only)
  return conditionOfItem(root)
}

const changeItem = (group: Group, [index, ...rest]: At, change: (item: Item) => Item | null): Group => {
  if (index === undefined) return group
  const items = group.items.flatMap((item, i) => {
    if (i !== index) return [item]
    const changed = rest.length === 0 ? change(item) : isGroup(item) ? changeItem(item, rest, change) : item
    return changed === null ? [] : [changed]
  })
  return { ...group, items }
}

export const replaceAt = (root: Group, at: At, item: Item): Group => changeItem(root, at, () => item)
export const removeAt = (root: Group, at: At): Group => changeItem(root, at, () => null)

function changeGroup(root: Group, at: At, change: (group: Group) => Group): Group {
  if (at.length === 0) return change(root)
  return changeItem(root, at, (item) => (isGroup(item) ? change(item) : item))
}

export const addTo = (root: Group, at: At, item: Item): Group =>
  changeGroup(root, at, (group) => ({ ...group, items: [...group.items, item] }))
export const joinBy = (root: Group, at: At, join: Join): Group => changeGroup(root, at, (group) => ({ ...group, join }))

/** A fresh rule, complete but for what only a person can say. */
export function freshRule(
  kind: RuleKind,
  names: { attribute?: string; event?: string; tag?: string; email?: string },
): Rule {
  switch (kind) {
    case 'attribute':
      return { attribute: names.attribute ?? '', is: 'equals', value: '' }
    case 'property':
      return { property: '', is: 'equals', value: '' }
    case 'event':
      return { event: names.event ?? '' }
    case 'tag':
      return { tag: names.tag ?? '' }
    case 'consent':
      return { consent: 'marketing' }
    case 'message':
      return { message: names.email ?? '', did: 'clicked' }
  }
}

export const needsNoValue = (is: Operator): boolean => is === 'exists' || is === 'missing'
export const takesDuration = (is: Operator): boolean => is === 'within-last' || is === 'within-next'

export type ValueType = AttributeType
export const operatorsFor = (type: ValueType | null): readonly Operator[] => OPERATORS_FOR[type ?? 'text']

/** A value typed by a person, as the type of the attribute wants it; text that is no number stays text, and the check says so. */
export function valueFrom(
  text: string,
  type: ValueType | null,
  is: Operator,
): string | number | boolean | readonly (string | number)[] {
  const one = (word: string): string | number =>
    type === 'number' && word.trim() !== '' && Number.isFinite(Number(word)) ? Number(word) : word
  if (is === 'one-of')
    return text
      .split(',')
      .map((word) => one(word.trim()))
      .filter((word) => word !== '')
  if (type === 'boolean') return text === 'true'
  return takesDuration(is) ? text : one(text)
}

/** Keep what still makes sense when the operator changes. */
export function withOperator<T extends AttributeCondition | PropertyCondition>(rule: T, is: Operator): T {
  if (needsNoValue(is)) {
    const { value: _value, ...rest } = rule
    return { ...rest, is } as T // `rest` lacks only an optional field
  }
  const wasDuration = takesDuration(rule.is)
  const value = takesDuration(is)
    ? wasDuration
      ? rule.value
      : 'P30D'
    : wasDuration
      ? ''
      : is === 'one-of' && !Array.isArray(rule.value)
        ? [rule.value ?? '']
        : Array.isArray(rule.value) && is !== 'one-of'
          ? (rule.value[0] ?? '')
          : (rule.value ?? '')
  return { ...rule, is, value }
}

/** Can it be asked of anybody, or only of people inside the workflow (emails of this workflow, the entry event, "since entry")? */
export function isOfAnybody(condition: Condition | null): boolean {
  if (condition === null) return true
  if ('all' in condition) return condition.all.every(isOfAnybody)
  if ('any' in condition) return condition.any.every(isOfAnybody)
  if ('not' in condition) return isOfAnybody(condition.not)
  if ('message' in condition || 'property' in condition) return false
  return !('event' in condition) || condition.within !== 'since-entry'
}
