import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Condition } from '../../../shared/condition/schema.ts'
import { conditionSchema } from '../../../shared/condition/schema.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import type { PanelServer } from '../server.ts'
import css from './condition.module.css'

const REST_MS = 400
type Props = { condition: Condition | null; server: PanelServer; text: BuilderText }

/** Who fits now: how many, when that was counted, three of them, and what a missing value does. */
export function AudienceCountNote({ condition, server, text }: Props) {
  const { t, formats } = text
  const [asked] = useDebouncedValue(condition, REST_MS)
  const messageClass = useEditor((s) => s.document.settings.messageClass)
  const isComplete = asked === null || conditionSchema.safeParse(asked).success
  const counted = useQuery({
    queryKey: ['audience-count', asked, messageClass],
    queryFn: () => server.countAudience(asked, messageClass),
    enabled: isComplete,
    placeholderData: keepPreviousData,
    retry: false,
  })
  if (!isComplete) return <p className={css.count}>{t('audience.incomplete')}</p>
  if (counted.isError)
    return (
      <p className={css.count} role="alert">
        {t('audience.failed')} {counted.error.message}
      </p>
    )
  if (counted.data === undefined) return <p className={css.count}>{t('audience.counting')}</p>
  const { total, mailable, sample } = counted.data
  return (
    <div className={css.count} aria-live="polite">
      <span className={css.big}>{formats.count(total)}</span>{' '}
      {t('audience.people', { count: total, time: formats.time(counted.dataUpdatedAt) })}
      {mailable < total && (
        <div>
          {t(`audience.lack-consent-${messageClass}`, {
            count: total - mailable,
            number: formats.count(total - mailable),
          })}
        </div>
      )}
      {sample.length > 0 && (
        <ul className={css.sample} aria-label={t('audience.sample')}>
          {sample.map((person) => (
            <li key={person.id}>{person.name ?? person.email ?? t('audience.nameless')}</li>
          ))}
        </ul>
      )}
      <p className={css.note}>{t('audience.missing')}</p>
    </div>
  )
}
