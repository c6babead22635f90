import { createConnection } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSink, seeded } from './sink.mjs'

type Options = Parameters<typeof createSink>[0]
type Delivery = Parameters<Options['record']>[0]

let stop: (() => void) | null = null
afterEach(() => stop?.())

async function open(odds: Partial<Options>) {
  const deliveries: Delivery[] = []
  const record = (delivery: Delivery) => deliveries.push(delivery)
  const sink = createSink({ record, random: seeded(1), delayMs: 0, temporary: 0, permanent: 0, drop: 0, ...odds })
  stop = () => sink.close()
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  return { deliveries, port: (sink.address() as { port: number }).port }
}
const pause = () => new Promise((resolve) => setTimeout(resolve, 15))

/** Talks one session to a sink with these odds; answers what was recorded and the last thing the sink said. */
async function session(lines: readonly string[], odds: Partial<Options> = {}) {
  const { deliveries, port } = await open(odds)
  const said = await new Promise<string>((resolve) => {
    const socket = createConnection(port, '127.0.0.1')
    const left = [...lines]
    let heard = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      heard = String(chunk)
      const next = left.shift()
      if (next === undefined) socket.destroy()
      else socket.write(next)
    })
    socket.on('close', () => resolve(heard.trim()))
  })
  await pause() // the sink sees the end a moment later
  return { deliveries, said }
}

/** Writes without listening, each piece in a packet of its own, then hangs up. */
async function dictate(pieces: readonly string[]) {
  const { deliveries, port } = await open({})
  const socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
  for (const piece of pieces) {
    socket.write(piece)
    await pause()
  }
  socket.destroy()
  await pause()
  return deliveries
}

const envelope = ['EHLO me\r\n', 'MAIL FROM:<a@x.example>\r\n', 'RCPT TO:<b@y.example>\r\n', 'DATA\r\n']
const mail = 'Message-ID: <1.2.0.i@x.example>\r\nSubject: hi\r\n\r\n..dot\r\nbody\r\n'

describe('the sink', () => {
  test('records a message whose dot arrived', async () => {
    const { deliveries, said } = await session([...envelope, `${mail}.\r\n`])
    expect(said).toBe('250 2.0.0 Ok')
    expect(deliveries).toEqual([
      { messageId: '<1.2.0.i@x.example>', recipient: 'b@y.example', dot: true, code: 250, dropped: false },
    ])
  })
  test('finds the dot when it comes in pieces', async () => {
    const pieces = [mail.slice(0, 20), mail.slice(20), '.', '\r', '\n']
    expect(await dictate([envelope.join(''), ...pieces])).toMatchObject([
      { dot: true, code: 250, messageId: '<1.2.0.i@x.example>' },
    ])
  })
  test('refuses for now and for good', async () => {
    const now = await session([...envelope, `${mail}.\r\n`], { temporary: 1, random: () => 0.9 })
    expect(now.said).toMatch(/^451/)
    const atRcpt = await session(envelope.slice(0, 3), { permanent: 1, random: () => 0.1 })
    expect(atRcpt.said).toMatch(/^550/)
    expect(atRcpt.deliveries).toMatchObject([{ dot: false, code: 550, recipient: 'b@y.example' }])
  })
  test('takes a message and drops the connection without a word', async () => {
    const { deliveries } = await session([...envelope, `${mail}.\r\n`], { drop: 1 })
    expect(deliveries).toMatchObject([{ dot: true, code: null, dropped: true }])
  })
  test('records a message cut off before its dot as not delivered', async () => {
    expect(await dictate([envelope.join(''), mail])).toMatchObject([
      { dot: false, code: null, dropped: false, messageId: '<1.2.0.i@x.example>' },
    ])
  })
})
