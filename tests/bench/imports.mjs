// How fast a list of contacts is imported, what it costs, and how long pages of others take meanwhile. Importable; also by itself:
//   node tests/bench/imports.mjs [--rows 500000] [--again]   `--again` imports the same list a second time: everybody is known
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, openAsBlob, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { API_KEY, apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { cpuMeter, memoryMib, peakMemoryMib } from './cpu.mjs'

const LOADER = fileURLToPath(new URL('./loader.mjs', import.meta.url))
const FIRST = [
  'Anna',
  'Thu Hà',
  'Jonas',
  'Mai',
  'Siobhán',
  'Kaarina',
  'Dilan',
  'Minh',
  '晓梅',
  'Joana',
  'Quân',
  'Pierre',
]
const LAST = [
  'Lindqvist',
  'Nguyễn',
  'Weber',
  'Trần',
  "O'Hara",
  'Heikkilä',
  'Kaya',
  'Lê',
  '陈',
  'Ferreira',
  'Phạm',
  'Martin',
]
const HEADER = 'email,Kundennr,first_name,last_name,company,city,country,phone,birthday,plan,spent,tags\r\n'

/** Twelve columns; addresses in no order, as lists have them: neighbours of the file are far apart in every index. */
export async function writeList(/** @type {string} */ path, /** @type {number} */ rows) {
  const file = createWriteStream(path)
  file.write(HEADER)
  for (let from = 0; from < rows; from += 1_000) {
    let text = ''
    for (let i = from; i < Math.min(from + 1_000, rows); i++) {
      const mixed = (i * 2_654_435_761) % 4_294_967_296
      const first = FIRST[mixed % 12]
      const last = LAST[(mixed >>> 5) % 12]
      text += `${mixed.toString(36)}.${i}@${['example.com', 'people.example', 'mail.example.org'][mixed % 3]},K-${i},${first},"${last}, ${i % 997}",`
      text += `Company ${mixed % 5_000} Limited,${['Berlin', 'Hà Nội', 'Taipei', 'Lyon'][i % 4]},${['DE', 'VN', 'TW', 'FR'][i % 4]},`
      text += `+84 9${String(mixed % 100_000_000).padStart(8, '0')},19${60 + (i % 40)}-05-17,${i % 3 === 0 ? 'free' : 'pro'},${mixed % 100_000},fair;${i % 7}\r\n`
    }
    if (!file.write(text)) await new Promise((resolve) => file.once('drain', resolve))
  }
  file.end()
  await finished(file)
}

/** @param {{ rows: number, again?: boolean, log: (line: string) => void }} options */
export async function benchImports({ rows, again = false, log }) {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-import-'))
  const list = join(dataDir, 'list.csv')
  await writeList(list, rows)
  const product = await startProduct({ dataDir, port: await freePort(), env: { ...HEADLESS, LOG_LEVEL: 'warn' } })
  try {
    const first = await oneImport(product, list, rows, dataDir)
    log(`new people: ${JSON.stringify(first)}`)
    const second = again ? await oneImport(product, list, rows, dataDir) : null
    if (second !== null) log(`the same again: ${JSON.stringify(second)}`)
    return {
      rows,
      megabytes: Math.round(statSync(list).size / 1e6),
      first,
      second,
      memoryMib: peakMemoryMib(product.pid),
    }
  } finally {
    await product.kill()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** @param {import('../../scripts/product.mjs').Product} product */
async function oneImport(
  product,
  /** @type {string} */ list,
  /** @type {number} */ rows,
  /** @type {string} */ dataDir,
) {
  const api = apiOf(product.url)
  const mapping = { Kundennr: 'externalId', email: 'email', tags: 'tags' }
  const query = new URLSearchParams({ consent: 'granted', mapping: JSON.stringify(mapping) })
  const meter = cpuMeter(product.pid)
  const startedAt = performance.now()
  const answer = await fetch(`${product.url}/api/v1/contacts/import?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
    body: await openAsBlob(list),
  })
  const { importId } = /** @type {{ importId: string }} */ (await answer.json())
  const keptAt = performance.now()
  const pages = loadPages(product.url, Math.min(20, Math.max(4, rows / 40_000)))
  let largestWal = 0
  /** @type {[number, number][]} */
  const memory = []
  // The reader's thread ends with the file, and what it used would be gone with it.
  let readerUs = 0
  let state = await api('GET', `/api/v1/imports/${importId}`)
  while (state.status === 'running') {
    await sleep(200)
    largestWal = Math.max(largestWal, statSync(`${dataDir}/perennial.db-wal`, { throwIfNoEntry: false })?.size ?? 0)
    state = await api('GET', `/api/v1/imports/${importId}`)
    readerUs = meter().byName.reader ?? readerUs
    const next = [100_000, 300_000, 500_000][memory.length]
    if (next !== undefined && state.rows >= next) memory.push([state.rows, memoryMib(product.pid)])
  }
  const wallMs = Date.parse(state.finishedAt) - Date.parse(state.createdAt)
  const { totalUs: stillThereUs, byName } = meter()
  const totalUs = stillThereUs + (byName.reader === undefined ? readerUs : 0)
  const threadsUs = { ...byName, reader: byName.reader ?? readerUs }
  const { status, created, updated, duplicates, rejected } = state
  return {
    status,
    created,
    updated,
    duplicates,
    rejected,
    rowsPerSecond: Math.round((rows / wallMs) * 1_000),
    uploadMs: Math.round(keptAt - startedAt),
    cpuUsPerRow: Number((totalUs / rows).toFixed(1)),
    cpuUsByThread: Object.fromEntries(
      Object.entries(threadsUs).map(([name, us]) => [name, Number((us / rows).toFixed(1))]),
    ),
    memoryMib: memory,
    walMb: Math.round(largestWal / 1e6),
    pages: await pages,
  }
}

function loadPages(/** @type {string} */ url, /** @type {number} */ seconds) {
  const paths = ['/api/v1/contacts?limit=50', '/api/v1/workflows', '/api/v1/status']
  const child = spawn(process.execPath, [LOADER, url, API_KEY, '20', String(seconds), ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  return new Promise((resolve) =>
    child.on('exit', () => {
      const { p50, p99, max, failed } = JSON.parse(output)
      resolve({ p50, p99, max, failed })
    }),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = Number(process.argv[process.argv.indexOf('--rows') + 1]) || 500_000
  const result = await benchImports({ rows, again: process.argv.includes('--again'), log: console.log })
  console.log(JSON.stringify(result, null, 2))
}
