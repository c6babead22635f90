// The pages of a million contacts with a past, and what the product does while nobody asks for anything:
//   node tests/bench/many-contacts.mjs [--contacts 1000000] [--idle 60]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { API_KEY, apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { cpuMeter, peakMemoryMib } from './cpu.mjs'
import { seedPast, seedWaiting, waitingWorkflow } from './seed.mjs'

const LOADER = fileURLToPath(new URL('./loader.mjs', import.meta.url))
const option = (/** @type {string} */ name, /** @type {number} */ otherwise) =>
  process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise

/** @param {{ contacts: number, idleSeconds: number, log: (line: string) => void }} options */
export async function benchManyContacts({ contacts, idleSeconds, log }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-many-'))
  const path = join(dataDir, 'perennial.db')
  const port = await freePort()
  const start = () => startProduct({ dataDir, port, env: { ...HEADLESS, LOG_LEVEL: 'warn' }, readyWithinMs: 120_000 })
  let product = await start()
  try {
    const { id } = await apiOf(product.url)('POST', '/api/v1/workflows', waitingWorkflow())
    await apiOf(product.url)('POST', `/api/v1/workflows/${id}/publish`, {})
    await product.stop()
    await seedWaiting({ path, workflowId: Number(id), contacts, batch: 1, dueAt: [], now: Date.now() })
    await seedPast({ path, workflowId: Number(id), contacts, messagesEach: 2, now: Date.now() })
    log(`${contacts} contacts with ${contacts * 2} events and messages, ${Math.round(statSync(path).size / 1e6)} MB`)
    product = await start()
    await sleep(3_000)
    const meter = cpuMeter(product.pid)
    await sleep(idleSeconds * 1_000)
    const idlePercent = Number((meter().totalUs / (idleSeconds * 10_000)).toFixed(3))
    log(`idle: ${idlePercent} % of a core over ${idleSeconds} s`)
    const pages = await loadPages(product.url, pagesOf(id, contacts))
    const exportedAt = performance.now()
    const exportMeter = cpuMeter(product.pid)
    const bytes = await countBytes(`${product.url}/api/v1/contacts/export`)
    const exported = {
      megabytes: Math.round(bytes / 1e6),
      seconds: Number(((performance.now() - exportedAt) / 1_000).toFixed(1)),
      cpuUsPerContact: Number((exportMeter().totalUs / contacts).toFixed(1)),
    }
    return {
      contacts,
      databaseMb: Math.round(statSync(path).size / 1e6),
      idlePercent,
      pages,
      exported,
      memoryMib: peakMemoryMib(product.pid),
    }
  } finally {
    await product.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const pagesOf = (/** @type {string} */ id, /** @type {number} */ contacts) => {
  const person = Math.min(4_711, contacts)
  return [
    '/api/v1/contacts?limit=50',
    '/api/v1/contacts?limit=50&q=person',
    `/api/v1/contacts?limit=50&q=person%20${String(contacts).slice(0, 3)}`,
    `/api/v1/contacts?limit=50&q=zzz`,
    `/api/v1/contacts/${person}`,
    `/api/v1/contacts/${person}/journal`,
    '/api/v1/workflows',
    `/api/v1/workflows/${id}`,
    `/api/v1/workflows/${id}/stats`,
    '/api/v1/messages?limit=50',
    '/api/v1/messages?limit=50&status=failed',
    '/api/v1/messages?limit=50&status=queued',
    `/api/v1/messages?limit=50&workflowId=${id}`,
    '/api/v1/status',
  ]
}

/** @returns {Promise<unknown>} */
function loadPages(/** @type {string} */ url, /** @type {string[]} */ pages) {
  const child = spawn(process.execPath, [LOADER, url, API_KEY, '20', '20', ...pages], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve) => child.on('exit', () => resolve(JSON.parse(output))))
}

async function countBytes(/** @type {string} */ url) {
  const response = await fetch(url, { headers: { authorization: `Bearer ${API_KEY}` } })
  let bytes = 0
  for await (const chunk of response.body ?? []) bytes += chunk.byteLength
  return bytes
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await benchManyContacts({
    contacts: option('--contacts', 1_000_000),
    idleSeconds: option('--idle', 60),
    log: console.log,
  })
  console.log(JSON.stringify(result, null, 2))
}
