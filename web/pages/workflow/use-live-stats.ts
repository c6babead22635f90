import { useEffect, useState } from 'react'
import type { Stats } from '../../../shared/api/workflows.ts'
import { getStats, subscribeStats } from '../../api/stats.ts'

/**
 * The numbers as they change, also of a workflow nobody has published yet: the first people are then seen as they come.
 * `isOnline` is false while the line is down; the last numbers stay.
 */
export function useLiveStats(workflowId: string): { stats: Stats | null; isOnline: boolean } {
  const [stats, setStats] = useState<Stats | null>(null)
  const [isOnline, setOnline] = useState(true)
  useEffect(() => {
    let isOver = false
    getStats(workflowId).then(
      (first) => {
        if (!isOver) setStats((now) => now ?? first)
      },
      () => {
        if (!isOver) setOnline(false)
      },
    )
    const stop = subscribeStats(workflowId, { onStats: setStats, onLine: setOnline })
    return () => {
      isOver = true
      stop()
    }
  }, [workflowId])
  return { stats, isOnline }
}
