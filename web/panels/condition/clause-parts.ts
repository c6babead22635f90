/** A rule as the pieces its sentence is made of: fixed words and tokens, in the order the language's template puts them. */
import type { EventCondition } from '../../../shared/condition/schema.ts'
import { durationWords } from '../../editor/step-words.ts'
import type { BuilderText } from '../../editor/text.ts'
import { kindOfRule, needsNoValue, type Rule, takesDuration } from './tree.ts'

export type Slot =
  | 'attribute'
  | 'property'
  | 'is'
  | 'value'
  | 'event'
  | 'times'
  | 'within'
  | 'tag'
  | 'consent'
  | 'did'
  | 'message'
export type Part = { kind: 'words'; text: string } | { kind: 'token'; slot: Slot; text: string }

export function partsOf(rule: Rule, text: BuilderText, names: { emails: Readonly<Record<string, string>> }): Part[] {
  const { t } = text
  const blank = t('cond.blank')
  switch (kindOfRule(rule)) {
    case 'attribute':
    case 'property': {
      if (!('is' in rule)) return []
      const isAttribute = 'attribute' in rule
      const name = isAttribute ? rule.attribute : rule.property
      const template = `cond.${isAttribute ? 'attribute' : 'property'}${needsNoValue(rule.is) ? '-bare' : ''}`
      return fill(template, text, {
        [isAttribute ? 'attribute' : 'property']: name || blank,
        is: t(`cond.is.${rule.is}`),
        value: valueWords(rule.value, takesDuration(rule.is), text) || blank,
      })
    }
    case 'event':
      return 'event' in rule
        ? fill('cond.event', text, {
            event: rule.event || blank,
            times: timesWords(rule.times, text),
            within: withinWords(rule.within, text),
          })
        : []
    case 'tag':
      return 'tag' in rule ? fill('cond.tag', text, { tag: rule.tag || blank }) : []
    case 'consent':
      return 'consent' in rule ? fill('cond.consent', text, { consent: topicWords(rule.consent, text) || blank }) : []
    case 'message':
      return 'message' in rule
        ? fill('cond.message', text, {
            did: t(`cond.did.${rule.did}`),
            message: names.emails[rule.message] ?? (rule.message || blank),
          })
        : []
  }
}

export const topicWords = (topic: string, { t }: BuilderText): string =>
  topic === 'marketing' ? t('cond.marketing') : topic

/** Cut the template at its tokens. The marks cannot occur in a catalogue or in what people type. */
function fill(key: string, { t }: BuilderText, values: Readonly<Partial<Record<Slot, string>>>): Part[] {
  const slots = Object.keys(values) as Slot[]
  const marked = t(key, Object.fromEntries(slots.map((slot) => [slot, `\u0001${slot}\u0001`])))
  return marked.split('\u0001').flatMap((piece): Part[] => {
    const slot = slots.find((s) => s === piece)
    if (slot !== undefined) return [{ kind: 'token', slot, text: values[slot] ?? '' }]
    return piece.trim() === '' ? [] : [{ kind: 'words', text: piece.trim() }]
  })
}

export function valueWords(value: unknown, isDuration: boolean, text: BuilderText): string {
  if (isDuration) return durationWords(value, text)
  if (Array.isArray(value)) return text.formats.either(value.map((one) => valueWords(one, false, text)))
  if (typeof value === 'number') return text.formats.count(value)
  if (typeof value === 'boolean') return text.t(value ? 'cond.yes' : 'cond.no')
  if (typeof value === 'object' && value !== null && 'entry' in value)
    return text.t('cond.entry', { property: String(value.entry) })
  return value === undefined || value === null ? '' : String(value)
}

export function timesWords(times: EventCondition['times'], { t }: BuilderText): string {
  const { atLeast, atMost } = times ?? { atLeast: 1 }
  if (atMost === 0) return t('cond.times.never')
  if (atLeast !== undefined && atLeast === atMost) return t('cond.times.exactly', { count: atLeast })
  if (atLeast !== undefined && atMost !== undefined) return t('cond.times.between', { from: atLeast, to: atMost })
  if (atMost !== undefined) return t('cond.times.at-most', { count: atMost })
  return (atLeast ?? 1) <= 1 ? t('cond.times.once') : t('cond.times.at-least', { count: atLeast ?? 1 })
}

export function withinWords(within: string | undefined, text: BuilderText): string {
  if (within === undefined || within === '') return text.t('cond.within.ever')
  if (within === 'since-entry') return text.t('cond.within.since-entry')
  return text.t('cond.within.last', { time: durationWords(within, text) })
}
