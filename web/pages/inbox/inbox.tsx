import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams } from 'react-router'
import { useInbox } from '../../api/messages.ts'
import { useStatus } from '../../api/settings.ts'
import { usePageTitle } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { usePages } from '../../app/use-pages.ts'
import { Empty } from '../../ui/empty.tsx'
import { Note } from '../../ui/note.tsx'
import { Paging } from '../../ui/paging.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { EmptyInboxButton } from './empty-inbox-button.tsx'
import styles from './inbox.module.css'
import { MailList } from './mail-list.tsx'
import { ReadingPane } from './reading-pane.tsx'

/** The built-in inbox: what would have gone out, received by real SMTP. */
export function Inbox() {
  const { t } = useTranslation('app')
  const { id = null } = useParams()
  const [search, setSearch] = useState('')
  const [q] = useDebouncedValue(search.trim(), 200)
  const pages = usePages(q)
  const format = useFormat()
  const inbox = useInbox({ q, ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }) })
  const items = inbox.data?.items ?? []
  const next = inbox.data?.nextCursor ?? null
  const total = inbox.data?.total ?? 0
  const counted = t('operations:inboxTotal', { count: total, shown: format.count(total) })
  const kept = inbox.data === undefined ? t('inbox.kept') : `${counted} · ${t('inbox.kept')}`
  usePageTitle(t('inbox.title'))
  return (
    <div className={styles.inbox} data-reading={id !== null || undefined}>
      <StaysHere />
      <div className={styles.head}>
        <h1 className={styles.title}>{t('inbox.title')}</h1>
        <span className={`num ${styles.kept}`}>{kept}</span>
        {items.length > 0 && <EmptyInboxButton />}
      </div>
      <section className={styles.list} aria-label={t('inbox.list')}>
        <div className={styles.search}>
          <SearchField label={t('inbox.search')} clearLabel={t('search.clear')} value={search} onChange={setSearch} />
        </div>
        {inbox.data === undefined && inbox.isError && (
          <QueryFailure of="inbox" error={inbox.error} onRetry={() => inbox.refetch()} />
        )}
        {inbox.isPending && <RowsSkeleton rows={6} label={t('state.loading')} slowLabel={t('state.slow')} />}
        {inbox.data !== undefined && items.length === 0 && (
          <div className={styles.none}>
            <Empty isQuiet title={q === '' ? t('inbox.empty') : t('inbox.notFound', { search: q })}>
              {q === '' ? t('inbox.emptyText') : null}
            </Empty>
          </div>
        )}
        <MailList mails={items} openId={id} />
        {(pages.index > 0 || next !== null) && (
          <div className={styles.paging}>
            <Paging
              range=""
              previousLabel={t('inbox.newer')}
              nextLabel={t('inbox.older')}
              onPrevious={pages.index === 0 ? null : pages.previous}
              onNext={next === null ? null : () => pages.next(next)}
            />
          </div>
        )}
      </section>
      <ReadingPane id={id} hasMails={items.length > 0} />
    </div>
  )
}

function StaysHere() {
  const { t } = useTranslation('app')
  const status = useStatus()
  const isEmbedded = status.data?.embeddedInbox !== false
  return (
    <div className={styles.note}>
      <Note
        tone="info"
        action={
          <Button size="xs" component={Link} to="/settings/sending">
            {t('inbox.connect')}
          </Button>
        }
      >
        <p>
          <strong>{t(isEmbedded ? 'inbox.staysHere' : 'inbox.serverConnected')}</strong>{' '}
          {t(isEmbedded ? 'inbox.staysHereText' : 'inbox.serverConnectedText')}
        </p>
      </Note>
    </div>
  )
}
