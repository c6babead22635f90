import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { useMessages } from '../../api/messages.ts'
import { useStatus } from '../../api/settings.ts'
import { useFormat } from '../../app/use-format.ts'
import { UncertainTable } from '../messages/uncertain-table.tsx'
import styles from './settings.module.css'

const SHOWN = 5

/** Mails handed over without an answer, with the three ways out; nothing when there is none. */
export function UncertainMails() {
  const { t } = useTranslation('app')
  const format = useFormat()
  const status = useStatus()
  const messages = useMessages({ status: 'uncertain', limit: SHOWN })
  const count = status.data?.uncertain ?? 0
  const items = messages.data?.items ?? []
  if (count === 0 || items.length === 0) return null
  return (
    <section className={styles.uncertain} aria-labelledby="uncertain-mails">
      <div className={styles.uncertainHead}>
        <TriangleAlert size={17} aria-hidden="true" className={styles.uncertainIcon} />
        <h2 id="uncertain-mails">{t('sending.uncertain', { count, shown: format.count(count) })}</h2>
        <p>{t('sending.uncertainText')}</p>
        {count > items.length && (
          <Link to="/messages?status=uncertain">{t('sending.uncertainAll', { shown: format.count(count) })}</Link>
        )}
      </div>
      <UncertainTable messages={items} />
    </section>
  )
}
