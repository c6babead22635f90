/** Many clients that take their time: the real server, and somebody else who wants to be served meanwhile. */
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Door, openDoor } from '../../server/ops/door.ts'
import { isUpload } from '../../server/routes/guard.ts'
import { API_KEY, type TestApp, testApp } from '../support/app.ts'

let t: TestApp
let door: Door
const sockets: Socket[] = []
beforeEach(async () => {
  t = await testApp()
  door = await openDoor({
    host: '127.0.0.1',
    port: 0,
    isUpload,
    headersWithinMs: 300,
    bodyWithinMs: 300,
    mostConnections: 60,
  })
  door.open(t.app.fetch)
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  door.close()
  await t.close()
})

type Dripping = { heard: string; isClosed: boolean; socket: Socket }

function drip(begin: string, each: string): Dripping {
  const socket = connect(door.port, '127.0.0.1')
  const dripping = { heard: '', isClosed: false, socket }
  sockets.push(socket)
  socket.on('data', (chunk) => {
    dripping.heard += chunk.toString('latin1')
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    dripping.isClosed = true
  })
  socket.write(begin)
  const timer = setInterval(() => (socket.writable ? socket.write(each) : clearInterval(timer)), 50)
  socket.on('close', () => clearInterval(timer))
  return dripping
}

const healthy = async () => (await fetch(`http://127.0.0.1:${door.port}/readyz`)).status
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 25))
}
const POST = `POST /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${API_KEY}\r\ncontent-type: application/json\r\n`

describe('clients that drip', () => {
  test.each([
    ['headers', 'GET / HTTP/1.1\r\n', 'x-a: b\r\n'],
    ['a body', `${POST}content-length: 100000\r\n\r\n`, ' '],
    ['chunks', `${POST}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n'],
    [
      'a body nobody asked for',
      'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n',
      ' ',
    ],
  ])('%s are sent away, and others are served', async (_what, begin, each) => {
    const slow = Array.from({ length: 40 }, () => drip(begin, each))
    expect(await healthy()).toBe(200)
    await until(() => slow.every(({ isClosed }) => isClosed))
    expect(await healthy()).toBe(200)
    expect(t.errors).toEqual([])
  })

  test('make room for others when there are too many of them', async () => {
    const slow = Array.from({ length: 150 }, () => drip('GET / HTTP/1.1\r\n', ''))
    await until(() => slow.filter(({ isClosed }) => isClosed).length >= 90)
    expect(await healthy()).toBe(200)
    // Those who came last are the ones still there.
    expect(slow.slice(0, 20).every(({ isClosed }) => isClosed)).toBe(true)
  })
})

describe('requests that are none', () => {
  const SAYINGS = [
    'GET\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a b\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\n\r\n',
    'GET http://evil.example/ HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET // HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /\\..\\..\\secret.key HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /%252e%252e%252fetc HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /\u0000 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n',
    'GET / HTTP/1.1\r\nhost: [\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'CONNECT evil.example:443 HTTP/1.1\r\nhost: x\r\n\r\n',
    'TRACE / HTTP/1.1\r\nhost: x\r\n\r\n',
    'FOO / HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1e3\r\n\r\n',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n12345',
    'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n',
    'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n',
    'POST /api/v1/session HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\nzz\r\n',
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nhost: x\r\n${'x: y\r\n'.repeat(5_000)}\r\n`,
    'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  ]
  test.each(SAYINGS.map((saying) => [saying.slice(0, 60), saying]))(
    'such as %j are answered below 500 or not at all, and the server stays',
    async (_short, saying) => {
      const spoken = drip(saying, '')
      await until(() => spoken.isClosed || spoken.heard.includes('\r\n\r\n'))
      const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(spoken.heard)?.[1] ?? 0)
      expect(status, spoken.heard.slice(0, 300)).toBeLessThan(500)
      expect(spoken.heard).not.toMatch(/root:|evil\.example|at \w+ \(/)
      expect(await healthy()).toBe(200)
      expect(t.errors).toEqual([])
    },
  )
})
