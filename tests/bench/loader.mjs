// Asks for pages at a fixed rate, as a process of its own, and tells how long each took from when it should have been asked.
//   node tests/bench/loader.mjs URL KEY RATE SECONDS PATH...
import { Agent, request } from 'node:http'

const [url = '', key = '', rate = '50', seconds = '10', ...paths] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: 32 })
const INTERVAL_MS = 1_000 / Number(rate)
const total = Math.floor(Number(rate) * Number(seconds))
/** @type {Map<string, number[]>} */
const times = new Map(paths.map((path) => [path, []]))
let failed = 0

const get = (/** @type {string} */ path, /** @type {number} */ dueAt) =>
  new Promise((resolve) => {
    const failure = () => {
      failed += 1
      resolve(null)
    }
    const call = request(url + path, { agent, headers: { authorization: `Bearer ${key}` } }, (response) => {
      response.resume()
      response.on('end', () => {
        if (response.statusCode !== 200) return failure()
        times.get(path)?.push(performance.now() - dueAt) // from when it was due: a server that stalls is not spared
        resolve(null)
      })
    })
    call.on('error', failure)
    call.end()
  })

const startedAt = performance.now()
const calls = []
for (let n = 0; n < total; n++) {
  const dueAt = startedAt + n * INTERVAL_MS
  const wait = dueAt - performance.now()
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
  calls.push(get(paths[n % paths.length] ?? '/', Math.max(dueAt, startedAt)))
}
await Promise.all(calls)

const quantile = (/** @type {number[]} */ sorted, /** @type {number} */ q) =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0).toFixed(1))
const describe = (/** @type {number[]} */ values) => {
  const sorted = [...values].sort((a, b) => a - b)
  return {
    n: sorted.length,
    p50: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
  }
}
const all = describe([...times.values()].flat())
const byPath = Object.fromEntries([...times].map(([path, values]) => [path, describe(values)]))
console.log(JSON.stringify({ ...all, failed, byPath }))
process.exit(0)
