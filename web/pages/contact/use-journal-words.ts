import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import { seenText } from '../../../shared/condition/seen-words.ts'
import type { WorkflowDocument } from '../../../shared/workflow/document.ts'
import { nameOfStep, plainLiquid } from '../../../shared/workflow/step-names.ts'
import type { Fill, Format } from '../../app/format.ts'
import { topicName } from '../contacts/topic-name.ts'
import { sourceName } from './consent-source.ts'
import type { JournalLine } from './journal-lines.ts'
import { useVersion } from './use-version.ts'

export type SeenWords = { text: string; holds: boolean }
export type JournalWords = { title: string; second: string; why: string | null; seen: SeenWords[] }

/** What one line of the journal says: what happened, the second line, and the sentence and values behind "Why?". */
export function useJournalWords({ item, deeds }: JournalLine, format: Format): JournalWords {
  const { t, i18n } = useTranslation('app')
  const say: Fill = (key, values) => t(key, values ?? {})
  const version = useVersion(item)
  const code = item.why ?? item.reason
  const why = code === undefined ? null : i18n.exists(`why:${code}`) ? t(`why:${code}`) : code
  const workflow =
    item.workflow === undefined
      ? null
      : t('journal.workflow', { name: item.workflow.name, version: format.count(item.workflow.version) })
  return { title: titleOf(), second: secondOf(), why, seen: seenOf() }

  function titleOf(): string {
    const path = pathLabel(item, version, say)
    const values = {
      name: item.name ?? item.workflow?.name ?? '',
      title: stepName(item, version, say),
      subject: item.title || plainLiquid(item.subject ?? ''),
      path,
      topic: item.consent === undefined ? '' : topicName(item.consent.topic, t),
      status: item.consent === undefined ? '' : t(`contact.consent.${item.consent.status}`),
    }
    if (item.kind !== 'step') return t(`journal.kind.${item.kind}`, { ...values, defaultValue: item.kind })
    const isChoice = item.outcome === 'passed' && path !== ''
    return t(isChoice ? 'journal.step.took' : `journal.step.${item.outcome ?? 'passed'}`, values)
  }

  function secondOf(): string {
    if (item.kind === 'step' && item.until !== undefined)
      return [workflow, t('journal.until', { moment: nearEntry(item.until) })].filter(Boolean).join(' · ')
    if (item.consent !== undefined) return sourceName(item.consent.source, t)
    if (item.kind === 'event') return propertiesOf(item)
    const machine = item.machine === true ? t('journal.machine') : null
    const done = deeds.map((deed) =>
      t(`journal.deed.${deed.kind.slice('message.'.length)}`, { at: nearEntry(deed.at) }),
    )
    return [workflow, ...new Set(done), machine, item.url, why].filter(Boolean).join(' · ')
  }

  /** The entry stands under its day: only another day is named. */
  function nearEntry(at: string): string {
    return format.isSameDay(at, item.at) ? format.timeWithSeconds(at) : format.near(at, Date.parse(item.at))
  }

  function seenOf(): SeenWords[] {
    return (item.seen ?? []).map((seen) => ({
      text: seenText({ ...seen, what: withSubject(seen.what, version) }, (key, values) => say(`words:${key}`, values)),
      holds: seen.holds,
    }))
  }
}

/** What people call a step: the title it had, else what its version says it does. */
function stepName({ stepId, stepKind, title = '' }: JournalItem, version: WorkflowDocument | null, say: Fill): string {
  const step = version?.steps.find(({ id }) => id === stepId)
  if (title !== '') return title
  if (step !== undefined && version !== null) return nameOfStep(step, say, version.emails)
  return stepKind === undefined ? '' : say(`steps:kind.${stepKind}`)
}

/** `message:<email>:<deed>` names an email by its key; people know it by its subject. */
function withSubject(what: string, version: WorkflowDocument | null): string {
  const [kind, key = '', deed] = what.split(':')
  const subject = kind === 'message' && version !== null ? version.emails[key]?.subject : undefined
  return subject === undefined ? what : `message:“${plainLiquid(subject)}”:${deed ?? ''}`
}

const PROPERTIES_SHOWN = 4

const propertiesOf = ({ properties = {} }: JournalItem): string =>
  Object.entries(properties)
    .slice(0, PROPERTIES_SHOWN)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')

const labelled = z.array(z.object({ id: z.string(), label: z.string().optional() }))
const withPaths = z.object({ paths: labelled.optional(), arms: labelled.optional() })

/** What people called the path a step took. */
function pathLabel({ stepId, path }: JournalItem, version: WorkflowDocument | null, say: Fill): string {
  if (path === undefined) return ''
  if (path === 'timeout' || path === 'otherwise') return say(`steps:port.${path}`)
  const step = withPaths.safeParse(version?.steps.find(({ id }) => id === stepId))
  const ways = step.success ? [...(step.data.paths ?? []), ...(step.data.arms ?? [])] : []
  // An unnamed way has an empty label.
  return ways.find(({ id }) => id === path)?.label || path
}
