import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { UnreachableError } from '../api/errors.ts'
import { useStatus } from '../api/settings.ts'
import styles from './offline-strip.module.css'
import { useFormat } from './use-format.ts'

/** A honey strip while the server does not answer: since when, and what is safe. Leaves by itself. */
export function OfflineStrip() {
  const { t } = useTranslation('app')
  const { error, dataUpdatedAt, errorUpdatedAt } = useStatus()
  const format = useFormat()
  if (!(error instanceof UnreachableError)) return null
  const since = dataUpdatedAt === 0 ? errorUpdatedAt : dataUpdatedAt
  return (
    <div className={styles.strip} role="status">
      <TriangleAlert size={16} aria-hidden="true" />
      <p>
        <strong>{t('offline.since', { time: format.time(since), zone: format.zoneName(since) })}</strong>{' '}
        {t('offline.safe')}
      </p>
    </div>
  )
}
