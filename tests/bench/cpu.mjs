// CPU time and memory of another process, thread by thread, from the operating system (Linux).
import { readdirSync, readFileSync } from 'node:fs'

/** @typedef {{ name: string, us: number }} ThreadTime */

/** Microseconds on a CPU so far, per thread. @returns {Map<string, ThreadTime>} by thread id */
function threadTimes(/** @type {number} */ pid) {
  return new Map(
    readdirSync(`/proc/${pid}/task`).map((tid) => {
      const [ns = '0'] = readFileSync(`/proc/${pid}/task/${tid}/schedstat`, 'utf8').split(' ')
      const name = readFileSync(`/proc/${pid}/task/${tid}/comm`, 'utf8').trim()
      return [tid, { name: tid === String(pid) ? 'main' : name, us: Number(ns) / 1_000 }]
    }),
  )
}

/**
 * Start measuring a process.
 *
 * @returns {() => { totalUs: number, threadsUs: number[], byName: Record<string, number> }} the CPU used since; `threadsUs` the busiest
 *   first, the main thread included; `byName` by the name of the thread (server/threads/name.ts), all without one under `others`
 */
export function cpuMeter(/** @type {number} */ pid) {
  const before = threadTimes(pid)
  return () => {
    const spent = [...threadTimes(pid)].map(([tid, { name, us }]) => ({ name, us: us - (before.get(tid)?.us ?? 0) }))
    /** @type {Record<string, number>} */
    const byName = {}
    for (const { name, us } of spent) {
      const key = ['main', 'writer', 'sender', 'inbox', 'reader'].includes(name) ? name : 'others'
      byName[key] = (byName[key] ?? 0) + us
    }
    const threadsUs = spent.map(({ us }) => us).sort((a, b) => b - a)
    return { totalUs: threadsUs.reduce((a, b) => a + b, 0), threadsUs, byName }
  }
}

const statusMib = (/** @type {number} */ pid, /** @type {string} */ field) => {
  const [, kib = '0'] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kib) / 1_024)
}

/** Highest resident memory of the process so far, in MiB. */
export const peakMemoryMib = (/** @type {number} */ pid) => statusMib(pid, 'VmHWM')

/** Resident memory of the process now, all threads, in MiB. */
export const memoryMib = (/** @type {number} */ pid) => statusMib(pid, 'VmRSS')

export function summary(/** @type {readonly number[]} */ values) {
  const sorted = [...values].sort((a, b) => a - b)
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0 }
}
