import styles from './sparkline.module.css'

const WIDTH = 84
const HEIGHT = 24

/** A small line of numbers, oldest first; `label` says in words what it shows. */
export function Sparkline({
  values,
  label,
  isStill = false,
}: {
  values: readonly number[]
  label: string
  isStill?: boolean
}) {
  const top = Math.max(1, ...values)
  const x = (index: number): number => 2 + (index * (WIDTH - 4)) / Math.max(1, values.length - 1)
  const y = (value: number): number => HEIGHT - 3 - (value / top) * (HEIGHT - 6)
  const isFlat = values.every((value) => value === 0)
  const line = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(' ')
  const last = values.length - 1
  return (
    <span role="img" aria-label={label} className={styles.sparkline} data-still={isStill || isFlat || undefined}>
      <svg width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        {isFlat ? (
          <path d={`M2 ${HEIGHT / 2}H${WIDTH - 2}`} className={styles.none} />
        ) : (
          <>
            <polyline points={line} className={styles.line} />
            <circle cx={x(last)} cy={y(values[last] ?? 0)} r="2.2" className={styles.end} />
          </>
        )}
      </svg>
    </span>
  )
}
