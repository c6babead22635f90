import { ActionIcon, SegmentedControl, Tooltip } from '@mantine/core'
import { ArrowLeft, Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { InboxMailDetail } from '../../../shared/api/messages.ts'
import { useMail } from '../../api/messages.ts'
import { QueryFailure } from '../../app/query-failure.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Empty } from '../../ui/empty.tsx'
import { RowsSkeleton } from '../../ui/rows-skeleton.tsx'
import styles from './inbox.module.css'
import { MailHeaders } from './mail-headers.tsx'

/** One mail as it arrived: drawn, as text, with its headers and its bytes. */
export function ReadingPane({ id, hasMails }: { id: string | null; hasMails: boolean }) {
  const { t } = useTranslation('app')
  const mail = useMail(id)
  if (id === null)
    return <div className={styles.reading}>{hasMails && <p className={styles.choose}>{t('inbox.choose')}</p>}</div>
  if (mail.isError)
    return (
      <div className={styles.reading}>
        <QueryFailure of="inbox" error={mail.error} onRetry={() => mail.refetch()} />
      </div>
    )
  if (mail.data === undefined)
    return (
      <div className={styles.reading}>
        <RowsSkeleton rows={4} label={t('state.loading')} slowLabel={t('state.slow')} />
      </div>
    )
  return (
    <>
      <Letter key={mail.data.id} mail={mail.data} />
      <MailHeaders mail={mail.data} />
    </>
  )
}

type View = 'html' | 'text'
type Width = 'wide' | 'phone'

function Letter({ mail }: { mail: InboxMailDetail }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const [view, setView] = useState<View>(mail.htmlUrl === null ? 'text' : 'html')
  const [width, setWidth] = useState<Width>('wide')
  return (
    <article className={styles.reading} aria-label={mail.subject || t('inbox.noSubject')}>
      <header className={styles.letterHead}>
        <ActionIcon component={Link} to="/inbox" aria-label={t('inbox.back')} className={styles.back ?? ''}>
          <ArrowLeft size={18} aria-hidden="true" />
        </ActionIcon>
        <div className={styles.letterWords}>
          <h2 className={styles.letterTitle} lang="">
            {mail.subject || t('inbox.noSubject')}
          </h2>
          <p className={`num ${styles.letterTo}`}>
            {t('inbox.toAt', { to: mail.to.join(', '), moment: format.moment(mail.receivedAt) })}
          </p>
        </div>
        <div className={styles.letterTools}>
          <SegmentedControl
            size="xs"
            aria-label={t('inbox.viewLabel')}
            value={view}
            onChange={setView}
            data={[
              { value: 'html', label: t('inbox.view.html'), disabled: mail.htmlUrl === null },
              { value: 'text', label: t('inbox.view.text') },
            ]}
          />
          {view === 'html' && <WidthControl width={width} onWidth={setWidth} />}
        </div>
      </header>
      <div className={styles.letter}>
        {view === 'text' && <pre className={`mono ${styles.text}`}>{mail.text}</pre>}
        {view === 'html' && mail.htmlUrl !== null && (
          <iframe
            className={styles.frame}
            data-width={width}
            title={t('inbox.frame', { subject: mail.subject })}
            src={mail.htmlUrl}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
          />
        )}
        {view === 'html' && mail.htmlUrl === null && <Empty isQuiet title={t('inbox.noHtml')} />}
      </div>
      <footer className={styles.letterFoot}>{t('inbox.linksWork')}</footer>
    </article>
  )
}

function WidthControl({ width, onWidth }: { width: Width; onWidth: (width: Width) => void }) {
  const { t } = useTranslation('app')
  const option = (value: Width, Icon: typeof Monitor) => ({
    value,
    label: (
      <Tooltip label={t(`inbox.width.${value}`)}>
        <span className={styles.widthIcon}>
          <Icon size={14} aria-hidden="true" />
          <span className="p-hidden">{t(`inbox.width.${value}`)}</span>
        </span>
      </Tooltip>
    ),
  })
  return (
    <SegmentedControl
      size="xs"
      aria-label={t('inbox.widthLabel')}
      value={width}
      onChange={onWidth}
      data={[option('wide', Monitor), option('phone', Smartphone)]}
    />
  )
}
