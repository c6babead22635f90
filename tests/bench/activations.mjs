// What an activation costs beside a million people waiting, and how long a page takes meanwhile.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { API_KEY, apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { startSink, WELL_BEHAVED } from '../chaos/start-sink.mjs'
import { cpuMeter, peakMemoryMib, summary } from './cpu.mjs'
import { seedWaiting, waitingWorkflow } from './seed.mjs'

const REPEATS = 5
/** So many batches leave fewer mails unsent than slow the engine down (server/engine/crowd.ts); then the outbox is emptied. */
const BATCHES_PER_RUN = 2
/** The batch after a restart, and the last one of the mixed case, wait for the product to be started again. */
const RESTART_MS = 20_000
const LOADER = fileURLToPath(new URL('./loader.mjs', import.meta.url))

/** @param {{ contacts: number, batch: number, log: (line: string) => void }} options */
export async function benchActivations({ contacts, batch, log }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-bench-'))
  const path = join(dataDir, 'perennial.db')
  const sink = await startSink(WELL_BEHAVED)
  const port = await freePort()
  const start = (/** @type {string} */ limits) =>
    startProduct({
      dataDir,
      port,
      env: { ...HEADLESS, SMTP_URL: `smtp://127.0.0.1:${sink.port}?maxConnections=10${limits}`, LOG_LEVEL: 'warn' },
      readyWithinMs: 120_000,
    })
  /** @type {import('../../scripts/product.mjs').Product | null} */
  let running = null
  // One mail an hour: outbox rows are written, next to nothing is sent.
  const unsent = '&ratePerHour=1'
  try {
    let product = await start(unsent)
    running = product
    const { id } = await apiOf(product.url)('POST', '/api/v1/workflows', waitingWorkflow())
    await apiOf(product.url)('POST', `/api/v1/workflows/${id}/publish`, {})
    await product.stop()

    const pages = [
      `/api/v1/contacts?limit=50`,
      '/api/v1/workflows',
      `/api/v1/workflows/${id}/stats`,
      '/api/v1/status',
      '/api/v1/contacts/4711',
      '/api/v1/messages?limit=50',
    ].map((page) => page.replace('4711', String(Math.min(4_711, contacts))))
    // Far enough apart that one is done before the next begins, and the first only after the seed.
    const gapMs = Math.max(6_000, batch * 0.4)
    const firstAt = Date.now() + contacts * 0.12 + 20_000
    const dueAt = Array.from({ length: REPEATS + 1 }, (_, n) =>
      Math.round(firstAt + n * gapMs + (Math.floor(n / BATCHES_PER_RUN) + (n === REPEATS ? 1 : 0)) * RESTART_MS),
    )
    const seededFrom = performance.now()
    await seedWaiting({ path, workflowId: Number(id), contacts, batch, dueAt, now: Date.now() })
    log(
      `${contacts} people seeded in ${Math.round((performance.now() - seededFrom) / 1_000)} s, ${Math.round(statSync(path).size / 1e6)} MB`,
    )

    product = await start(unsent)
    running = product
    const idle = await loadPages(product.url, pages, 5)
    const runs = []
    let memoryMib = 0
    for (const [n, at] of dueAt.slice(0, REPEATS).entries()) {
      if (n > 0 && n % BATCHES_PER_RUN === 0) {
        await product.stop()
        emptyOutbox(path)
        product = await start(unsent)
        running = product
      }
      const run = await oneBatch({ product, path, at, batch, pages })
      memoryMib = Math.max(memoryMib, peakMemoryMib(product.pid))
      log(JSON.stringify(run))
      runs.push(run)
    }
    await product.stop()

    // The mixed case: the same, while everything queued so far is sent.
    product = await start('')
    running = product
    const sentBefore = await sink.count()
    const mixed = await oneBatch({ product, path, at: dueAt[REPEATS] ?? 0, batch, pages })
    const mailsMeanwhile = (await sink.count()) - sentBefore
    const mixedMemoryMib = peakMemoryMib(product.pid)
    await product.kill()
    const of = (/** @type {(run: typeof mixed) => number} */ read) => summary(runs.map(read))
    return {
      contacts,
      batch,
      repeats: REPEATS,
      databaseMb: Math.round(statSync(path).size / 1e6),
      writerCpuUsEach: of((run) => run.writerCpuUsEach),
      processCpuUsEach: of((run) => run.processCpuUsEach),
      perSecond: of((run) => run.perSecond),
      idlePages: idle,
      pagesP99Ms: of((run) => run.pages.p99),
      pagesP50Ms: of((run) => run.pages.p50),
      pages: runs.map((run) => run.pages),
      memoryMib,
      mixed: {
        ...mixed,
        mailsMeanwhile,
        mailsPerSecond: Math.round(mailsMeanwhile / mixed.seconds),
        memoryMib: mixedMemoryMib,
      },
    }
  } finally {
    await running?.kill()
    sink.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** What the batches so far have queued, and what counts it. The product is stopped. */
function emptyOutbox(/** @type {string} */ path) {
  const database = new Database(path)
  database.pragma('foreign_keys = OFF')
  database.exec(`DELETE FROM message; DELETE FROM step_stat WHERE metric LIKE 'message:%';
    UPDATE total SET n = 0 WHERE name LIKE 'messages.%'`)
  database.close()
}

/** @param {{ product: import('../../scripts/product.mjs').Product, path: string, at: number, batch: number, pages: string[] }} options */
async function oneBatch({ product, path, at, batch, pages }) {
  const database = new Database(path, { readonly: true })
  const due = database.prepare('SELECT count(*) AS n FROM enrollment WHERE due_at <= ?').pluck()
  try {
    const late = Date.now() - at
    if (late > 0)
      throw new Error(
        `the batch was due ${late} ms before it could be measured: the machine is too slow for these gaps`,
      )
    await sleep(at - Date.now() - 200)
    const meter = cpuMeter(product.pid)
    const startedAt = Date.now() + 200
    const seconds = Math.max(2, batch / 20_000)
    const loading = loadPages(product.url, pages, seconds)
    await sleep(250)
    while (Number(due.get(at)) > 0) await sleep(100)
    const wallMs = Date.now() - startedAt
    const { totalUs, threadsUs } = meter()
    return {
      seconds: wallMs / 1_000,
      perSecond: Math.round((batch / wallMs) * 1_000),
      writerCpuUsEach: Number(((threadsUs[0] ?? 0) / batch).toFixed(1)),
      processCpuUsEach: Number((totalUs / batch).toFixed(1)),
      pages: await loading,
    }
  } finally {
    database.close()
  }
}

/** @returns {Promise<{ n: number, p50: number, p99: number, max: number, failed: number, byPath: Record<string, unknown> }>} */
function loadPages(/** @type {string} */ url, /** @type {string[]} */ pages, /** @type {number} */ seconds) {
  const child = spawn(process.execPath, [LOADER, url, API_KEY, '100', String(seconds), ...pages], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`the loader ended with ${code}`)),
    )
  })
}
