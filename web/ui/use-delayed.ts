import { useEffect, useState } from 'react'

/** True once `afterMs` have passed since the component appeared. */
export function useDelayed(afterMs: number): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), afterMs)
    return () => clearTimeout(timer)
  }, [afterMs])
  return isOver
}
