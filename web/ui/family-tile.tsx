/** The tile of a step family: colour, shape and icon, each enough alone. Decorative: the name stands beside it. */
import type { ReactNode } from 'react'
import styles from './family-tile.module.css'

export type TileFamily = 'trigger' | 'message' | 'time' | 'logic' | 'action' | 'end'

const SHAPES: Record<TileFamily, ReactNode> = {
  trigger: <path d="M14 1.5h9A3.5 3.5 0 0 1 26.5 5v9A12.5 12.5 0 1 1 14 1.5Z" />,
  message: <rect x="1.5" y="4" width="25" height="20" rx="4" />,
  time: <circle cx="14" cy="14" r="12.5" />,
  logic: <rect x="4.7" y="4.7" width="18.6" height="18.6" rx="2.4" transform="rotate(45 14 14)" />,
  action: <path d="M8.2 2.5h11.6L26.5 14l-6.7 11.5H8.2L1.5 14Z" strokeLinejoin="round" />,
  end: <path d="M5 2.5h18a2 2 0 0 1 2 2V14c0 6-4.5 10-11 12C7.5 24 3 20 3 14V4.5a2 2 0 0 1 2-2Z" />,
}

type Props = { family: TileFamily; size?: 24 | 28; children: ReactNode }

export function FamilyTile({ family, size = 28, children }: Props) {
  return (
    <span className={styles.tile} data-family={family} data-size={size} aria-hidden="true">
      <svg width={size} height={size} viewBox="0 0 28 28" className={styles.shape} aria-hidden="true">
        {SHAPES[family]}
      </svg>
      {children}
    </span>
  )
}
