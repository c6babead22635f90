import type { ReactNode } from 'react'
import styles from './empty.module.css'

type Props = { title: string; children?: ReactNode; action?: ReactNode; art?: ReactNode; isQuiet?: boolean }

/** One sentence on what will be here and one way to start. `isQuiet` is for a place inside a page. */
export function Empty({ title, children, action, art, isQuiet = false }: Props) {
  return (
    <div className={styles.empty} data-quiet={isQuiet || undefined}>
      {art}
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
      {action}
    </div>
  )
}
