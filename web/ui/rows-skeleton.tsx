import styles from './rows-skeleton.module.css'
import { useDelayed } from './use-delayed.ts'

/** The true shape of a list that is coming: after 150 ms, without shimmer. */
export function RowsSkeleton({ rows = 8, label, slowLabel }: { rows?: number; label: string; slowLabel: string }) {
  const isShown = useDelayed(150)
  const isSlow = useDelayed(4_000)
  return (
    <div className={styles.skeleton} role="status" aria-label={label} data-shown={isShown || undefined}>
      {Array.from({ length: rows }, (_, index) => index).map((row) => (
        <div key={row} className={styles.row}>
          <span className={styles.badge} />
          <span className={styles.lines}>
            <span className={styles.long} />
            <span className={styles.short} />
          </span>
          <span className={styles.end} />
        </div>
      ))}
      {isSlow && <p className={styles.slow}>{slowLabel}</p>}
    </div>
  )
}
