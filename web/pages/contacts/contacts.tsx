import { Button } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { Plus, Upload } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { type ContactPage, useContacts } from '../../api/contacts.ts'
import { Page } from '../../app/page.tsx'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { type Pages, usePages } from '../../app/use-pages.ts'
import { Empty } from '../../ui/empty.tsx'
import { Paging } from '../../ui/paging.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { AddPerson } from './add-person.tsx'
import { ContactTable } from './contact-table.tsx'
import styles from './contacts.module.css'
import { ExportMenu } from './export-menu.tsx'

const PAGE_SIZE = 50

export function Contacts() {
  const { t } = useTranslation('app')
  const format = useFormat()
  const [search, setSearch] = useState('')
  const [q] = useDebouncedValue(search.trim(), 200)
  const [isAdding, adding] = useDisclosure(false)
  const pages = usePages(q)
  const contacts = useContacts({
    q,
    limit: PAGE_SIZE,
    ...(pages.cursor === undefined ? {} : { cursor: pages.cursor }),
  })
  const data = contacts.data
  return (
    <Page
      title={t('contacts.title')}
      {...(data === undefined || data.total === 0
        ? {}
        : {
            lead: t('contacts.lead', {
              count: data.total,
              total: format.count(data.total),
              mailable: format.count(data.mailable),
            }),
          })}
      actions={
        <>
          <Button component={Link} to="/contacts/import" leftSection={<Upload size={15} aria-hidden="true" />}>
            {t('contacts.import')}
          </Button>
          {data !== undefined && data.total > 0 && <ExportMenu q={q} />}
          <Button variant="filled" leftSection={<Plus size={16} aria-hidden="true" />} onClick={adding.open}>
            {t('contacts.add')}
          </Button>
        </>
      }
    >
      <AddPerson opened={isAdding} onClose={adding.close} />
      {data === undefined && contacts.isError && (
        <QueryFailure of="contacts" error={contacts.error} onRetry={() => contacts.refetch()} />
      )}
      {data === undefined && !contacts.isError && (
        <RowsSkeleton rows={10} label={t('state.loading')} slowLabel={t('state.slow')} />
      )}
      {data !== undefined && data.total === 0 && q === '' && <NobodyYet onAdd={adding.open} />}
      {data !== undefined && (data.total > 0 || q !== '') && (
        <>
          <div className={styles.tools}>
            <SearchField
              label={t('contacts.search')}
              clearLabel={t('search.clear')}
              value={search}
              onChange={setSearch}
            />
          </div>
          {data.items.length === 0 ? (
            <NobodyFound q={q} total={data.total} onClear={() => setSearch('')} />
          ) : (
            <Found data={data} pages={pages} isSearch={q !== ''} />
          )}
        </>
      )}
    </Page>
  )
}

function Found({ data, pages, isSearch }: { data: ContactPage; pages: Pages; isSearch: boolean }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const first = pages.index * PAGE_SIZE + 1
  const range = { from: format.count(first), to: format.count(first + data.items.length - 1) }
  const next = data.nextCursor
  return (
    <>
      <ContactTable contacts={data.items} />
      <Paging
        range={isSearch ? t('paging.range', range) : t('paging.rangeOf', { ...range, total: format.count(data.total) })}
        previousLabel={t('paging.previous')}
        nextLabel={t('paging.next')}
        onPrevious={pages.index === 0 ? null : pages.previous}
        onNext={next === null ? null : () => pages.next(next)}
      />
    </>
  )
}

function NobodyYet({ onAdd }: { onAdd: () => void }) {
  const { t } = useTranslation('app')
  return (
    <Empty
      title={t('contacts.empty.title')}
      action={
        <div className={styles.starts}>
          <Button component={Link} to="/contacts/import" leftSection={<Upload size={15} aria-hidden="true" />}>
            {t('contacts.empty.import')}
          </Button>
          <Button onClick={onAdd} leftSection={<Plus size={15} aria-hidden="true" />}>
            {t('contacts.empty.add')}
          </Button>
        </div>
      }
    >
      {t('contacts.empty.text')}
    </Empty>
  )
}

function NobodyFound({ q, total, onClear }: { q: string; total: number; onClear: () => void }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  // Only the beginning is compared: a shorter one is the change that may find somebody.
  const shorter = [...q].slice(0, Math.max(1, Math.floor([...q].length / 2))).join('')
  return (
    <Empty
      isQuiet
      title={t('contacts.notFound.title', { search: q })}
      action={<Button onClick={onClear}>{t('contacts.notFound.clear')}</Button>}
    >
      {t('contacts.notFound.text', { shorter, total: format.count(total) })}
    </Empty>
  )
}
