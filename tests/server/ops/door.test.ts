import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Door, openDoor } from '../../../server/ops/door.ts'
import { isUpload } from '../../../server/routes/guard.ts'
import { API_KEY, type TestApp, testApp } from '../../support/app.ts'

let t: TestApp
let door: Door
beforeEach(async () => {
  t = await testApp()
  door = await openDoor({ host: '127.0.0.1', port: 0, isUpload })
})
afterEach(async () => {
  door.close()
  await t.close()
})

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${door.port}${path}`)
  return { status: response.status, text: await response.text() }
}
/** Write these parts one after another, and answer what came back: until the line was closed, the answer stands, or nothing comes at all. */
const speak = (parts: readonly (string | Buffer)[], quietMs = 10_000): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(door.port, '127.0.0.1')
    let heard = ''
    const done = () => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(quietMs, done)
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      if (heard.includes('\r\n\r\n')) socket.setTimeout(250, done)
    })
    socket.on('close', done)
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? done() : reject(error),
    )
    for (const part of parts) socket.write(part)
  })
const head = (path: string, headers: Record<string, string>) =>
  `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${API_KEY}\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const json = { 'content-type': 'application/json' }
const chunked = (bytes: Buffer) =>
  Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])

describe('before the application is there', () => {
  test('the process is alive and not ready, and says for what it waits', async () => {
    expect(await get('/healthz')).toEqual({ status: 200, text: '{"status":"ok"}' })
    expect(await get('/readyz')).toEqual({ status: 503, text: '{"status":"starting"}' })
    door.wait('standing by')
    expect(await get('/readyz')).toEqual({ status: 503, text: '{"status":"standing by"}' })
    expect((await get('/api/v1/contacts')).status).toBe(503)
    door.open(t.app.fetch)
    expect((await get('/readyz')).status).toBe(200)
    expect((await get('/api/v1/contacts')).status).toBe(401)
  })

  test('a port that is taken is an error, not a crash later', async () => {
    await expect(openDoor({ host: '127.0.0.1', port: door.port, isUpload })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })
})

describe('a body', () => {
  beforeEach(() => door.open(t.app.fetch))

  test('that claims to be small and goes on is cut where it said it would end', async () => {
    const answer = await speak([head('/api/v1/events', { ...json, 'content-length': '2' }), `{}${'x'.repeat(100_000)}`])
    // What follows is read as another request, and is none.
    expect(statusOf(answer)).toBe(400)
    expect(t.errors).toEqual([])
  })

  test('that says nothing of its size is counted while it comes', async () => {
    const mega = chunked(Buffer.alloc(1_048_576, 'x'))
    const headers = { ...json, 'transfer-encoding': 'chunked' }
    const answer = await speak([head('/api/v1/workflows', headers), mega, mega, mega, mega, mega, '0\r\n\r\n'])
    expect(statusOf(answer)).toBe(413)
    expect(answer).toContain('4194304')
  })

  test('that claims two sizes at once is refused', async () => {
    const headers = { ...json, 'content-length': '3', 'transfer-encoding': 'chunked' }
    expect(statusOf(await speak([head('/api/v1/events', headers), '0\r\n\r\n']))).toBe(400)
  })

  test('that does not come is not waited for', async () => {
    door.close()
    door = await openDoor({ host: '127.0.0.1', port: 0, isUpload, bodyWithinMs: 300 })
    door.open(t.app.fetch)
    const answer = await speak([head('/api/v1/events', { ...json, 'content-length': '500' }), '{"na'])
    expect(statusOf(answer)).toBe(408)
  })

  test('of a file may take longer', async () => {
    door.close()
    door = await openDoor({ host: '127.0.0.1', port: 0, isUpload, bodyWithinMs: 300 })
    door.open(t.app.fetch)
    const path = '/api/v1/contacts/import?consent=unknown'
    const headers = { 'content-type': 'text/csv', 'content-length': '20' }
    const answer = await speak([head(path, headers), 'email\na@exam'], 900)
    expect(statusOf(answer)).toBe(0)
  })
})

describe('headers', () => {
  test('of more than 16 KB are 431', async () => {
    door.open(t.app.fetch)
    expect(statusOf(await speak([head('/api/v1/events', { ...json, 'x-long': 'x'.repeat(20_000) })]))).toBe(431)
  })
})
