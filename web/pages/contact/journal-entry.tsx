import { Button } from '@mantine/core'
import { Check, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import type { Format } from '../../app/format.ts'
import { StepTile, type TileFamily } from '../../ui/step-tile.tsx'
import styles from './journal.module.css'
import { useJournalWords } from './use-journal-words.ts'

/** One thing that happened; "Why?" opens the sentence and the values the engine saw. */
export function JournalEntry({ item, format }: { item: JournalItem; format: Format }) {
  const { t } = useTranslation('app')
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const { title, second, why } = useJournalWords(item, format)
  const seen = item.seen ?? []
  const hasWhy = why !== null && (item.kind === 'step' || item.reason !== undefined)
  const { family, kind } = tileOf(item)
  return (
    <li className={styles.entry} data-open={isOpen || undefined}>
      <time dateTime={item.at} className={`num ${styles.time}`} title={format.moment(item.at)}>
        {format.timeWithSeconds(item.at)}
      </time>
      <StepTile family={family} kind={kind} />
      <span className={styles.words}>
        <span className={styles.name}>{title}</span>
        {second !== '' && <span className={`num ${styles.second}`}>{second}</span>}
      </span>
      {hasWhy && (
        <Button
          size="compact-sm"
          variant="subtle"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          {t('journal.why')}
        </Button>
      )}
      {isOpen && hasWhy && (
        <div className={styles.why} id={id}>
          <p className={styles.sentence}>{why}</p>
          {seen.length > 0 && (
            <ul className={styles.checks}>
              {seen.map((check) => (
                <li key={`${check.what}${String(check.holds)}`} className={styles.check} data-holds={check.holds}>
                  {check.holds ? <Check size={15} aria-hidden="true" /> : <X size={15} aria-hidden="true" />}
                  <span>
                    <strong>{check.what}</strong>{' '}
                    <span className={styles.seen}>
                      {t(check.holds ? 'journal.held' : 'journal.heldNot', { value: shown(check.value, t) })}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
    </li>
  )
}

const shown = (value: unknown, t: (key: string) => string): string =>
  value === null || value === '' ? t('state.nothing') : typeof value === 'string' ? value : JSON.stringify(value)

const STEP_FAMILIES: Readonly<Record<string, TileFamily>> = {
  'send-email': 'message',
  wait: 'time',
  'wait-until': 'time',
  branch: 'logic',
  exit: 'end',
}

function tileOf(item: JournalItem): { family: TileFamily; kind: string } {
  if (item.kind === 'step') {
    const kind = item.stepKind ?? ''
    return { family: STEP_FAMILIES[kind] ?? 'action', kind }
  }
  if (item.kind === 'message.clicked') return { family: 'message', kind: 'click' }
  if (item.kind.startsWith('message.')) return { family: 'message', kind: 'send-email' }
  if (item.kind === 'enrollment.started') return { family: 'trigger', kind: 'event' }
  if (item.kind.startsWith('enrollment.')) return { family: 'end', kind: 'exit' }
  if (item.kind === 'contact.created') return { family: 'trigger', kind: 'manual' }
  if (item.kind.startsWith('consent.')) return { family: 'action', kind: 'tag' }
  return { family: 'trigger', kind: 'event' }
}
