import { useTranslation } from 'react-i18next'
import { NavLink, Outlet } from 'react-router'
import styles from './settings.module.css'

const PARTS = ['workspace', 'sending', 'keys', 'profile'] as const

/** The settings' own navigation; each part brings its heading. */
export function Settings() {
  const { t } = useTranslation('app')
  return (
    <>
      <nav className={styles.parts} aria-label={t('settings.label')}>
        {PARTS.map((part) => (
          <NavLink key={part} to={`/settings/${part}`} className={styles.part ?? ''}>
            {t(`settings.${part}`)}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </>
  )
}
