import styles from './mark.module.css'

/** The mark: a bowl, a stem, two leaves. Decorative unless it gets a name. */
export function Mark({ size = 26, label }: { size?: number; label?: string }) {
  return (
    <span className={styles.mark} {...(label === undefined ? {} : { role: 'img', 'aria-label': label })}>
      <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true">
        <path d="M6.2 20a9.8 9.8 0 0 0 19.6 0" stroke="var(--p-leaf)" strokeWidth="2.4" strokeLinecap="round" />
        <path d="M16 24.5v-9" stroke="var(--p-leaf)" strokeWidth="2.4" strokeLinecap="round" />
        <path d="M16 18.2C15.8 12 11.5 8.6 4.6 8.2 4.9 14.6 9 18.2 16 18.2Z" fill="var(--p-leaf)" />
        <path d="M16.2 13.6c0-5.8 3.4-9.4 10.4-10.4.4 6.6-3.8 10.2-10.4 10.4Z" fill="var(--p-leaf)" opacity=".62" />
      </svg>
    </span>
  )
}
