import { Check, CircleAlert, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './note.module.css'

export type NoteTone = 'good' | 'info' | 'warning' | 'problem'

const ICONS = { good: Check, info: Info, warning: TriangleAlert, problem: CircleAlert }

/** A washed strip with a sentence. With `isLive` it is read out when it appears. */
export function Note({
  tone,
  children,
  action,
  isLive = false,
}: {
  tone: NoteTone
  children: ReactNode
  action?: ReactNode
  isLive?: boolean
}) {
  const Icon = ICONS[tone]
  return (
    <div
      className={styles.note}
      data-tone={tone}
      {...(isLive ? { role: tone === 'problem' ? 'alert' : 'status' } : {})}
    >
      <Icon size={17} aria-hidden="true" className={styles.icon} />
      <div className={styles.words}>{children}</div>
      {action}
    </div>
  )
}
