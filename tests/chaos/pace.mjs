// The rate of an account as its server sees it: the built product is killed while mail flows at 14/s, and what counts is when MAIL FROM
// and the final dot reach the sink, another process.
//   node tests/chaos/pace.mjs [--rate 14] [--contacts 150] [--kills 3] [--connections 10] [--slow 0] [--departures]
// `--slow N`: the sink stands still for up to N ms now and then. `--departures` also tells when the product wrote them.
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { apiOf, freePort, HEADLESS, sleep, startProduct } from '../../scripts/product.mjs'
import { setUp, untilQuiet } from './kill.mjs'
import { threeMails } from './three-mails.mjs'

const SELF = fileURLToPath(import.meta.url)
const WATCH = fileURLToPath(new URL('./pace-watch.mjs', import.meta.url))
const now = () => performance.timeOrigin + performance.now()

/** @typedef {{ kind: 'mail' | 'dot', at: number }} Seen */

/** Takes everything and notes when; stands still now and then, as a busy server does. */
function serve(/** @type {string} */ log, /** @type {number} */ slowMs) {
  const note = (/** @type {string} */ kind) => appendFileSync(log, `${JSON.stringify({ kind, at: now() })}\n`)
  const server = createServer({ noDelay: true }, (socket) => {
    let text = ''
    let isData = false
    const commandEnds = () => text.indexOf('\r\n')
    const dotEnds = () => text.indexOf('\r\n.\r\n')
    const step = () => {
      const end = isData ? dotEnds() : commandEnds()
      if (end < 0) return false
      const line = text.slice(0, end)
      text = text.slice(end + (isData ? 5 : 2))
      if (isData) {
        note('dot')
        isData = false
        socket.write('250 2.0.0 Ok\r\n')
        return true
      }
      if (line.startsWith('MAIL')) note('mail')
      isData = line.startsWith('DATA')
      if (line.startsWith('EHLO')) socket.write('250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n')
      else if (line.startsWith('QUIT')) socket.end('221 Bye\r\n')
      else socket.write(isData ? '354 Go on\r\n' : '250 Ok\r\n')
      return true
    }
    socket.setEncoding('latin1')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      text += String(chunk)
      while (step());
    })
    socket.write('220 sink ESMTP\r\n')
  })
  server.listen(0, '127.0.0.1', () => console.log(JSON.stringify(server.address())))
  if (slowMs === 0) return
  setInterval(() => {
    const until = now() + Math.random() * slowMs
    while (now() < until);
  }, 1_700)
}

/** @returns {Seen[]} */
const read = (/** @type {string} */ path) =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : []

/** The most of one kind in any second. */
export function busiest(/** @type {readonly Seen[]} */ seen, /** @type {'mail' | 'dot'} */ kind) {
  const times = seen
    .filter((one) => one.kind === kind)
    .map(({ at }) => at)
    .sort((a, b) => a - b)
  let most = { count: 0, at: 0 }
  let from = 0
  times.forEach((at, i) => {
    while (at - (times[from] ?? at) >= 1_000) from += 1
    if (i - from + 1 > most.count) most = { count: i - from + 1, at: times[from] ?? at }
  })
  return { ...most, all: times.length, perSecond: (times.length / ((times.at(-1) ?? 0) - (times[0] ?? 0))) * 1_000 }
}

async function startOwnSink(/** @type {string} */ log, /** @type {number} */ slowMs) {
  const child = spawn(process.execPath, [SELF, '--serve', log, String(slowMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()
  return { port: Number(JSON.parse(value).port), stop: () => child.kill('SIGKILL') }
}

/** @param {{ rate?: number, contacts?: number, kills?: number, connections?: number, slowMs?: number, watched?: boolean }} options */
export async function runPace({ rate = 14, contacts = 150, kills = 3, connections = 10, slowMs = 0, watched = false }) {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-pace-'))
  const arrived = join(folder, 'sink.jsonl')
  const left = join(folder, 'left.jsonl')
  const sink = await startOwnSink(arrived, slowMs)
  const port = await freePort()
  const env = {
    ...HEADLESS,
    SMTP_URL: `smtp://127.0.0.1:${sink.port}?maxConnections=${connections}&ratePerSecond=${rate}`,
    LOG_LEVEL: 'warn',
    ...(watched ? { NODE_OPTIONS: `--import=${pathToFileURL(WATCH)}`, PACE_LOG: left } : {}),
  }
  const start = () => startProduct({ dataDir: join(folder, 'data'), port, env })
  let product = await start()
  /** @type {number[]} */
  const killedAt = []
  try {
    const id = await setUp(apiOf(product.url), contacts, () => {}, threeMails())
    const expected = contacts * 3
    for (let kill = 1; kill <= kills; kill++) {
      while (busiest(read(arrived), 'dot').all < (expected * kill) / (kills + 1)) await sleep(50)
      await product.kill()
      killedAt.push(now())
      product = await start()
    }
    await untilQuiet(apiOf(product.url), id, contacts, 120_000)
    const seen = read(arrived)
    const written = read(left)
    return {
      rate,
      contacts,
      kills: killedAt.map(Math.round),
      slowMs,
      mail: busiest(seen, 'mail'),
      dot: busiest(seen, 'dot'),
      ...(watched ? { mailLeft: busiest(written, 'mail'), dotLeft: busiest(written, 'dot'), seen, written } : {}),
    }
  } finally {
    await product.kill()
    sink.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const args = process.argv.slice(2)
if (process.argv[1] === SELF && args[0] === '--serve') serve(args[1] ?? '', Number(args[2]))
else if (process.argv[1] === SELF) {
  const option = (/** @type {string} */ name, /** @type {number} */ standard) =>
    args.includes(`--${name}`) ? Number(args[args.indexOf(`--${name}`) + 1]) : standard
  const { seen, written, ...report } = await runPace({
    rate: option('rate', 14),
    contacts: option('contacts', 150),
    kills: option('kills', 3),
    connections: option('connections', 10),
    slowMs: option('slow', 0),
    watched: args.includes('--departures'),
  })
  console.log(JSON.stringify(report))
  if (seen !== undefined && written !== undefined) {
    const from = report.dot.at
    const near = (/** @type {readonly Seen[]} */ list) =>
      list
        .filter(({ at, kind }) => kind === 'dot' && at > from - 1_500 && at < from + 1_500)
        .map(({ at }) => Math.round(at - from))
    console.log(
      JSON.stringify({ busiestArrived: near(seen), left: near(written), kills: report.kills.map((at) => at - from) }),
    )
  }
  const { rate, mail, dot } = report
  process.exit(mail.count <= rate && dot.count <= rate ? 0 : 1)
}
