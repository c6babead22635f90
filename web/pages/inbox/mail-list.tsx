import { useTranslation } from 'react-i18next'
import { NavLink } from 'react-router'
import type { InboxMail } from '../../../shared/api/messages.ts'
import { useNow } from '../../app/clock.ts'
import { useFormat } from '../../app/use-format.ts'
import { Chip } from '../../ui/chip.tsx'
import styles from './inbox.module.css'

export function MailList({ mails, openId }: { mails: readonly InboxMail[]; openId: string | null }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const now = useNow(30_000)
  return (
    <ul className={styles.mails}>
      {mails.map((mail) => (
        <li key={mail.id}>
          <NavLink to={`/inbox/${mail.id}`} className={styles.mail ?? ''} data-open={mail.id === openId || undefined}>
            <span className={styles.mailHead}>
              <span className={styles.to}>{mail.to.join(', ')}</span>
              <time dateTime={mail.receivedAt} className={`num ${styles.time}`}>
                {format.isSameDay(mail.receivedAt, now)
                  ? format.timeWithSeconds(mail.receivedAt)
                  : format.near(mail.receivedAt, now)}
              </time>
            </span>
            <span className={styles.subject}>{mail.subject || t('inbox.noSubject')}</span>
            {mail.isTest && <Chip tone="info">{t('inbox.test')}</Chip>}
          </NavLink>
        </li>
      ))}
    </ul>
  )
}
