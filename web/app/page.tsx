import { ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import styles from './page.module.css'

type Props = {
  title: string
  lead?: ReactNode
  actions?: ReactNode
  /** Where this page hangs, outermost first. */
  trail?: readonly { label: string; to: string }[]
  /** What the trail calls this page, when its title is a question. */
  here?: string
  /** Something before the title, such as a person's initials. */
  badge?: ReactNode
  /** Something behind the title, such as a state. */
  aside?: ReactNode
  /** The title is somebody's or something's name, not ours to translate. */
  titleLang?: string
  children?: ReactNode
}

/** A page inside the shell: its name in the browser's tab, a heading, what one can do, the content. */
export function Page({ title, lead, actions, trail = [], here, badge, aside, titleLang, children }: Props) {
  const { t } = useTranslation('app')
  usePageTitle(title)
  return (
    <div className={styles.page}>
      {trail.length > 0 && (
        <nav className={styles.trail} aria-label={t('page.trail')}>
          {trail.map(({ label, to }) => (
            <Fragment key={to}>
              <Link to={to}>{label}</Link>
              <ChevronRight size={14} aria-hidden="true" />
            </Fragment>
          ))}
          <span aria-current="page">{here ?? title}</span>
        </nav>
      )}
      <header className={styles.head}>
        {badge}
        <div className={styles.words}>
          <div className={styles.titleLine}>
            <h1 className={styles.title} {...(titleLang === undefined ? {} : { lang: titleLang })}>
              {title}
            </h1>
            {aside}
          </div>
          {lead !== undefined && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Perennial`
  }, [title])
}
