/** A thread's report on itself. One timer every few seconds: a monitor that samples every 20 ms would cost more than an idle product may. */
import { performance } from 'node:perf_hooks'
import { SLICE_BOUNDS_MS, type ThreadReport, type WriterReport } from '../ops/thread-reports.ts'

const EVERY_MS = 5_000

/** @returns how to stop */
export function startMeter(
  post: (report: ThreadReport) => void,
  writer: () => WriterReport | null = () => null,
): () => void {
  let before = performance.eventLoopUtilization()
  let expectedAt = performance.now() + EVERY_MS
  const timer = setInterval(() => {
    const lagMs = Math.max(0, performance.now() - expectedAt)
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, before)
    before = now
    expectedAt = performance.now() + EVERY_MS
    post({ kind: 'report', loop: { lagMs, utilization }, writer: writer() })
  }, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** What the writer adds: commands, slices, and all that was tallied. */
export function createWriterMeter() {
  const totals = new Map<string, number>()
  const counts = new Array<number>(SLICE_BOUNDS_MS.length + 1).fill(0)
  let sumMs = 0
  let queue = 0
  let commands = 0
  return {
    tally(done: ReadonlyMap<string, number>): void {
      for (const [key, n] of done) totals.set(key, (totals.get(key) ?? 0) + n)
    },
    slice(tookMs: number): void {
      const found = SLICE_BOUNDS_MS.findIndex((bound) => tookMs <= bound)
      const index = found === -1 ? SLICE_BOUNDS_MS.length : found
      counts[index] = (counts[index] ?? 0) + 1
      sumMs += tookMs
    },
    async during<T>(work: () => Promise<T>): Promise<T> {
      queue += 1
      commands += 1
      try {
        return await work()
      } finally {
        queue -= 1
      }
    },
    report: (): WriterReport => ({
      queue,
      commands,
      slices: { counts: [...counts], sumMs },
      totals: Object.fromEntries(totals),
    }),
  }
}
