import { Menu, UnstyledButton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import styles from './person-menu.module.css'
import { PersonMenuItems } from './person-menu-items.tsx'

/** Who is signed in, where; opens language, appearance and the way out. */
export function PersonMenu() {
  const { t } = useTranslation('app')
  const { data: session } = useSession()
  const user = session?.user ?? null
  if (user === null) return null
  return (
    <div className={styles.place}>
      <Menu position="top-start" width={240}>
        <Menu.Target>
          <UnstyledButton className={styles.person}>
            <Avatar name={user.name} seed={user.id} size={28} />
            <span className={styles.words}>
              <span className={styles.name}>{user.name}</span>
              <span className={styles.workspace}>{session?.workspace?.name}</span>
            </span>
            <span className="p-hidden">{t('person.open')}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <PersonMenuItems />
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
