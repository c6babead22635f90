import { Check, Minus, X } from 'lucide-react'
import tables from '../../ui/table.module.css'
import styles from './consent-mark.module.css'

const ICONS = { yes: Check, no: X, unknown: Minus }

/** A check, a cross or a dash with two lines of words: the shapes differ, colour only helps. */
export function ConsentSign({ tone, first, second }: { tone: keyof typeof ICONS; first: string; second: string }) {
  const Icon = ICONS[tone]
  return (
    <span className={styles.mark} data-tone={tone}>
      <Icon size={15} aria-hidden="true" />
      <span className={tables.two}>
        <span>{first}</span>
        <span className={tables.second}>{second}</span>
      </span>
    </span>
  )
}
