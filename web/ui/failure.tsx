import { Button } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import styles from './failure.module.css'

type Props = {
  title: string
  detail: string
  action?: string
  onAction?: () => void
  moreLabel?: string
  /** A machine's own words, folded. */
  more?: string
}

/** A madder box: what failed, what is safe, one button. Announced when it appears. */
export function Failure({ title, detail, action, onAction, moreLabel, more }: Props) {
  return (
    <div className={styles.failure} role="alert">
      <CircleAlert size={18} aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>
        <p className={styles.title}>{title}</p>
        <p>{detail}</p>
        {more !== undefined && (
          <details>
            <summary>{moreLabel}</summary>
            <pre className={`mono ${styles.more}`}>{more}</pre>
          </details>
        )}
      </div>
      {action !== undefined && (
        <Button size="xs" onClick={onAction} className={styles.action}>
          {action}
        </Button>
      )}
    </div>
  )
}
