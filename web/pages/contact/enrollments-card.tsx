import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import { useJournal } from '../../api/contacts.ts'
import { useFormat } from '../../app/use-format.ts'
import cards from '../../ui/card.module.css'
import { Card } from '../../ui/card.tsx'
import { Chip, type ChipTone } from '../../ui/chip.tsx'
import tables from '../../ui/table.module.css'
import styles from './contact-page.module.css'

type Passage = { id: string; workflow: NonNullable<JournalItem['workflow']>; enteredAt: string; state: string }

const TONES: Readonly<Record<string, ChipTone>> = {
  active: 'live',
  failed: 'problem',
  exited: 'outline',
  completed: 'quiet',
}

/** The workflows this person is or was in, as far as the loaded journal tells. */
export function EnrollmentsCard({ id }: { id: string }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const journal = useJournal(id)
  const passages = passagesOf((journal.data?.pages ?? []).flatMap((page) => page.items))
  return (
    <Card isSmall title={t('contact.enrollments.title')}>
      {journal.data !== undefined && passages.length === 0 && (
        <p className={cards.hint}>{t('contact.enrollments.none')}</p>
      )}
      <ul className={styles.lines}>
        {passages.map((passage) => (
          <li key={passage.id} className={styles.line}>
            <span className={tables.two}>
              <Link to={`/workflows/${passage.workflow.id}`}>{passage.workflow.name}</Link>
              <span className={`num ${tables.second}`}>
                {t('contact.enrollments.entered', {
                  version: format.count(passage.workflow.version),
                  day: format.day(passage.enteredAt),
                })}
              </span>
            </span>
            <Chip tone={TONES[passage.state] ?? 'quiet'}>{t(`contact.enrollments.${passage.state}`)}</Chip>
          </li>
        ))}
      </ul>
    </Card>
  )
}

function passagesOf(items: readonly JournalItem[]): Passage[] {
  const ended = new Map<string, string>()
  for (const { kind, enrollmentId } of items)
    if (enrollmentId !== undefined && ['enrollment.completed', 'enrollment.exited', 'enrollment.failed'].includes(kind))
      ended.set(enrollmentId, kind.slice('enrollment.'.length))
  return items.flatMap(({ kind, enrollmentId, workflow, at }) =>
    kind === 'enrollment.started' && enrollmentId !== undefined && workflow !== undefined
      ? [{ id: enrollmentId, workflow, enteredAt: at, state: ended.get(enrollmentId) ?? 'active' }]
      : [],
  )
}
