import { Button, ScrollArea } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InboxMailDetail } from '../../../shared/api/messages.ts'
import { rawUrl, useRawMail } from '../../api/messages.ts'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import styles from './inbox.module.css'

/** Headers that get a word on what they do, in the order they are shown. */
const EXPLAINED = [
  'From',
  'To',
  'Subject',
  'Date',
  'Message-ID',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-ID',
  'Return-Path',
  'Content-Type',
] as const

const nameOf = (header: string): (typeof EXPLAINED)[number] | undefined =>
  EXPLAINED.find((name) => name.toLowerCase() === header.toLowerCase())

export function MailHeaders({ mail }: { mail: InboxMailDetail }) {
  const { t } = useTranslation('app')
  const rank = (name: string): number => {
    const known = nameOf(name)
    return known === undefined ? EXPLAINED.length : EXPLAINED.indexOf(known)
  }
  const headers = [...mail.headers].sort((a, b) => rank(a.name) - rank(b.name))
  return (
    <aside className={styles.headers} aria-label={t('inbox.headers')}>
      <h2 className={styles.headersTitle}>{t('inbox.headers')}</h2>
      <dl className={styles.headerList}>
        {headers.map(({ name, value }, index) => {
          const known = nameOf(name)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: headers repeat, and a mail never changes
            <div key={index} className={styles.header}>
              <dt>{name}</dt>
              <dd className="mono">{value}</dd>
              {known !== undefined && <dd className={styles.about}>{t(`inbox.about.${known}`)}</dd>}
            </div>
          )
        })}
      </dl>
      <Raw mail={mail} />
    </aside>
  )
}

const FIRST_CHARACTERS = 2_000

function Raw({ mail }: { mail: InboxMailDetail }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const raw = useRawMail(mail.id)
  const [isWhole, setIsWhole] = useState(false)
  const text = raw.data ?? ''
  return (
    <section className={styles.raw}>
      <div className={styles.rawHead}>
        <h2 className={styles.headersTitle}>
          {t('inbox.raw')} <span className={`num ${styles.size}`}>{format.bytes(mail.sizeBytes)}</span>
        </h2>
        {text.length > FIRST_CHARACTERS && (
          <Button size="compact-sm" variant="subtle" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? t('inbox.rawLess') : t('inbox.rawAll')}
          </Button>
        )}
        <Button
          component="a"
          href={rawUrl(mail.id)}
          download={`${mail.id}.eml`}
          size="compact-sm"
          variant="subtle"
          leftSection={<Download size={14} aria-hidden="true" />}
        >
          .eml
        </Button>
      </div>
      {raw.isError && <QueryFailure of="inbox" error={raw.error} onRetry={() => raw.refetch()} />}
      {raw.data !== undefined && (
        <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0, 'aria-label': t('inbox.raw'), role: 'region' }}>
          <pre className={`mono ${styles.rawText}`}>{isWhole ? text : text.slice(0, FIRST_CHARACTERS)}</pre>
        </ScrollArea.Autosize>
      )}
    </section>
  )
}
