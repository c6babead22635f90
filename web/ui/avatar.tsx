import styles from './avatar.module.css'

const TINTS = ['trigger', 'message', 'time', 'logic', 'action', 'end'] as const

type Props = { name: string | null; seed: string; size?: 28 | 32 | 52 }

/** A person's initials on a quiet ground that stays the same for the same person. Decorative: the name stands beside it. */
export function Avatar({ name, seed, size = 32 }: Props) {
  const tint = TINTS[[...seed].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % TINTS.length] ?? 'end'
  return (
    <span className={styles.avatar} data-tint={name === null ? 'none' : tint} data-size={size} aria-hidden="true">
      {name === null ? '–' : initialsOf(name)}
    </span>
  )
}

/** First letters of the first and last word; one character for a Chinese name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean)
  const first = words[0] ?? ''
  if (/\p{Script=Han}/u.test(first)) return [...first][0] ?? ''
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return `${[...first][0] ?? ''}${[...last][0] ?? ''}`.toLocaleUpperCase()
}
