/** A rule as the pieces of its sentence, which shared/condition/words.ts builds: every piece a person can change names its choice. */
import type { Condition } from '../../../shared/condition/schema.ts'
import { placeTokens, sentenceOf, type Token, textOf, tokenText } from '../../../shared/condition/words.ts'
import { type BuilderText, sayWords } from '../../editor/text.ts'
import { kindOfRule, type Rule, type RuleKind } from './tree.ts'

/** Which choice a piece opens. `is`: how values compare; `how`: how often and when; `did`: what was done with an email. */
export type Slot = 'attribute' | 'property' | 'is' | 'value' | 'event' | 'how' | 'tag' | 'consent' | 'did' | 'message'
export type Part = { kind: 'words'; text: string } | { kind: 'token'; slot: Slot; text: string }
export type EmailNames = Readonly<Record<string, string>>

/** The words between the tokens say how: they open that choice, where the kind of rule has one. */
const WORDS_OPEN: Readonly<Partial<Record<RuleKind, Slot>>> = {
  attribute: 'is',
  property: 'is',
  event: 'how',
  message: 'did',
}
const SLOT_OF: Readonly<Record<string, Slot>> = {
  attribute: 'attribute',
  property: 'property',
  value: 'value',
  event: 'event',
  times: 'how',
  least: 'how',
  most: 'how',
  duration: 'how',
  tag: 'tag',
  topic: 'consent',
  message: 'message',
}

export function partsOf(rule: Rule, text: BuilderText, emails: EmailNames): Part[] {
  const kind = kindOfRule(rule)
  const alone: Condition = 'where' in rule ? { ...rule, where: null } : rule // what the event must be like has lines of its own
  const [phrase] = sentenceOf(named(alone, emails, text))
  if (phrase?.kind !== 'sentence') return []
  const say = sayWords(text)
  const parts = placeTokens(phrase, say).flatMap((part): Part[] => {
    if ('token' in part) return [{ kind: 'token', slot: SLOT_OF[part.name] ?? 'value', text: shown(part.token, text) }]
    const words = part.text.trim()
    return words === '' ? [] : [{ kind: 'words', text: words }]
  })
  return withWordsAsToken(parts, WORDS_OPEN[kind])
}

/** One run of words becomes the token that changes them: what follows the name compares, else the longest run says how. */
function withWordsAsToken(parts: readonly Part[], slot: Slot | undefined): Part[] {
  if (slot === undefined) return [...parts]
  const lengths = parts.map((part) => (part.kind === 'words' ? part.text.length : 0))
  const name = slot === 'is' ? parts.findIndex((part) => part.kind === 'token') : -1
  const following = name === -1 ? -1 : lengths.findIndex((length, index) => index > name && length > 0)
  const chosen = following === -1 ? lengths.indexOf(Math.max(...lengths)) : following
  return parts.map((part, index) =>
    index === chosen && part.kind === 'words' ? { kind: 'token', slot, text: part.text } : part,
  )
}

const shown = (token: Token, text: BuilderText): string =>
  token.kind === 'blank' ? text.t('cond.blank') : tokenText(token, sayWords(text))

export const topicWords = (topic: string, { t }: BuilderText): string =>
  topic === 'marketing' ? t('cond.marketing') : topic

/** The whole condition as one sentence. */
export const readBack = (condition: Condition, text: BuilderText, emails: EmailNames): string =>
  textOf(sentenceOf(named(condition, quoted(emails), text)), sayWords(text))

/** A subject inside a sentence is a sentence of its own. */
const quoted = (emails: EmailNames): EmailNames =>
  Object.fromEntries(Object.entries(emails).map(([key, subject]) => [key, `“${subject}”`]))

/** Emails by their subjects and topics by their names, not by their keys. */
function named(condition: Condition, emails: EmailNames, text: BuilderText): Condition {
  if ('all' in condition) return { all: condition.all.map((one) => named(one, emails, text)) }
  if ('any' in condition) return { any: condition.any.map((one) => named(one, emails, text)) }
  if ('not' in condition) return { not: named(condition.not, emails, text) }
  if ('message' in condition) return { ...condition, message: emails[condition.message] ?? condition.message }
  if ('consent' in condition) return { ...condition, consent: topicWords(condition.consent, text) }
  return condition
}
