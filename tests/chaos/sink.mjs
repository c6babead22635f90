// An SMTP server that misbehaves on purpose, as a process of its own: it must outlive the product that the test kills.
//   node tests/chaos/sink.mjs --log FILE [--seed 1] [--delay 25] [--temporary 0.03] [--permanent 0.01] [--drop 0.005]
// Prints its port, then writes one JSON line per message to FILE, append-only (tests/chaos/compare.mjs reads them).
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

/**
 * @typedef {object} Delivery one message as the sink saw it
 * @property {string} messageId with its angle brackets; '' when the header did not arrive
 * @property {string} recipient
 * @property {boolean} dot whether the final dot arrived: without it the message does not exist
 * @property {number | null} code what was answered to the dot (or to RCPT); null: the connection was gone or dropped
 * @property {boolean} dropped the sink took the message and dropped the connection without an answer
 */

/**
 * @param {{ record: (delivery: Delivery) => void, random: () => number, delayMs: number,
 *   temporary: number, permanent: number, drop: number, pipelining?: boolean }} options temporary, permanent and drop are
 *   probabilities per message
 */
export function createSink({ record, random, delayMs, temporary, permanent, drop, pipelining = false }) {
  return createServer({ noDelay: true }, (socket) => {
    let said = 0
    const reply = (/** @type {string} */ line) => {
      const wait = delayMs === 0 ? 0 : random() * delayMs
      if (wait === 0) return void socket.write(`${line}\r\n`)
      // In the order of the commands, as pipelined ones must be answered.
      said = Math.ceil(Math.max(said + 1, performance.now() + wait))
      setTimeout(() => socket.writable && socket.write(`${line}\r\n`), said - performance.now())
    }
    /** Decided once per message: refuse at RCPT, refuse after the dot, drop after the dot, or accept. */
    let fate = { code: 250, atRcpt: false, dropped: false }
    let recipient = ''
    let isData = false
    let pending = ''
    let head = ''
    let tail = ''

    const decide = () => {
      const dice = random()
      const atRcpt = random() < 0.5
      if (dice < drop) return { code: 250, atRcpt: false, dropped: true }
      if (dice < drop + permanent) return { code: 550, atRcpt, dropped: false }
      if (dice < drop + permanent + temporary) return { code: 451, atRcpt, dropped: false }
      return { code: 250, atRcpt: false, dropped: false }
    }
    const deliver = (/** @type {boolean} */ dot, /** @type {number | null} */ code) =>
      record({ messageId: headerOf(head), recipient, dot, code, dropped: dot && code === null })

    const endOfData = () => {
      isData = false
      if (fate.dropped) {
        deliver(true, null)
        return socket.destroy()
      }
      deliver(true, fate.code)
      return reply(ANSWERS[fate.code] ?? '250 2.0.0 Ok')
    }

    const command = (/** @type {string} */ line) => {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO')
        return reply(`250-sink\r\n${pipelining ? '250-PIPELINING\r\n' : ''}250-8BITMIME\r\n250 SIZE 50000000`)
      if (verb === 'MAIL') {
        fate = decide()
        return reply('250 2.1.0 Ok')
      }
      if (verb === 'RCPT') {
        recipient = /<([^>]*)>/.exec(line)?.[1] ?? ''
        if (!fate.atRcpt) return reply('250 2.1.5 Ok')
        record({ messageId: '', recipient, dot: false, code: fate.code, dropped: false })
        return reply(ANSWERS[fate.code] ?? '')
      }
      if (verb === 'DATA') {
        if (fate.atRcpt) return reply('503 5.5.1 No recipient')
        isData = true
        head = ''
        tail = '\r\n'
        return reply('354 Go on')
      }
      if (verb === 'QUIT') {
        socket.end('221 2.0.0 Bye\r\n')
        return
      }
      return reply(verb === 'HELO' || verb === 'RSET' || verb === 'NOOP' ? '250 2.0.0 Ok' : '502 5.5.2 Not here')
    }

    const read = (/** @type {string} */ chunk) => {
      let text = chunk
      while (text !== '') {
        if (isData) {
          const seen = tail + text
          const end = seen.indexOf('\r\n.\r\n')
          if (head.length < 20_000) head += text.slice(0, 20_000)
          if (end < 0) {
            tail = seen.slice(-4)
            return
          }
          text = seen.slice(end + 5)
          endOfData()
        } else {
          pending += text
          const end = pending.indexOf('\r\n')
          if (end < 0) return
          const line = pending.slice(0, end)
          text = pending.slice(end + 2)
          pending = ''
          command(line)
        }
      }
    }
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => read(String(chunk)))
    socket.on('error', () => socket.destroy())
    // Killed in mid-DATA: the message was never completed, and the comparison wants to know that it was tried.
    socket.on('close', () => isData && deliver(false, null))
    reply('220 sink ESMTP')
  })
}

/** @type {Record<number, string>} */
const ANSWERS = {
  250: '250 2.0.0 Ok',
  451: '451 4.3.0 Try again later',
  550: '550 5.1.1 No such user',
}

function headerOf(/** @type {string} */ head) {
  const headers = head.split('\r\n\r\n', 1)[0] ?? ''
  return /^message-id:\s*(<[^>]+>)/im.exec(headers)?.[1] ?? ''
}

/** A small generator (mulberry32), so that a run can be repeated by its seed. @returns {() => number} in [0, 1) */
export function seeded(/** @type {number} */ seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const option = (/** @type {string} */ name, /** @type {string} */ standard) => {
    const at = process.argv.indexOf(`--${name}`)
    return at < 0 ? standard : (process.argv[at + 1] ?? standard)
  }
  const log = option('log', '')
  let count = 0
  const sink = createSink({
    record: (delivery) => {
      count += 1
      if (log !== '') appendFileSync(log, `${JSON.stringify(delivery)}\n`)
    },
    random: seeded(Number(option('seed', '1'))),
    delayMs: Number(option('delay', '25')),
    temporary: Number(option('temporary', '0.03')),
    permanent: Number(option('permanent', '0.01')),
    drop: Number(option('drop', '0.005')),
    pipelining: process.argv.includes('--pipelining'),
  })
  sink.listen(0, '127.0.0.1', () => {
    const address = sink.address()
    if (address !== null && typeof address !== 'string') console.log(JSON.stringify({ port: address.port }))
  })
  // For benchmarks: how many so far, without reading a file.
  process.on('SIGUSR2', () => console.log(JSON.stringify({ count })))
}
