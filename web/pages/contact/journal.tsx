import { Button, SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact, JournalItem } from '../../../shared/api/contacts.ts'
import { useJournal } from '../../api/contacts.ts'
import type { Format } from '../../app/format.ts'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Empty } from '../../ui/empty.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import styles from './journal.module.css'
import { JournalEntry } from './journal-entry.tsx'
import { type JournalLine, journalLines } from './journal-lines.ts'

const FILTERS = ['everything', 'emails', 'workflows', 'changes'] as const
type Filter = (typeof FILTERS)[number]

const fits = (filter: Filter, { kind }: JournalItem): boolean => {
  switch (filter) {
    case 'everything':
      return true
    case 'emails':
      return kind.startsWith('message.')
    case 'workflows':
      return kind === 'step' || kind.startsWith('enrollment.')
    case 'changes':
      return kind === 'event' || kind.startsWith('contact.') || kind.startsWith('consent.')
  }
}

/** Everything that happened to one person, newest first, and why. */
export function Journal({ contact }: { contact: Contact }) {
  const { t } = useTranslation('app')
  const journal = useJournal(contact.id)
  const [filter, setFilter] = useState<Filter>('everything')
  const [isTheirClock, setIsTheirClock] = useState(false)
  const ours = useFormat()
  const theirs = useFormat(contact.timezone)
  const format = isTheirClock ? theirs : ours
  const items = (journal.data?.pages ?? []).flatMap((page) => page.items).filter((item) => fits(filter, item))
  return (
    <section aria-labelledby="journal">
      <div className={styles.head}>
        <h2 id="journal" className={styles.title}>
          {t('journal.title')}
        </h2>
        <div className={styles.tools}>
          <SegmentedControl
            size="xs"
            aria-label={t('journal.filterLabel')}
            value={filter}
            onChange={setFilter}
            data={FILTERS.map((value) => ({ value, label: t(`journal.filter.${value}`) }))}
          />
          {contact.timezone !== null && contact.timezone !== ours.zone && (
            <SegmentedControl
              size="xs"
              aria-label={t('journal.clockLabel')}
              value={isTheirClock ? 'theirs' : 'ours'}
              onChange={(value) => setIsTheirClock(value === 'theirs')}
              data={[
                { value: 'ours', label: t('journal.clock.ours', { zone: ours.zoneName(contact.updatedAt) }) },
                { value: 'theirs', label: t('journal.clock.theirs', { zone: theirs.zoneName(contact.updatedAt) }) },
              ]}
            />
          )}
        </div>
      </div>
      {journal.data === undefined && journal.isError && (
        <QueryFailure of="journal" error={journal.error} onRetry={() => journal.refetch()} />
      )}
      {journal.isPending && <RowsSkeleton rows={6} label={t('state.loading')} slowLabel={t('state.slow')} />}
      {journal.data !== undefined && items.length === 0 && <Empty isQuiet title={t('journal.empty')} />}
      <Days items={items} format={format} />
      {journal.hasNextPage && (
        <Button
          className={styles.more ?? ''}
          loading={journal.isFetchingNextPage}
          onClick={() => void journal.fetchNextPage()}
        >
          {t('journal.older')}
        </Button>
      )}
    </section>
  )
}

function Days({ items, format }: { items: readonly JournalItem[]; format: Format }) {
  const days = new Map<string, JournalLine[]>()
  for (const line of journalLines(items)) {
    const day = format.dayWithWeekday(line.item.at)
    days.set(day, [...(days.get(day) ?? []), line])
  }
  return [...days].map(([day, ofDay]) => (
    <div key={day}>
      <h3 className={`num ${styles.day}`}>
        <span>{day}</span>
      </h3>
      <ol className={styles.entries}>
        {keyed(ofDay).map(({ key, line }) => (
          <JournalEntry key={key} line={line} format={format} />
        ))}
      </ol>
    </div>
  ))
}

/** Entries have no id of their own: moment and content name them, and a count tells twins apart. */
function keyed(lines: readonly JournalLine[]): { key: string; line: JournalLine }[] {
  const seen = new Map<string, number>()
  return lines.map((line) => {
    const { item } = line
    const name = [item.at, item.kind, item.enrollmentId, item.stepId, item.messageId, item.outcome, item.name].join('|')
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    return { key: `${name}|${nth}`, line }
  })
}
