/**
 * Conditions, waits and durations as sentences: one template per operator and language (namespace `words`), tokens placed by the
 * template and never glued. The web draws the tokens as controls; `textOf` makes plain text of the same for outlines and screen readers.
 */
import type { Json } from '../json.ts'
import { durationOf } from '../time/duration.ts'
import { MINUTE_MS } from '../time/instant.ts'
import type { Condition, ConditionValue, EventCondition } from './schema.ts'
import { isEntryValue } from './values.ts'

/** A changeable part of a sentence. */
export type Token =
  /** Of an attribute, property, event, tag, topic or email. */
  | { kind: 'name'; text: string }
  | { kind: 'value'; value: Json }
  /** The value of a property of the entry event. */
  | { kind: 'entry'; property: string }
  | { kind: 'duration'; iso: string }
  | { kind: 'count'; n: number }
  /** Not chosen yet. */
  | { kind: 'blank' }

export type Phrase =
  | {
      kind: 'sentence'
      /** Below `words`, e.g. `condition.attribute.equals`. */
      key: string
      tokens: Readonly<Record<string, Token>>
      /** Chooses the plural form, where the template has one. */
      count: number | null
      /** What an event must be like; itself phrases. */
      where: readonly Phrase[] | null
    }
  | { kind: 'group'; joins: 'all' | 'any' | 'none'; lines: readonly Phrase[] }

/** Look a key of namespace `words` up and fill it in: i18next's `t` bound to that namespace fits. */
export type Say = (key: string, values?: Record<string, string | number>) => string

/** The condition as phrases. What a draft has left open becomes a blank token. */
export function sentenceOf(condition: Condition): Phrase[] {
  return [phraseOf(condition)]
}

function phraseOf(condition: Condition): Phrase {
  if ('all' in condition) return { kind: 'group', joins: 'all', lines: condition.all.map(phraseOf) }
  if ('any' in condition) return { kind: 'group', joins: 'any', lines: condition.any.map(phraseOf) }
  if ('not' in condition) {
    const { not } = condition
    return { kind: 'group', joins: 'none', lines: 'any' in not ? not.any.map(phraseOf) : [phraseOf(not)] }
  }
  if ('attribute' in condition) {
    const { attribute, is, value } = condition
    return sentence(`condition.attribute.${is}`, { attribute: name(attribute), value: valueToken(is, value) })
  }
  if ('property' in condition) {
    const { property, is, value } = condition
    return sentence(`condition.property.${is}`, { property: name(property), value: valueToken(is, value) })
  }
  if ('event' in condition) return eventPhrase(condition)
  if ('tag' in condition) return sentence('condition.tag', { tag: name(condition.tag) })
  if ('consent' in condition) return sentence('condition.consent', { topic: name(condition.consent) })
  const { message, did, machine } = condition
  const suffix = machine === true && (did === 'opened' || did === 'clicked') ? '-machine' : ''
  return sentence(`condition.message.${did}${suffix}`, { message: name(message) })
}

function eventPhrase({ event, times, within, where }: EventCondition): Phrase {
  const period = within === undefined ? 'ever' : within === 'since-entry' ? 'since-entry' : 'last'
  const { frequency, counts } = frequencyOf(times ?? {})
  const tokens = {
    event: name(event),
    ...counts,
    ...(period === 'last' && { duration: { kind: 'duration', iso: within ?? '' } as const }),
  }
  const count = 'times' in counts ? counts.times.n : null
  const phrases = where === undefined || where === null ? null : sentenceOf(where)
  return { kind: 'sentence', key: `condition.event.${frequency}.${period}`, tokens, count, where: phrases }
}

type Count = { kind: 'count'; n: number }
type Frequency = { frequency: string; counts: { times: Count } | { least: Count; most: Count } | Record<never, never> }

function frequencyOf({ atLeast, atMost }: NonNullable<EventCondition['times']>): Frequency {
  const count = (n: number): Count => ({ kind: 'count', n })
  if (atMost === 0) return { frequency: 'never', counts: {} }
  if (atMost !== undefined) {
    if (atLeast === undefined || atLeast === 0) return { frequency: 'at-most', counts: { times: count(atMost) } }
    if (atLeast === atMost) return { frequency: 'exactly', counts: { times: count(atMost) } }
    return { frequency: 'between', counts: { least: count(atLeast), most: count(atMost) } }
  }
  return atLeast === undefined || atLeast <= 1
    ? { frequency: 'once', counts: {} }
    : { frequency: 'at-least', counts: { times: count(atLeast) } }
}

function sentence(key: string, tokens: Readonly<Record<string, Token>>): Phrase {
  return { kind: 'sentence', key, tokens, count: null, where: null }
}

const name = (text: string): Token => (text === '' ? { kind: 'blank' } : { kind: 'name', text })

function valueToken(is: string, value: ConditionValue | undefined): Token {
  if (value === undefined || value === null || value === '') return { kind: 'blank' }
  if (isEntryValue(value)) return { kind: 'entry', property: value.entry }
  if (typeof value === 'string' && is.startsWith('within-')) return { kind: 'duration', iso: value }
  return { kind: 'value', value }
}

/** Text and tokens of one sentence in the order of the language. */
export type Placed = { text: string } | { name: string; token: Token }

/** A mark that no catalogue and no value contains. */
const MARK = '\u0001'

export function placeTokens(phrase: Extract<Phrase, { kind: 'sentence' }>, say: Say): Placed[] {
  const marked = Object.keys(phrase.tokens).map((key): [string, string] => [key, `${MARK}${key}${MARK}`])
  const values = { ...Object.fromEntries(marked), ...(phrase.count !== null && { count: phrase.count }) }
  return say(phrase.key, values)
    .split(MARK)
    .flatMap((part, index): Placed[] => {
      const token = index % 2 === 1 ? phrase.tokens[part] : undefined
      if (token !== undefined) return [{ name: part, token }]
      return part === '' ? [] : [{ text: part }]
    })
}

/** The phrases as plain text. */
export function textOf(phrases: readonly Phrase[], say: Say): string {
  return joined('all', phrases, say)
}

function phraseText(phrase: Phrase, say: Say, isNested: boolean): string {
  if (phrase.kind === 'group') return groupText(phrase, say, isNested)
  const text = placeTokens(phrase, say)
    .map((part) => ('text' in part ? part.text : tokenText(part.token, say)))
    .join('')
  return phrase.where === null ? text : say('condition.where', { sentence: text, where: textOf(phrase.where, say) })
}

function groupText({ joins, lines }: Extract<Phrase, { kind: 'group' }>, say: Say, isNested: boolean): string {
  const text = joined(joins, lines, say)
  if (joins === 'none') return say(lines.length === 1 ? 'group.not' : 'group.nested.none', { sentence: text })
  return isNested && lines.length > 1 ? say(`group.nested.${joins}`, { sentence: text }) : text
}

function joined(joins: 'all' | 'any' | 'none', lines: readonly Phrase[], say: Say): string {
  const texts = lines.map((line) => phraseText(line, say, lines.length > 1))
  const last = texts.pop() ?? ''
  return texts.reduceRight((rest, first) => say(`group.join.${joins}`, { first, rest }), last)
}

export function tokenText(token: Token, say: Say): string {
  switch (token.kind) {
    case 'name':
      return token.text
    case 'count':
      return String(token.n)
    case 'entry':
      return say('value.entry', { property: token.property })
    case 'duration':
      return durationText(token.iso, say)
    case 'blank':
      return say('value.blank')
    case 'value':
      return valueText(token.value, say)
  }
}

function valueText(value: Json, say: Say): string {
  if (typeof value === 'boolean') return say(value ? 'value.yes' : 'value.no')
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return JSON.stringify(value)
  const texts = value.map((one: Json) => valueText(one, say))
  const last = texts.pop() ?? say('value.blank')
  return texts.reduceRight((rest, first) => say('value.or', { first, rest }), last)
}

/** `P1M2D` as "1 month and 2 days"; a text that is no duration stays as it is. */
export function durationText(iso: string, say: Say): string {
  const duration = durationOf(iso)
  if (duration === null) return iso === '' ? say('value.blank') : iso
  const { months, days, ms } = duration
  const weeks = days % 7 === 0 ? days / 7 : 0
  const parts: [string, number][] = [
    ['year', Math.floor(months / 12)],
    ['month', months % 12],
    ['week', weeks],
    ['day', weeks === 0 ? days : 0],
    ['hour', Math.floor(ms / (60 * MINUTE_MS))],
    ['minute', Math.floor(ms / MINUTE_MS) % 60],
    ['second', (ms % MINUTE_MS) / 1_000],
  ]
  const texts = parts.filter(([, count]) => count > 0).map(([unit, count]) => say(`duration.${unit}`, { count }))
  const last = texts.pop() ?? ''
  return texts.reduceRight((rest, first) => say('duration.joined', { first, rest }), last)
}
