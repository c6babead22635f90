/** Progress of the set-up as a stem: a bud per step, a leaf on the first, filled as far as it has grown. */
import styles from './stem.module.css'

export function Stem({ step, of }: { step: number; of: number }) {
  const gap = 300 / (of - 1)
  const x = (index: number): number => 10 + index * gap
  const buds = Array.from({ length: of }, (_, index) => index)
  return (
    <svg className={styles.stem} viewBox="0 0 320 40" aria-hidden="true">
      <path d={`M${x(0)} 28H${x(of - 1)}`} className={styles.rest} />
      <path d={`M${x(0)} 28H${x(step - 1)}`} className={styles.grown} />
      <path d="M10 23C4 22 2 17 3 9c7 1 11 6 7 14Z" className={styles.leaf} />
      {buds.map((index) => (
        <circle
          key={index}
          cx={x(index)}
          cy="28"
          r={index === step - 1 ? 6.5 : 4.5}
          className={index < step - 1 ? styles.done : index === step - 1 ? styles.here : styles.bud}
        />
      ))}
    </svg>
  )
}
