/** What a step or trigger is called and what it does, in words, for cards, outline and panels. */
import type { DrawnStep, DrawnTrigger, WorkflowDocument } from '../../shared/workflow/document.ts'
import { isBlank, isRecord, listOf } from '../../shared/workflow/draft.ts'
import { stepKindOf } from '../../shared/workflow/kinds.ts'
import { meaningOfStep, nameOfStep, plainLiquid } from '../../shared/workflow/step-names.ts'
import { armsOf, sharesOf } from './arms.ts'
import type { BuilderText } from './text.ts'

export type StepWords = { title: string; line: string | null }
type Words = Pick<BuilderText, 't' | 'formats'>

const str = (value: unknown): string => (typeof value === 'string' ? value : '')

export function wordsOfTrigger(trigger: DrawnTrigger, { t }: Words): StepWords {
  switch (trigger.kind) {
    case 'event':
      return {
        title: str(trigger.event) || t('trigger.event.untitled'),
        line: t(trigger.where ? 'trigger.event.line-where' : 'trigger.event.line'),
      }
    case 'manual':
      return { title: t('kind.manual.name'), line: t('trigger.manual.line') }
    case 'contact-created':
      return { title: t('kind.contact-created.name'), line: t('trigger.contact-created.line') }
    case 'tag-added': {
      const tag = str(trigger.tag).trim()
      const title = tag === '' ? t('trigger.tag-added.untitled') : t('trigger.tag-added.title', { tag })
      return { title, line: t('trigger.tag-added.line') }
    }
    default:
      return { title: trigger.kind, line: null }
  }
}

export function wordsOfStep(step: DrawnStep, document: WorkflowDocument, words: Words): StepWords {
  const title = nameOfStep(step, words.t, document.emails)
  const meaning = meaningOfStep(step, words.t, document.emails)
  const line = lineOf(step, document, words) ?? meaning
  return { title, line: line === title ? null : line }
}

/** What stands below the name; null where what the step does says it all. */
function lineOf(step: DrawnStep, document: WorkflowDocument, { t, formats }: Words): string | null {
  switch (step.kind) {
    case 'send-email': {
      const email = document.emails[str(step.email)]
      if (email === undefined) return t('words-of.no-email')
      return plainLiquid(email.subject) || t('words-of.no-subject')
    }
    case 'branch': {
      const count = listOf(step.paths).filter((path) => isRecord(path) && !isBlank(path.when)).length
      return count === 0 ? t('words-of.no-paths') : t('words-of.first-rule', { count })
    }
    case 'split': {
      const shares = sharesOf(armsOf(step).map((arm) => arm.weight))
      return shares.length === 0 ? t('words-of.no-arms') : formats.list(shares.map((share) => formats.share(share)))
    }
    default:
      return stepKindOf(step.kind) === null ? t('words-of.unknown-kind') : null
  }
}
