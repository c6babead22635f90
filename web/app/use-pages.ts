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
  // A page turned is read from its top; the content scrolls, not the window.
  const turnTo = (turned: readonly string[]): void => {
    setState({ filter, cursors: turned })
    document.getElementById('content')?.scrollTo(0, 0)
  }
  return {
    cursor: cursors.at(-1),
    index: cursors.length,
    next: (cursor) => turnTo([...cursors, cursor]),
    previous: () => turnTo(cursors.slice(0, -1)),
  }
}
