/** What a token of a rule can be changed to. Pure: the editor of a slot only draws it. */
import type { Fields } from '../../../shared/api/contacts.ts'
import { MESSAGE_DEEDS } from '../../../shared/condition/schema.ts'
import type { BuilderText } from '../../editor/text.ts'
import { type Slot, topicWords } from './clause-parts.ts'
import { operatorsFor, type Rule, type ValueType, withOperator } from './tree.ts'

export type Names = { fields: Fields; emails: Readonly<Record<string, string>>; eventName: string | null }
export type Option = { value: string; label: string }

/** `suggest`: anything may be written; `pick`: one of these; `value` and `how` are more than one field. */
export type Choice =
  | { kind: 'suggest'; label: string; value: string; data: readonly string[]; change(value: string): Rule }
  | { kind: 'pick'; label: string; value: string; options: readonly Option[]; change(value: string): Rule }
  | { kind: 'nothing'; say: string }
  | { kind: 'value' }
  | { kind: 'how' }

type Asked = { rule: Rule; names: Names; text: BuilderText }

/** @returns null for a slot this kind of rule does not have */
export function choiceOf(slot: Slot, asked: Asked): Choice | null {
  const { rule } = asked
  switch (slot) {
    case 'value':
      return 'is' in rule ? { kind: 'value' } : null
    case 'how':
      return 'event' in rule ? { kind: 'how' } : null
    case 'attribute':
    case 'property':
    case 'event':
    case 'tag':
      return suggestionOf(slot, asked)
    default:
      return picksOf(slot, asked)
  }
}

function suggestionOf(slot: 'attribute' | 'property' | 'event' | 'tag', asked: Asked): Choice | null {
  const { rule, names, text } = asked
  const { fields } = names
  const suggest = (value: string, data: readonly string[], change: (value: string) => Rule): Choice => ({
    kind: 'suggest',
    label: text.t(`cond.choose.${slot}`),
    value,
    data: [...new Set(data)],
    change,
  })
  if (slot === 'attribute' && 'attribute' in rule)
    return suggest(
      rule.attribute,
      fields.attributes.map((a) => a.key),
      (attribute) => ({ ...rule, attribute }),
    )
  if (slot === 'property' && 'property' in rule)
    return suggest(rule.property, propertiesOf(names), (property) => ({ ...rule, property }))
  if (slot === 'event' && 'event' in rule)
    return suggest(
      rule.event,
      fields.events.map((e) => e.name),
      (event) => ({ ...rule, event }),
    )
  if (slot === 'tag' && 'tag' in rule) return suggest(rule.tag, fields.tags, (tag) => ({ ...rule, tag }))
  return null
}

function picksOf(slot: 'is' | 'consent' | 'did' | 'message', { rule, names, text }: Asked): Choice | null {
  const { t } = text
  const pick = <T extends string>(
    value: T,
    options: readonly { value: T; label: string }[],
    change: (value: T) => Rule,
  ): Choice => ({
    kind: 'pick',
    label: t(`cond.choose.${slot}`),
    value,
    options,
    change: (chosen) => change(options.find((option) => option.value === chosen)?.value ?? value),
  })
  if (slot === 'is' && 'is' in rule) {
    const operators = operatorsFor(typeOf(rule, names.fields))
    const options = operators.map((is) => ({ value: is, label: t(`words:operator.${is}`) }))
    return pick(rule.is, options, (is) => withOperator(rule, is))
  }
  if (slot === 'consent' && 'consent' in rule) {
    const topics = [...new Set(['marketing', ...names.fields.topics])]
    const options = topics.map((topic) => ({ value: topic, label: topicWords(topic, text) }))
    return pick(rule.consent, options, (consent) => ({ ...rule, consent }))
  }
  if (!('message' in rule)) return null
  if (slot === 'did') {
    const options = MESSAGE_DEEDS.map((did) => ({ value: did, label: t(`words:deed.${did}`) }))
    return pick(rule.did, options, (did) => ({ ...rule, did }))
  }
  if (slot !== 'message') return null
  const options = Object.entries(names.emails).map(([value, label]) => ({ value, label }))
  if (options.length === 0) return { kind: 'nothing', say: t('cond.no-emails') }
  return pick(rule.message, options, (message) => ({ ...rule, message }))
}

const propertiesOf = ({ fields, eventName }: Names): string[] =>
  fields.events.filter((e) => eventName === null || e.name === eventName).flatMap((e) => e.properties)

const fieldOf = (rule: Rule, fields: Fields) =>
  'attribute' in rule ? fields.attributes.find((a) => a.key === rule.attribute) : undefined

/** The declared type of an attribute; what a property is compared with speaks for its own. */
export function typeOf(rule: Rule, fields: Fields): ValueType | null {
  const guessed = 'property' in rule && typeof rule.value === 'number' ? 'number' : null
  return fieldOf(rule, fields)?.type ?? guessed
}

export const samplesOf = (rule: Rule, fields: Fields): readonly string[] => fieldOf(rule, fields)?.samples ?? []
