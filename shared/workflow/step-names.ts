/** What a step is called wherever it is named: canvas, dialogs, journal. Pure; the words come from namespaces `steps` and `words`. */
import { durationText, type Say } from '../condition/words.ts'
import type { DrawnStep, EmailContent } from './document.ts'
import { isRecord, listOf, textOf, titleOf } from './draft.ts'
import { stepKindOf } from './kinds.ts'
import { waitMode } from './steps/wait.ts'

/** A template with its Liquid shown by name: "Welcome, {{ contact.first_name | default: 'friend' }}" reads "Welcome, first name". */
export function plainLiquid(text: string): string {
  return text
    .replace(/\{\{-?\s*(?:contact|event|sender)?\.?([\w.]*)[^}]*\}\}/g, (_, name: string) =>
      name.replaceAll(/[_.]/g, ' '),
    )
    .replace(/\{%[^%]*%\}/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/**
 * Its own title, else what it does: "Wait 2 days", the subject of its email, the reason for leaving.
 *
 * @param say looks up keys with their namespace, e.g. `steps:name.wait`; i18next's `t` fits
 * @param emails of the document the step stands in; without them an email step is named by its title alone
 */
export function nameOfStep(
  step: Pick<DrawnStep, 'kind' | 'title'> & Readonly<Record<string, unknown>>,
  say: Say,
  emails: Readonly<Record<string, EmailContent>> = {},
): string {
  const own = titleOf(step)
  return own === '' ? meaningOfStep(step, say, emails) : own
}

/** The same, whatever its title says. */
export function meaningOfStep(
  step: Readonly<Record<string, unknown>> & { kind: string },
  say: Say,
  emails: Readonly<Record<string, EmailContent>>,
): string {
  switch (step.kind) {
    case 'send-email': {
      const key = textOf(step.email)
      const email = key !== null && Object.hasOwn(emails, key) ? emails[key] : undefined
      return plainLiquid(email?.subject ?? '') || say('steps:untitled.send-email')
    }
    case 'wait':
      return waitText(step, say)
    case 'wait-until': {
      const after = isRecord(step.timeout) ? step.timeout.after : null
      const what = joined(labelsOf(step), say) ?? say('steps:name.something')
      return say('steps:name.until', { what, time: timeText(after, say) })
    }
    case 'branch': {
      const [only, ...others] = labelsOf(step)
      return only === undefined || others.length > 0
        ? say('steps:untitled.branch')
        : say('steps:name.question', { what: only })
    }
    case 'split': {
      const count = listOf(step.arms).length
      return count === 0 ? say('steps:untitled.split') : say('steps:name.split-into', { count })
    }
    case 'update-contact':
      return updateText(step, say)
    case 'exit':
      return textOf(step.reason) ?? say('steps:untitled.exit')
    default:
      return stepKindOf(step.kind) === null ? step.kind : say(`steps:kind.${step.kind}`)
  }
}

/** The first thing it changes, and how many more there are: "Set plan and 2 more". */
function updateText(step: Readonly<Record<string, unknown>>, say: Say): string {
  const tags = (value: unknown) => listOf(value).flatMap((tag) => textOf(tag) ?? [])
  const changes = [
    ...Object.entries(isRecord(step.set) ? step.set : {}).map(([attribute, value]) =>
      say(value === null ? 'steps:name.delete-value' : 'steps:name.set-value', { attribute }),
    ),
    ...tags(step.addTags).map((tag) => say('steps:name.add-tag', { tag })),
    ...tags(step.removeTags).map((tag) => say('steps:name.remove-tag', { tag })),
  ]
  const [first, ...others] = changes
  if (first === undefined) return say('steps:untitled.update-contact')
  return others.length === 0 ? first : say('steps:name.and-more', { first, count: others.length })
}

/** "2 days", "3 hours and 30 minutes"; an unreadable duration stands as it is, so that nothing is hidden. */
export function timeText(iso: unknown, say: Say): string {
  const text = textOf(iso)
  const isNothing = text === null || (text.startsWith('P') && !/[1-9]/.test(text))
  return isNothing ? say('steps:name.no-time') : durationText(text, (key, values) => say(`words:${key}`, values))
}

export const labelsOf = (step: Readonly<Record<string, unknown>>): string[] =>
  listOf(step.paths).flatMap((path) => (isRecord(path) ? (textOf(path.label) ?? []) : []))

function joined(words: readonly string[], say: Say): string | null {
  const last = words.at(-1)
  if (last === undefined) return null
  return words.slice(0, -1).reduceRight((rest, first) => say('words:value.or', { first, rest }), last)
}

function waitText(step: Readonly<Record<string, unknown>>, say: Say): string {
  const until = isRecord(step.until) ? step.until : {}
  switch (waitMode(step)) {
    case 'at':
      return say('steps:name.wait-at', { time: (textOf(until.at) ?? '…').replace('T', ' ').slice(0, 16) })
    case 'attribute':
      return attributeText(textOf(until.attribute) ?? '…', textOf(until.offset) ?? '', say)
    case 'time':
      return timeOfDayText(until, say)
    default:
      return say('steps:name.wait', { time: timeText(step.for, say) })
  }
}

function attributeText(attribute: string, offset: string, say: Say): string {
  if (offset === '') return say('steps:name.wait-attribute', { attribute })
  const time = timeText(offset.replace(/^[+-]/, ''), say)
  return say(`steps:name.${offset.startsWith('-') ? 'wait-before' : 'wait-after'}`, { attribute, time })
}

function timeOfDayText(until: Readonly<Record<string, unknown>>, say: Say): string {
  const time = textOf(until.time) ?? '…'
  const names = listOf(until.days).map((day) => say(`steps:day.${String(day)}`))
  const days = joined(names, say)
  const after = textOf(until.after)
  const part = days === null ? 'time' : 'day'
  const values = { time, ...(days !== null && { days }) }
  if (after === null) return say(`steps:name.next-${part}`, values)
  return say('steps:name.after-then', { time: timeText(after, say), next: say(`steps:name.bare-${part}`, values) })
}
