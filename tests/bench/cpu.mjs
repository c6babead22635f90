// CPU time and memory of another process, thread by thread, from the operating system (Linux).
import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds on a CPU so far, per thread. @returns {Map<string, number>} thread id to microseconds */
function threadTimes(/** @type {number} */ pid) {
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((tid) => {
      const [ns = '0'] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')
      return [tid, Number(ns) / 1_000]
    }),
  )
}

/**
 * Start measuring a process.
 *
 * @returns {() => { totalUs: number, threadsUs: number[] }} the CPU used since; `threadsUs` the busiest first, the main thread included
 */
export function cpuMeter(/** @type {number} */ pid) {
  const before = threadTimes(pid)
  return () => {
    const spent = [...threadTimes(pid)].map(([tid, us]) => us - (before.get(tid) ?? 0))
    const threadsUs = spent.sort((a, b) => b - a)
    return { totalUs: threadsUs.reduce((a, b) => a + b, 0), threadsUs }
  }
}

/** Highest resident memory of the process so far, in MiB. */
export function peakMemoryMib(/** @type {number} */ pid) {
  const [, kib = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kib) / 1_024)
}

export function summary(/** @type {readonly number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 }
}
