/** What the threads of the process say of themselves every few seconds, and what /metrics and the alarms read of it. */
import type { Instant } from '../../shared/time/instant.ts'

/** Upper bounds in ms of the histogram of slices; the last bucket has none. */
export const SLICE_BOUNDS_MS = [5, 10, 15, 25, 50, 100, 250, 1_000] as const

export type ThreadName = 'main' | 'writer' | 'sender' | 'inbox'
export type LoopReport = {
  /** How late a timer came, in ms. */
  lagMs: number
  /** Share of the time since the last report in which the event loop was busy, 0 to 1. */
  utilization: number
}
export type WriterReport = {
  /** Commands that wait or run. */
  queue: number
  commands: number
  slices: { counts: readonly number[]; sumMs: number }
  /** Since the thread began (server/engine/tally.ts). */
  totals: Readonly<Record<string, number>>
}
/** Posted by a thread to the one that started it. */
export type ThreadReport = { kind: 'report'; loop: LoopReport; writer: WriterReport | null }

export type ThreadReports = {
  heard(thread: ThreadName, report: ThreadReport): void
  loops(): ReadonlyMap<ThreadName, LoopReport>
  writer(): WriterReport | null
  /** When the writer was last heard; null: it has not reported yet. */
  writerHeardAt(): Instant | null
}

export function threadReports(now: () => Instant): ThreadReports {
  const loops = new Map<ThreadName, LoopReport>()
  let writer: WriterReport | null = null
  let writerHeardAt: Instant | null = null
  return {
    heard(thread, report) {
      loops.set(thread, report.loop)
      if (report.writer === null) return
      writer = report.writer
      writerHeardAt = now()
    },
    loops: () => loops,
    writer: () => writer,
    writerHeardAt: () => writerHeardAt,
  }
}
