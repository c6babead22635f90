import { Tooltip } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { Link, NavLink } from 'react-router'
import { useStatus } from '../../api/settings.ts'
import { Mark } from '../../ui/mark.tsx'
import { useFormat } from '../use-format.ts'
import { type Entry, entriesOf } from './entries.ts'
import { Heartbeat } from './heartbeat.tsx'
import { PersonMenu } from './person-menu.tsx'
import styles from './side-nav.module.css'

export function SideNav() {
  const { t } = useTranslation('app')
  const status = useStatus()
  return (
    <nav className={styles.nav} aria-label={t('nav.label')}>
      <Link to="/workflows" className={styles.brand}>
        <Mark />
        <span className={styles.word}>Perennial</span>
      </Link>
      <ul className={styles.entries}>
        {entriesOf(status.data).map((entry) => (
          <li key={entry.name}>
            <NavEntry entry={entry} />
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        <Heartbeat />
        <PersonMenu />
      </div>
    </nav>
  )
}

function NavEntry({ entry: { name, to, Icon, count, attention } }: { entry: Entry }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const isNarrow = useMediaQuery('(max-width: 1199px)') ?? false
  return (
    <Tooltip label={t(`nav.${name}`)} position="right" disabled={!isNarrow}>
      <NavLink to={to} className={styles.entry ?? ''}>
        <Icon size={17} aria-hidden="true" />
        <span className={styles.word}>{t(`nav.${name}`)}</span>
        {attention > 0 && (
          <span className={styles.attention}>
            <span className="num" aria-hidden="true">
              {format.count(attention)}
            </span>
            <span className="p-hidden">{t('nav.uncertain', { count: attention, shown: format.count(attention) })}</span>
          </span>
        )}
        {count !== null && count > 0 && <span className={`num ${styles.count}`}>{format.count(count)}</span>}
      </NavLink>
    </Tooltip>
  )
}
