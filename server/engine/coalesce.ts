/** Tell about each key at most once per interval: at once the first time, then when the interval is over. */
export type Coalescer<K> = { note(key: K): void; stop(): void }

export function coalesce<K>(intervalMs: number, tell: (key: K) => void): Coalescer<K> {
  /** Keys told about lately; true: noted again since. */
  const recent = new Map<K, boolean>()
  const timers = new Set<NodeJS.Timeout>()
  function tellNow(key: K): void {
    recent.set(key, false)
    tell(key)
    const timer = setTimeout(() => {
      timers.delete(timer)
      const isNoted = recent.get(key) === true
      recent.delete(key)
      if (isNoted) tellNow(key)
    }, intervalMs)
    timers.add(timer)
  }
  return {
    note(key) {
      if (recent.has(key)) recent.set(key, true)
      else tellNow(key)
    },
    stop() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
