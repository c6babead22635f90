// Kills the built product while mail flows, again and again, and compares what it says with what the sink received.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { compare } from './compare.mjs'
import { brokenInvariants } from './invariants.mjs'
import { seeded } from './sink.mjs'
import { startSink } from './start-sink.mjs'
import { EMAILS, threeMails } from './three-mails.mjs'

const CONNECTIONS = 10

/**
 * @param {{ contacts: number, kills: number, seed?: number, policy?: 'hold' | 'resend', command?: readonly string[],
 *   quietWithinMs?: number, log?: (line: string) => void, keep?: boolean }} options `command` starts the product (default: the
 *   built one); `keep` leaves database and sink log where the report says
 */
export async function runKillTest({
  contacts,
  kills,
  seed = 1,
  policy = 'hold',
  command,
  quietWithinMs = 60_000,
  log = () => {},
  keep = false,
}) {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-kill-'))
  const sinkLog = join(folder, 'sink.jsonl')
  const sink = await startSink(['--log', sinkLog, '--seed', String(seed)])
  const startedAt = Date.now()
  const port = await freePort()
  const start = () =>
    startProduct({
      dataDir: join(folder, 'data'),
      port,
      env: {
        ...HEADLESS,
        SMTP_URL: `smtp://127.0.0.1:${sink.port}?maxConnections=${CONNECTIONS}`,
        SMTP_RETRY: 'PT1S,PT1S,PT2S,PT2S,PT4S,PT4S',
        UNCERTAIN_SENDS: policy,
        LOG_LEVEL: 'warn',
      },
      ...(command === undefined ? {} : { command }),
    })
  let product = await start()
  try {
    const workflowId = await setUp(apiOf(product.url), contacts, log)
    const expected = contacts * EMAILS
    const random = seeded(seed + 1)
    for (let kill = 1; kill <= kills; kill++) {
      // Spread over the run: the next kill comes when a further share of the mail has arrived, or when nothing moves any more.
      const share = (expected * (kill - 0.5 + 0.4 * random())) / (kills + 1)
      await untilArrived(sinkLog, share, 20_000)
      await product.kill()
      log(`kill ${kill} of ${kills} after ${lines(sinkLog)} messages at the sink`)
      product = await start()
    }
    const quiet = await untilQuiet(apiOf(product.url), workflowId, contacts, quietWithinMs)
    const { code, signal } = await product.stop()
    const deliveries = readDeliveries(sinkLog)
    const state = readState(join(folder, 'data', 'perennial.db'))
    const comparison = compare({ ...state, deliveries, expected, kills, connections: CONNECTIONS, policy })
    const problems = [...comparison.problems, ...state.broken]
    if (state.finished !== contacts) problems.push(`${state.finished} of ${contacts} people came to an end`)
    if (!quiet) problems.push(`still working ${quietWithinMs} ms after the last kill`)
    // npm itself dies of the signal that it hands on.
    const endsByItself = code === 0 || (command?.[0] === 'npm' && signal === 'SIGTERM')
    if (!endsByItself) problems.push(`the clean stop ended with ${code ?? signal}`)
    const seconds = Math.round((Date.now() - startedAt) / 1_000)
    return {
      ...comparison,
      ok: problems.length === 0,
      problems,
      contacts,
      kills,
      policy,
      seed,
      seconds,
      boots: state.boots,
    }
  } finally {
    await product.kill()
    sink.stop()
    if (keep) log(`Kept in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

/** People with consent, a published workflow of three mails, and the start of adding everybody. @returns {Promise<string>} its id */
export async function setUp(
  /** @type {ReturnType<typeof apiOf>} */ api,
  /** @type {number} */ contacts,
  /** @type {(line: string) => void} */ log = () => {},
  document = threeMails(),
) {
  const csv = ['email,first_name', ...Array.from({ length: contacts }, (_, n) => `p${n}@people.example,Person ${n}`)]
  const { importId } = await api('POST', '/api/v1/contacts/import?consent=granted&consentSource=test', csv.join('\n'))
  await until(async () => {
    const state = await api('GET', `/api/v1/imports/${importId}`)
    if (state.status === 'failed' || state.rejected > 0) throw new Error(`import: ${JSON.stringify(state)}`)
    return state.status === 'completed'
  }, 60_000)
  const { id } = await api('POST', '/api/v1/workflows', document)
  await api('POST', `/api/v1/workflows/${id}/publish`, {})
  await api('POST', `/api/v1/workflows/${id}/enrollments`, { audience: null })
  log(`${contacts} people imported and being added to workflow ${id}`)
  return id
}

/** @returns {Promise<boolean>} whether it was true in time */
async function until(/** @type {() => boolean | Promise<boolean>} */ isTrue, /** @type {number} */ withinMs) {
  const giveUpAt = Date.now() + withinMs
  while (!(await isTrue())) {
    if (Date.now() > giveUpAt) return false
    await sleep(50)
  }
  return true
}

/** Everybody has come to an end and no message waits to be sent. */
export function untilQuiet(
  /** @type {ReturnType<typeof apiOf>} */ api,
  /** @type {string} */ workflowId,
  /** @type {number} */ contacts,
  /** @type {number} */ withinMs,
) {
  return until(async () => {
    const { totals } = await api('GET', `/api/v1/workflows/${workflowId}/stats`)
    if (totals.entered < contacts || totals.waiting > 0) return false
    const { counts } = await api('GET', '/api/v1/messages?limit=1')
    return ['queued', 'sending', 'deferred'].every((status) => (counts[status] ?? 0) === 0)
  }, withinMs)
}

const untilArrived = (/** @type {string} */ path, /** @type {number} */ count, /** @type {number} */ withinMs) =>
  until(() => lines(path) >= count, withinMs)

/** Lines of the sink's log so far, from its size: close enough to time a kill. */
function lines(/** @type {string} */ path) {
  const BYTES_PER_LINE = 110
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return Math.floor(size / BYTES_PER_LINE)
}

/** @returns {import('./sink.mjs').Delivery[]} */
function readDeliveries(/** @type {string} */ path) {
  const text = statSync(path, { throwIfNoEntry: false }) === undefined ? '' : readFileSync(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function readState(/** @type {string} */ path) {
  const database = new Database(path, { readonly: true })
  try {
    const rows = /** @type {any[]} */ (
      database
        .prepare(
          `SELECT m.enrollment_id || '.' || m.seq || '.' || m.k AS key, m.status, m.reason, m.message_id, m.doubts
           FROM message m WHERE m.enrollment_id IS NOT NULL`,
        )
        .all()
    ).map((row) => ({
      key: String(row.key),
      status: String(row.status),
      reason: row.reason,
      messageId: row.message_id,
      doubted: row.doubts > 0,
    }))
    const { n } = /** @type {{ n: number }} */ (
      database.prepare("SELECT count(*) AS n FROM enrollment WHERE status IN ('completed', 'exited')").get()
    )
    const boots = /** @type {{ requeued: number, uncertain: number, resent: number }[]} */ (
      database.prepare('SELECT requeued, uncertain, resent FROM boot ORDER BY id').all()
    )
    return { rows, finished: n, boots, broken: brokenInvariants(database) }
  } finally {
    database.close()
  }
}

/** @typedef {Awaited<ReturnType<typeof runKillTest>>} KillReport */
