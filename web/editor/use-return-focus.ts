import { useEffect, useState } from 'react'

/** A dialog that is only there while open gives the focus back to where it was opened from. */
export function useReturnFocus(): void {
  const [from] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // After the dialog has let go; whoever took the focus on purpose in between keeps it.
      setTimeout(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body
        if (isLost && from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true })
      }, 0)
    },
    [from],
  )
}
