import { useState } from 'react'

export type Pages = {
  cursor: string | undefined
  /** How many pages lie before this one. */
  index: number
  next: (cursor: string) => void
  previous: () => void
}

/** Walk a keyset-paged list: cursors only lead forward, so the way back is remembered. Starts over when `filter` changes. */
export function usePages(filter: string): Pages {
  const [state, setState] = useState<{ filter: string; cursors: readonly string[] }>({ filter, cursors: [] })
  const cursors = state.filter === filter ? state.cursors : []
  return {
    cursor: cursors.at(-1),
    index: cursors.length,
    next: (cursor) => setState({ filter, cursors: [...cursors, cursor] }),
    previous: () => setState({ filter, cursors: cursors.slice(0, -1) }),
  }
}
