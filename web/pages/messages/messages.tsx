import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import { MESSAGE_STATUSES, type MessageStatus } from '../../../shared/api/messages.ts'
import { type MessagePage, useMessages } from '../../api/messages.ts'
import { useStatus } from '../../api/settings.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { usePages } from '../../app/use-pages.ts'
import { Empty } from '../../ui/empty.tsx'
import { Note } from '../../ui/note.tsx'
import { Paging } from '../../ui/paging.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import { MessageTable } from './message-table.tsx'
import styles from './messages.module.css'
import { UncertainTable } from './uncertain-table.tsx'

const PAGE_SIZE = 50
const asStatus = (text: string | null): MessageStatus | null =>
  MESSAGE_STATUSES.find((status) => status === text) ?? null

/** Every message and what became of it; the uncertain ones wait for a decision. */
export function Messages() {
  const { t } = useTranslation('app')
  const [params, setParams] = useSearchParams()
  const status = asStatus(params.get('status'))
  const workflowId = params.get('workflowId')
  const contactId = params.get('contactId')
  const pages = usePages([status, workflowId, contactId].join('|'))
  const messages = useMessages({
    limit: PAGE_SIZE,
    ...(status === null ? {} : { status }),
    ...(workflowId === null ? {} : { workflowId }),
    ...(contactId === null ? {} : { contactId }),
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  })
  return (
    <Page title={t('messages.title')} lead={t('messages.lead')}>
      <InboxNote />
      {messages.data === undefined && messages.isError && (
        <QueryFailure of="messages" error={messages.error} onRetry={() => messages.refetch()} />
      )}
      {messages.data === undefined && !messages.isError && (
        <RowsSkeleton rows={10} label={t('state.loading')} slowLabel={t('state.slow')} />
      )}
      {messages.data !== undefined && (
        <>
          <StatusTabs
            counts={messages.data.counts}
            status={status}
            onStatus={(chosen) => setParams(chosen === null ? {} : { status: chosen })}
          />
          <List data={messages.data} status={status} pages={pages} />
        </>
      )}
    </Page>
  )
}

function InboxNote() {
  const { t } = useTranslation('app')
  const status = useStatus()
  if (status.data?.embeddedInbox !== true) return null
  return (
    <div className={styles.note}>
      <Note tone="info">
        <p>
          {t('messages.staysHere')} <Link to="/inbox">{t('messages.openInbox')}</Link>
        </p>
      </Note>
    </div>
  )
}

type TabsProps = {
  counts: Readonly<Record<string, number>>
  status: MessageStatus | null
  onStatus: (status: MessageStatus | null) => void
}

function StatusTabs({ counts, status, onStatus }: TabsProps) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const all = Object.values(counts).reduce((total, count) => total + count, 0)
  const shown = MESSAGE_STATUSES.filter((one) => (counts[one] ?? 0) > 0 || one === status || one === 'sent')
  return (
    <div className={styles.tabs}>
      <SegmentedControl
        aria-label={t('messages.filterLabel')}
        value={status ?? 'all'}
        onChange={(value) => onStatus(asStatus(value))}
        data={[
          { value: 'all', label: t('messages.tab', { status: t('messages.all'), count: format.count(all) }) },
          ...shown.map((value) => ({
            value,
            label: t('messages.tab', {
              status: t(`messages.status.${value}`),
              count: format.count(counts[value] ?? 0),
            }),
          })),
        ]}
      />
    </div>
  )
}

type ListProps = { data: MessagePage; status: MessageStatus | null; pages: ReturnType<typeof usePages> }

function List({ data, status, pages }: ListProps) {
  const { t } = useTranslation('app')
  const format = useFormat()
  if (data.items.length === 0)
    return (
      <Empty isQuiet title={status === null ? t('messages.empty') : t('messages.emptyStatus')}>
        {status === null ? t('messages.emptyText') : t(`messages.about.${status}`)}
      </Empty>
    )
  const first = pages.index * PAGE_SIZE + 1
  const range = { from: format.count(first), to: format.count(first + data.items.length - 1) }
  const next = data.nextCursor
  return (
    <>
      {status !== null && <p className={styles.about}>{t(`messages.about.${status}`)}</p>}
      {status === 'uncertain' ? <UncertainTable messages={data.items} /> : <MessageTable messages={data.items} />}
      <Paging
        range={t('paging.range', range)}
        previousLabel={t('paging.previous')}
        nextLabel={t('paging.next')}
        onPrevious={pages.index === 0 ? null : pages.previous}
        onNext={next === null ? null : () => pages.next(next)}
      />
    </>
  )
}
