import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { z } from 'zod'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import { getVersion } from '../../api/workflows.ts'
import type { Format } from '../../app/format.ts'
import { topicName } from '../contacts/topic-name.ts'
import { sourceName } from './consent-source.ts'

export type JournalWords = { title: string; second: string; why: string | null }

/** What one entry of the journal says: what happened, the second line, and the sentence behind "Why?". */
export function useJournalWords(item: JournalItem, format: Format): JournalWords {
  const { t, i18n } = useTranslation('app')
  const path = usePathLabel(item)
  const code = item.why ?? item.reason
  const why = code === undefined ? null : i18n.exists(`why:${code}`) ? t(`why:${code}`) : code
  const workflow =
    item.workflow === undefined
      ? null
      : t('journal.workflow', { name: item.workflow.name, version: format.count(item.workflow.version) })
  const title = titleOf()
  return { title, second: secondOf(), why }

  function titleOf(): string {
    const step = item.title || (item.stepKind === undefined ? '' : t(`steps:kind.${item.stepKind}`))
    const values = {
      name: item.name ?? item.workflow?.name ?? '',
      title: step,
      subject: item.title || item.subject || '',
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
      return [workflow, t('journal.until', { moment: format.moment(item.until) })].filter(Boolean).join(' · ')
    if (item.consent !== undefined) return sourceName(item.consent.source, t)
    if (item.kind === 'event') return propertiesOf(item)
    const machine = item.machine === true ? t('journal.machine') : null
    return [workflow, machine, item.url, why].filter(Boolean).join(' · ')
  }
}

const PROPERTIES_SHOWN = 4

const propertiesOf = ({ properties = {} }: JournalItem): string =>
  Object.entries(properties)
    .slice(0, PROPERTIES_SHOWN)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ')

const withPaths = z.object({ paths: z.array(z.object({ id: z.string(), label: z.string().optional() })) })

/** What people called the path a step took; the version is read once, it never changes. */
function usePathLabel({ workflow, stepId, path }: JournalItem): string {
  const { t } = useTranslation('app')
  const isNamed = path !== undefined && path !== 'timeout' && path !== 'otherwise'
  const version = useQuery({
    queryKey: ['version', workflow?.id, workflow?.version],
    queryFn: () => getVersion(workflow?.id ?? '', workflow?.version ?? 0),
    enabled: isNamed && workflow !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (path === undefined) return ''
  if (!isNamed) return t(`steps:port.${path}`)
  const step = withPaths.safeParse(version.data?.document.steps.find(({ id }) => id === stepId))
  return (step.success ? step.data.paths.find(({ id }) => id === path)?.label : undefined) ?? path
}
