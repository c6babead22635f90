import { Button } from '@mantine/core'
import { Check as CheckIcon, Minus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JournalItem } from '../../../shared/api/contacts.ts'
import type { Format } from '../../app/format.ts'
import { StepTile, type TileFamily } from '../../ui/step-tile.tsx'
import styles from './journal.module.css'
import { type JournalLine, mailChecks } from './journal-lines.ts'
import { type JournalWords, useJournalWords } from './use-journal-words.ts'

/** One thing that happened; "Why?" opens the sentence, then the checks in the order the engine ran them. */
export function JournalEntry({ line, format }: { line: JournalLine; format: Format }) {
  const { t } = useTranslation('app')
  const [isOpen, setIsOpen] = useState(false)
  const id = useId()
  const { item } = line
  const words = useJournalWords(line, format)
  const hasWhy = words.why !== null && (item.kind === 'step' || item.reason !== undefined)
  const { family, kind } = tileOf(item)
  return (
    <li className={styles.entry} data-open={(isOpen && hasWhy) || undefined}>
      <time dateTime={item.at} className={`num ${styles.time}`} title={format.moment(item.at)}>
        {format.timeWithSeconds(item.at)}
      </time>
      <StepTile family={family} kind={kind} />
      <span className={styles.words}>
        <span className={styles.name}>{words.title}</span>
        {words.second !== '' && <span className={`num ${styles.second}`}>{words.second}</span>}
      </span>
      {hasWhy && (
        <Button
          size="compact-sm"
          variant="subtle"
          className={styles.ask}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setIsOpen(!isOpen)}
        >
          {t('journal.why')}
        </Button>
      )}
      {isOpen && hasWhy && <Why id={id} item={item} words={words} />}
    </li>
  )
}

type Check = { key: string; text: string; result: 'passed' | 'failed' | 'not-reached'; note: string }
const ICONS = { passed: CheckIcon, failed: X, 'not-reached': Minus }
const NOTES = { passed: 'journal.fits', failed: 'journal.fitsNot', 'not-reached': 'journal.notReached' }

function Why({ id, item, words: { why, seen } }: { id: string; item: JournalItem; words: JournalWords }) {
  const { t } = useTranslation('app')
  const checks: Check[] = [
    ...seen.map(({ text, holds }, n) => ({
      key: `${n} ${text}`,
      text,
      result: holds ? ('passed' as const) : ('failed' as const),
      note: t(holds ? 'journal.fits' : 'journal.fitsNot'),
    })),
    ...mailChecks(item).map(({ name, result }) => ({
      key: name,
      text: t(`journal.check.${name}`),
      result,
      note: t(NOTES[result]),
    })),
  ]
  return (
    <div className={styles.why} id={id}>
      <p className={styles.sentence}>{why}</p>
      {checks.length > 0 && (
        <ul className={styles.checks} aria-label={t('journal.seenTitle')}>
          {checks.map(({ key, text, result, note }) => {
            const Icon = ICONS[result]
            return (
              <li key={key} className={styles.check} data-result={result}>
                <Icon size={15} aria-hidden="true" />
                <span>
                  {text} <span className={styles.seen}>{note}</span>
                </span>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}

const STEP_FAMILIES: Readonly<Record<string, TileFamily>> = {
  'send-email': 'message',
  wait: 'time',
  'wait-until': 'time',
  branch: 'logic',
  split: 'logic',
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
  if (item.kind === 'enrollment.paused' || item.kind === 'enrollment.resumed') return { family: 'time', kind: 'wait' }
  if (item.kind.startsWith('enrollment.')) return { family: 'end', kind: 'exit' }
  if (item.kind === 'contact.created') return { family: 'trigger', kind: 'manual' }
  if (item.kind.startsWith('consent.')) return { family: 'action', kind: 'tag' }
  return { family: 'trigger', kind: 'event' }
}
