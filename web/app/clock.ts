import { useEffect, useState } from 'react'

/** The time now, renewed every `everyMs`, for texts such as "4 s ago" and for spotting late answers. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
