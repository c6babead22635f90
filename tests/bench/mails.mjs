// Mails a second from "Add people" to the sink, and CPU for each, in alternation with nodemailer's pooled sendMail to the same sink.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { apiOf, freePort, HEADLESS, startProduct } from '../../scripts/product.mjs'
import { setUp, untilQuiet } from '../chaos/kill.mjs'
import { startSink, WELL_BEHAVED } from '../chaos/start-sink.mjs'
import { EMAILS, threeMails } from '../chaos/three-mails.mjs'
import { cpuMeter, peakMemoryMib, summary } from './cpu.mjs'

const CONNECTIONS = 10
const SECTIONS = 8
const REFERENCE = fileURLToPath(new URL('./reference.mjs', import.meta.url))

/** @param {{ contacts: number, repeats: number, replyDelayMs?: number, log: (line: string) => void }} options */
export async function benchMails({ contacts, repeats, replyDelayMs = 0, log }) {
  /** @type {Awaited<ReturnType<typeof ours>>[]} */
  const product = []
  const reference = []
  for (let n = 0; n < repeats; n++) {
    const run = await ours(contacts, replyDelayMs)
    product.push(run)
    reference.push(await theirs(run.html, contacts, replyDelayMs))
    log(JSON.stringify({ product: { ...run, html: run.html.length }, reference: reference.at(-1) }))
  }
  const html = product[0]?.html ?? ''
  return {
    mails: contacts * EMAILS,
    repeats,
    connections: CONNECTIONS,
    replyDelayMs,
    htmlBytes: html.length,
    product: {
      perSecond: summary(product.map((run) => run.perSecond)),
      senderCpuUsEach: summary(product.map((run) => run.threadsUsEach[0] ?? 0)),
      processCpuUsEach: summary(product.map((run) => run.cpuUsEach)),
      threadsUsEach: product[0]?.threadsUsEach ?? [],
      memoryMib: Math.max(...product.map((run) => run.memoryMib)),
    },
    reference: {
      perSecond: summary(reference.map((run) => run.perSecond)),
      processCpuUsEach: summary(reference.map((run) => run.cpuUsEach)),
    },
  }
}

async function ours(/** @type {number} */ contacts, /** @type {number} */ delay) {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-mails-'))
  const sink = await startSink([...WELL_BEHAVED, '--delay', String(delay)])
  const env = {
    ...HEADLESS,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}?maxConnections=${CONNECTIONS}`,
    LOG_LEVEL: 'warn',
  }
  const product = await startProduct({ dataDir, port: await freePort(), env })
  try {
    const meter = cpuMeter(product.pid)
    const startedAt = performance.now()
    const id = await setUp(apiOf(product.url), contacts, () => {}, threeMails({ sections: SECTIONS }))
    const isQuiet = await untilQuiet(apiOf(product.url), id, contacts, 600_000)
    const seconds = (performance.now() - startedAt) / 1_000
    const { totalUs, threadsUs } = meter()
    const memoryMib = peakMemoryMib(product.pid)
    await product.stop()
    const mails = await sink.count()
    if (!isQuiet || mails !== contacts * EMAILS) throw new Error(`${mails} of ${contacts * EMAILS} mails arrived`)
    return {
      perSecond: Math.round(mails / seconds),
      cpuUsEach: Math.round(totalUs / mails),
      threadsUsEach: threadsUs.slice(0, 4).map((us) => Math.round(us / mails)),
      memoryMib,
      html: firstEmail(join(dataDir, 'perennial.db')),
    }
  } finally {
    await product.kill()
    sink.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** The compiled HTML that the product sent, for the reference to send the same. */
function firstEmail(/** @type {string} */ path) {
  const database = new Database(path, { readonly: true })
  const html = String(database.prepare('SELECT html FROM version_email ORDER BY email_key LIMIT 1').pluck().get())
  database.close()
  return html
}

async function theirs(/** @type {string} */ html, /** @type {number} */ contacts, /** @type {number} */ delay) {
  const sink = await startSink([...WELL_BEHAVED, '--delay', String(delay)])
  const mails = Math.min(contacts * EMAILS, 10_000)
  const child = spawn(process.execPath, [REFERENCE, String(sink.port), String(mails), String(CONNECTIONS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(html)
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  sink.stop()
  const { seconds, cpuUs } = JSON.parse(output)
  return { perSecond: Math.round(mails / seconds), cpuUsEach: Math.round(cpuUs / mails) }
}
