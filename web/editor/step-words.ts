/** What a step or trigger is called and what it does, in words, for cards, outline and panels. */
import type { DrawnStep, DrawnTrigger, WorkflowDocument } from '../../shared/workflow/document.ts'
import { readDuration } from './duration-input.ts'
import type { BuilderText } from './text.ts'

export type StepWords = { title: string; line: string | null }
type Words = Pick<BuilderText, 't' | 'formats'>

/** "2 days", "3 h 30 min"; an unreadable duration stands as it is, so that nothing is hidden. */
export function durationWords(iso: unknown, { t, formats }: Words): string {
  const read = typeof iso === 'string' ? readDuration(iso) : null
  if (read === null) return typeof iso === 'string' && iso !== '' ? iso : t('words-of.no-time')
  return formats.list(read.map(({ amount, unit }) => t(`unit.${unit}`, { count: amount })))
}

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

const str = (value: unknown): string => (typeof value === 'string' ? value : '')
const rec = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
const arr = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const labelsOf = (step: DrawnStep): string[] => arr(step.paths).flatMap((p) => str(rec(p).label) || [])

export function wordsOfTrigger(trigger: DrawnTrigger, { t }: Words): StepWords {
  switch (trigger.kind) {
    case 'event':
      return {
        title: str(trigger.event) || t('trigger.event.untitled'),
        line: t(trigger.where ? 'trigger.event.line-where' : 'trigger.event.line'),
      }
    case 'manual':
      return { title: t('kind.manual.name'), line: t('trigger.manual.line') }
    default:
      return { title: trigger.kind, line: null }
  }
}

export function wordsOfStep(step: DrawnStep, document: WorkflowDocument, words: Words): StepWords {
  const own = str(step.title).trim()
  const { title, line } = meaningOf(step, document, words)
  if (own === '' || own === title) return { title, line: line === title ? null : line }
  return { title: own, line: line ?? title }
}

function meaningOf(step: DrawnStep, document: WorkflowDocument, words: Words): StepWords {
  const { t, formats } = words
  switch (step.kind) {
    case 'send-email': {
      const email = document.emails[str(step.email)]
      if (email === undefined) return { title: t('kind.send-email.untitled'), line: t('words-of.no-email') }
      const subject = plainLiquid(email.subject)
      return { title: subject || t('kind.send-email.untitled'), line: subject || t('words-of.no-subject') }
    }
    case 'wait':
      return { title: waitWords(step, words), line: null }
    case 'wait-until': {
      const labels = labelsOf(step)
      const what = labels.length === 0 ? t('words-of.something') : formats.either(labels)
      return { title: t('words-of.until', { what, time: durationWords(rec(step.timeout).after, words) }), line: null }
    }
    case 'branch': {
      const labels = labelsOf(step)
      const line = labels.length === 0 ? t('words-of.no-paths') : t('words-of.first-rule', { count: labels.length })
      return {
        title: labels.length === 1 ? t('words-of.is-it', { what: labels[0] ?? '' }) : t('kind.branch.untitled'),
        line,
      }
    }
    case 'exit':
      return { title: str(step.reason) || t('kind.exit.untitled'), line: null }
    default:
      return { title: step.kind, line: t('words-of.unknown-kind') }
  }
}

function waitWords(step: DrawnStep, words: Words): string {
  const { t, formats } = words
  if (step.until === undefined || step.until === null)
    return t('words-of.wait-for', { time: durationWords(step.for, words) })
  const until = rec(step.until)
  if (typeof until.at === 'string') return t('words-of.wait-at', { time: until.at.replace('T', ' ').slice(0, 16) })
  if (typeof until.attribute === 'string') return t('words-of.wait-attribute', { attribute: until.attribute || '…' })
  const days = arr(until.days).map((d) => t(`day.${str(d)}`))
  const time = str(until.time) || '…'
  const after = str(until.after)
  const bare = { days: formats.either(days), time }
  if (after === '') return t(days.length === 0 ? 'words-of.next-time' : 'words-of.next-day', bare)
  const next = t(days.length === 0 ? 'words-of.bare-time' : 'words-of.bare-day', bare)
  return t('words-of.after-then', { time: durationWords(after, words), next })
}
