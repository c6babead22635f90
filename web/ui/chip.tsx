import { CircleAlert, Info, Pause, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './chip.module.css'

export type ChipTone = 'live' | 'outline' | 'paused' | 'warning' | 'problem' | 'info' | 'quiet'

/** A state in a word: colour, and a sign of its own wherever the colour means something. */
export function Chip({ tone, children }: { tone: ChipTone; children: ReactNode }) {
  return (
    <span className={styles.chip} data-tone={tone}>
      {tone === 'live' && <span className={styles.dot} aria-hidden="true" />}
      {tone === 'paused' && <Pause size={12} aria-hidden="true" />}
      {tone === 'warning' && <TriangleAlert size={12} aria-hidden="true" />}
      {tone === 'problem' && <CircleAlert size={12} aria-hidden="true" />}
      {tone === 'info' && <Info size={12} aria-hidden="true" />}
      {children}
    </span>
  )
}
