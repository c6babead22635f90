import { type ReactNode, useId } from 'react'
import styles from './card.module.css'

type Props = { title?: string; aside?: ReactNode; children: ReactNode; isSmall?: boolean }

/** A titled region of a page. */
export function Card({ title, aside, children, isSmall = false }: Props) {
  const id = useId()
  if (title === undefined) return <div className={styles.card}>{children}</div>
  return (
    <section className={styles.card} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id} className={isSmall ? styles.smallTitle : styles.title}>
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
