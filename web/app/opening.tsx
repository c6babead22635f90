import { useTranslation } from 'react-i18next'
import { Mark } from '../ui/mark.tsx'
import { useDelayed } from '../ui/use-delayed.ts'
import styles from './opening.module.css'

/** Between two pages: nothing for 150 ms, then the mark, after 4 s a word. */
export function Opening() {
  const { t } = useTranslation('app')
  const isSlow = useDelayed(150)
  const isVerySlow = useDelayed(4_000)
  if (!isSlow) return null
  return (
    <div className={styles.opening} role="status">
      <Mark size={36} label={t('opening.label')} />
      {isVerySlow && <p>{t('opening.slow')}</p>}
    </div>
  )
}
