// The pages of a million contacts with a past, and what the product does while nobody asks for anything:
//   node tests/bench/many-contacts.mjs [--contacts 1000000] [--idle 60] [--report]
//   node tests/bench/many-contacts.mjs --imports [--rows 500000] [--report]
// `--report` puts what was measured into docs/reports/contacts.md.
import { spawn } from 'node:child_process'
import { mkdtempSync, openAsBlob, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { API_KEY, apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { writeReport } from './contacts-page.mjs'
import { cpuMeter, memoryMib, peakMemoryMib } from './cpu.mjs'
import { benchImports, writeList } from './imports.mjs'
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
    const seededFrom = performance.now()
    await seedWaiting({ path, workflowId: Number(id), contacts, batch: 1, dueAt: [], now: Date.now() })
    await seedPast({ path, workflowId: Number(id), contacts, messagesEach: 2, now: Date.now() })
    const seedSeconds = Math.round((performance.now() - seededFrom) / 1_000)
    log(
      `seeded in ${seedSeconds} s: ${contacts} contacts with ${contacts * 2} events and messages, ${Math.round(statSync(path).size / 1e6)} MB`,
    )
    product = await start()
    await sleep(3_000)
    const meter = cpuMeter(product.pid)
    await sleep(idleSeconds * 1_000)
    const { totalUs, byName } = meter()
    const percent = (/** @type {number} */ us) => Number((us / (idleSeconds * 10_000)).toFixed(3))
    const [idlePercent, idleByThread] = [
      percent(totalUs),
      Object.fromEntries(Object.entries(byName).map(([name, us]) => [name, percent(us)])),
    ]
    log(`idle: ${idlePercent} % of a core over ${idleSeconds} s, ${JSON.stringify(idleByThread)}`)
    const pages = await loadPages(product.url, pagesOf(id, contacts))
    log(`pages: ${JSON.stringify(pages)}`)
    const exports = []
    for (const format of ['csv', 'jsonl']) {
      // Started anew, so that what is the export's own can be told.
      await product.stop()
      product = await start()
      exports.push(await oneExport(product, format, contacts))
      log(`export: ${JSON.stringify(exports.at(-1))}`)
    }
    const wal = await walBesideReaders(product, path)
    log(`write-ahead log: ${JSON.stringify(wal)}`)
    return {
      contacts,
      databaseMb: Math.round(statSync(path).size / 1e6),
      seedSeconds,
      idlePercent,
      idleByThread,
      idleSeconds,
      pages,
      exports,
      wal,
    }
  } finally {
    await product.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** @param {import('../../scripts/product.mjs').Product} product */
async function oneExport(product, /** @type {string} */ format, /** @type {number} */ contacts) {
  const startedAt = performance.now()
  const meter = cpuMeter(product.pid)
  const beforeMib = memoryMib(product.pid)
  /** @type {number[]} */
  const quarters = []
  const expected = contacts / 4
  let [bytes, lines] = [0, 0]
  await readExport(product.url, format, (chunk) => {
    bytes += chunk.byteLength
    for (const byte of chunk) if (byte === 10) lines += 1
    if (lines >= expected * (quarters.length + 1)) quarters.push(memoryMib(product.pid))
  })
  return {
    format,
    lines,
    megabytes: Math.round(bytes / 1e6),
    seconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1)),
    cpuUsPerContact: Number((meter().totalUs / contacts).toFixed(1)),
    beforeMib,
    quartersMib: quarters,
    peakMib: peakMemoryMib(product.pid),
  }
}

/** @param {(chunk: Uint8Array) => void} hear */
async function readExport(
  /** @type {string} */ url,
  /** @type {string} */ format,
  hear,
  /** @type {AbortSignal | undefined} */ signal,
) {
  const response = await fetch(`${url}/api/v1/contacts/export?format=${format}`, {
    headers: { authorization: `Bearer ${API_KEY}` },
    ...(signal === undefined ? {} : { signal }),
  })
  if (!response.ok) throw new Error(`the export answered ${response.status}`)
  for await (const chunk of response.body ?? []) hear(chunk)
}

const IMPORTED_BESIDE = 60_000

/** Exports that overlap, so that at every moment somebody reads, while a list is imported. @param {import('../../scripts/product.mjs').Product} product */
async function walBesideReaders(product, /** @type {string} */ path) {
  const list = `${path}.list.csv`
  await writeList(list, IMPORTED_BESIDE)
  const end = new AbortController()
  const reader = async (/** @type {number} */ delayMs) => {
    await sleep(delayMs)
    while (!end.signal.aborted) await readExport(product.url, 'jsonl', () => {}, end.signal)
  }
  const readers = [0, 2_000, 4_000].map((delayMs) =>
    reader(delayMs).catch((error) => {
      if (!end.signal.aborted) throw error
    }),
  )
  const api = apiOf(product.url)
  const answer = await fetch(`${product.url}/api/v1/contacts/import?consent=granted`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
    body: await openAsBlob(list),
  })
  const { importId } = /** @type {{ importId: string }} */ (await answer.json())
  let [largest, status] = [0, 'running']
  while (status === 'running') {
    await sleep(50)
    largest = Math.max(largest, statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0)
    status = (await api('GET', `/api/v1/imports/${importId}`)).status
  }
  end.abort()
  await Promise.all(readers)
  return { readers: readers.length, rows: IMPORTED_BESIDE, status, largestMb: Number((largest / 1e6).toFixed(1)) }
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

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const log = console.log
  const isImports = process.argv.includes('--imports')
  const part = isImports ? 'imports' : 'many'
  const result = isImports
    ? await benchImports({ rows: option('--rows', 500_000), again: true, log })
    : await benchManyContacts({ contacts: option('--contacts', 1_000_000), idleSeconds: option('--idle', 60), log })
  console.log(JSON.stringify(result, null, 2))
  if (process.argv.includes('--report')) writeReport(part, result)
}
