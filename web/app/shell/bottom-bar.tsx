import { Menu, UnstyledButton } from '@mantine/core'
import { Menu as MenuIcon, Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link, NavLink, useLocation } from 'react-router'
import { useStatus } from '../../api/settings.ts'
import styles from './bottom-bar.module.css'
import { entriesOf } from './entries.ts'
import { Heartbeat } from './heartbeat.tsx'
import { PersonMenuItems } from './person-menu-items.tsx'

/** Navigation below 768: the places, and the rest behind "More". */
export function BottomBar() {
  const { t } = useTranslation('app')
  const status = useStatus()
  const { pathname } = useLocation()
  const places = entriesOf(status.data).filter(({ name }) => name !== 'settings')
  return (
    <nav className={styles.bar} aria-label={t('nav.label')}>
      {places.map(({ name, to, Icon, attention }) => (
        <NavLink key={name} to={to} className={styles.place ?? ''}>
          <Icon size={20} aria-hidden="true" />
          {t(`nav.${name}`)}
          {attention > 0 && <span className={styles.dot} title={t('nav.attention')} />}
        </NavLink>
      ))}
      <Menu position="top-end" width={260}>
        <Menu.Target>
          <UnstyledButton className={styles.place ?? ''} data-current={pathname.startsWith('/settings') || undefined}>
            <MenuIcon size={20} aria-hidden="true" />
            {t('nav.more')}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={styles.beat}>
            <Heartbeat />
          </div>
          <Menu.Divider />
          <Menu.Item component={Link} to="/settings" leftSection={<Settings size={15} aria-hidden="true" />}>
            {t('nav.settings')}
          </Menu.Item>
          <Menu.Divider />
          <PersonMenuItems />
        </Menu.Dropdown>
      </Menu>
    </nav>
  )
}
