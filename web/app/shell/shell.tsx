import { Suspense, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Outlet, useLocation } from 'react-router'
import { ErrorBoundary } from '../error-boundary.tsx'
import { OfflineStrip } from '../offline-strip.tsx'
import { Opening } from '../opening.tsx'
import { Alarms } from './alarms.tsx'
import { BottomBar } from './bottom-bar.tsx'
import styles from './shell.module.css'
import { SideNav } from './side-nav.tsx'

/** What stands around every page but the builder: navigation, heartbeat, the strip when nothing answers. */
export function Shell() {
  const { t } = useTranslation('app')
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const section = pathname.split('/')[1] ?? ''
  const opened = useRef(section)
  // After a change of section, reading starts at the top of the new page.
  useEffect(() => {
    if (opened.current === section) return
    opened.current = section
    main.current?.focus()
    main.current?.scrollTo(0, 0)
  }, [section])
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        {t('nav.skip')}
      </a>
      <SideNav />
      <div className={styles.column}>
        <OfflineStrip />
        <Alarms />
        <main id="content" className={styles.main} ref={main} tabIndex={-1}>
          <ErrorBoundary resetKey={pathname}>
            <Suspense fallback={<Opening />}>
              <Outlet />
            </Suspense>
          </ErrorBoundary>
        </main>
      </div>
      <BottomBar />
    </div>
  )
}
