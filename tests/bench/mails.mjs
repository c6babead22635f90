// Mails a second from "Add people" to the sink, and CPU for each, in alternation with nodemailer's pooled sendMail of the same mail to
// the same people over as many connections to the same sink. Every mail is marked durably before its dot; no TLS, no DKIM.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { startSink, WELL_BEHAVED } from '../chaos/start-sink.mjs'
import { EMAILS } from '../chaos/three-mails.mjs'
import { cpuMeter, memoryMib, peakMemoryMib, summary } from './cpu.mjs'
import { newsletter, oneNewsletter, people } from './newsletter.mjs'

const CONNECTIONS = 10
/** Sent before the clock starts, so that neither side pays for compiling its code. */
const WARM_PEOPLE = 150
const REFERENCE = fileURLToPath(new URL('./reference.mjs', import.meta.url))
const SINK = [...WELL_BEHAVED, '--pipelining']

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
  const ratios = product.map((run, n) => ({
    cpu: (run.byThread.sender ?? 0) / (reference[n]?.cpuUsEach ?? 1),
    rate: run.perSecond / (reference[n]?.perSecond ?? 1),
  }))
  const median = (/** @type {readonly number[]} */ values) => Number(summary(values).median.toFixed(2))
  return {
    mails: contacts * EMAILS,
    repeats,
    connections: CONNECTIONS,
    replyDelayMs,
    htmlBytes: html.length,
    product: {
      perSecond: summary(product.map((run) => run.perSecond)),
      senderCpuUsEach: summary(product.map((run) => run.byThread.sender ?? 0)),
      processCpuUsEach: summary(product.map((run) => run.cpuUsEach)),
      threadsUsEach: product[0]?.threadsUsEach ?? [],
      byThread: product[0]?.byThread ?? {},
      memoryMib: Math.max(...product.map((run) => run.memoryMib)),
    },
    reference: {
      perSecond: summary(reference.map((run) => run.perSecond)),
      processCpuUsEach: summary(reference.map((run) => run.cpuUsEach)),
    },
    ratio: { senderCpu: median(ratios.map(({ cpu }) => cpu)), perSecond: median(ratios.map(({ rate }) => rate)) },
  }
}

/**
 * @template T
 * @param {readonly string[]} sinkArgs
 * @param {(product: Awaited<ReturnType<typeof startProduct>>, sink: Awaited<ReturnType<typeof startSink>>, dataDir: string) => Promise<T>} measure
 */
async function withProduct(sinkArgs, measure) {
  const dataDir = mkdtempSync(join(tmpdir(), 'perennial-mails-'))
  const sink = await startSink(sinkArgs)
  const env = {
    ...HEADLESS,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}?maxConnections=${CONNECTIONS}`,
    LOG_LEVEL: 'warn',
  }
  const product = await startProduct({ dataDir, port: await freePort(), env })
  try {
    return await measure(product, sink, dataDir)
  } finally {
    await product.kill()
    sink.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const ours = (/** @type {number} */ contacts, /** @type {number} */ delay) =>
  withProduct([...SINK, '--delay', String(delay)], async (product, sink, dataDir) => {
    const api = apiOf(product.url)
    await importPeople(api, WARM_PEOPLE)
    await start(api, newsletter())
    await untilCounted(sink, WARM_PEOPLE * EMAILS, 120_000)
    await importPeople(api, contacts)
    const before = await sink.count()
    const meter = cpuMeter(product.pid)
    const startedAt = performance.now()
    await start(api, newsletter())
    await untilCounted(sink, before + contacts * EMAILS, 900_000)
    const seconds = (performance.now() - startedAt) / 1_000
    const { totalUs, threadsUs, byName } = meter()
    const peak = peakMemoryMib(product.pid)
    await product.stop()
    const mails = (await sink.count()) - before
    if (mails !== contacts * EMAILS) throw new Error(`${mails} of ${contacts * EMAILS} mails arrived`)
    const each = (/** @type {number} */ us) => Math.round(us / mails)
    return {
      perSecond: Math.round(mails / seconds),
      cpuUsEach: each(totalUs),
      threadsUsEach: threadsUs.slice(0, 4).map(each),
      byThread: Object.fromEntries(Object.entries(byName).map(([name, us]) => [name, each(us)])),
      memoryMib: peak,
      html: firstEmail(join(dataDir, 'perennial.db')),
    }
  })

/**
 * Resident memory, all threads, while the outbox is filled with `mails` and emptied. The peak is that of the whole process, from its start;
 * the slope that of the line through the samples after the warm-up, the first tenth of the mails: until then caches fill and code compiles.
 *
 * @param {{ mails: number, log: (line: string) => void }} options
 */
export const benchMemory = ({ mails, log }) =>
  withProduct(SINK, async (product, sink) => {
    const api = apiOf(product.url)
    const idleMib = memoryMib(product.pid)
    await importPeople(api, mails)
    const importedMib = memoryMib(product.pid)
    await start(api, oneNewsletter())
    const samples = []
    for (let sent = 0; sent < mails; ) {
      await sleep(500)
      sent = await sink.count()
      samples.push({ sent, mib: memoryMib(product.pid) })
      if (samples.length % 20 === 0) log(JSON.stringify(samples.at(-1)))
    }
    const peakMib = peakMemoryMib(product.pid)
    await product.stop()
    const shown = samples.filter((_, n) => n % Math.ceil(samples.length / 25) === 0)
    const warmUpMails = mails / 10
    const mibPer100000 = Number((slope(samples.filter(({ sent }) => sent >= warmUpMails)) * 100_000).toFixed(1))
    return { mails, idleMib, importedMib, peakMib, warmUpMails, mibPer100000, samples: shown }
  })

/** Least squares. */
function slope(/** @type {readonly { sent: number, mib: number }[]} */ samples) {
  const mean = (/** @type {readonly number[]} */ values) => values.reduce((a, b) => a + b, 0) / values.length
  const x = mean(samples.map(({ sent }) => sent))
  const y = mean(samples.map(({ mib }) => mib))
  const above = samples.reduce((sum, { sent, mib }) => sum + (sent - x) * (mib - y), 0)
  const below = samples.reduce((sum, { sent }) => sum + (sent - x) ** 2, 0)
  return below === 0 ? 0 : Number((above / below).toPrecision(3))
}

async function importPeople(/** @type {ReturnType<typeof apiOf>} */ api, /** @type {number} */ count) {
  const path = '/api/v1/contacts/import?consent=granted&consentSource=test'
  const { importId } = await api('POST', path, people(count))
  for (;;) {
    const state = await api('GET', `/api/v1/imports/${importId}`)
    if (state.status === 'failed' || state.rejected > 0) throw new Error(`import: ${JSON.stringify(state)}`)
    if (state.status === 'completed') return
    await sleep(50)
  }
}

async function start(/** @type {ReturnType<typeof apiOf>} */ api, /** @type {object} */ document) {
  const { id } = await api('POST', '/api/v1/workflows', document)
  await published(api, id)
  await api('POST', `/api/v1/workflows/${id}/enrollments`, { audience: null })
}

/** Layout has three seconds by the clock, which on a busy machine may be too few: that is not what is measured here. */
async function published(/** @type {ReturnType<typeof apiOf>} */ api, /** @type {string} */ id, tries = 20) {
  try {
    await api('POST', `/api/v1/workflows/${id}/publish`, {})
  } catch (error) {
    if (tries === 1 || !String(error).includes('given up after')) throw error
    await published(api, id, tries - 1)
  }
}

/** Asked of the sink, not of the product: a question costs the one who answers. */
async function untilCounted(
  /** @type {Awaited<ReturnType<typeof startSink>>} */ sink,
  /** @type {number} */ count,
  /** @type {number} */ withinMs,
) {
  const giveUpAt = performance.now() + withinMs
  for (let seen = 0; seen < count; seen = await sink.count()) {
    if (performance.now() > giveUpAt) throw new Error(`${seen} of ${count} mails within ${withinMs} ms`)
    await sleep(20)
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
  const sink = await startSink([...SINK, '--delay', String(delay)])
  const mails = Math.min(contacts * EMAILS, 10_000)
  const args = [REFERENCE, String(sink.port), String(mails), String(CONNECTIONS), String(contacts)]
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(html)
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  sink.stop()
  const { seconds, cpuUs } = JSON.parse(output)
  return { perSecond: Math.round(mails / seconds), cpuUsEach: Math.round(cpuUs / mails) }
}
