/**
 * The socket. It answers from the first moment: while the database is opened or another process has it, /healthz says that this one lives
 * and /readyz what it waits for; then the application answers.
 */
import type { IncomingMessage, Server } from 'node:http'
import { serve } from '@hono/node-server'
import { keepRoom } from './crowd.ts'

/** Headers must be there after this time; Node answers 408. */
const HEADERS_WITHIN_MS = 15_000
/** How often Node looks for those that are late; its own 30 s would make 45 s of the 15. */
const LOOK_EVERY_MS = 2_000
/** A body that is no file must be there after this time. */
const BODY_WITHIN_MS = 30_000
/** A connection on which nothing moves is closed; events streams say something every 10 s. */
const IDLE_MS = 120_000
const RETRY_AFTER_S = 5

export type Waiting = 'starting' | 'standing by'
type Fetch = Parameters<typeof serve>[0]['fetch']
export type DoorOptions = {
  host: string
  /** 0: any free port. */
  port: number
  /** Paths that take files: their bodies may take as long as they move. */
  isUpload(path: string): boolean
  bodyWithinMs?: number
  headersWithinMs?: number
  mostConnections?: number
}
export type Door = {
  port: number
  /** What /readyz says until the application answers. */
  wait(waiting: Waiting): void
  open(fetch: Fetch): void
  close(): void
}

/** @throws the error of listen(), such as EADDRINUSE */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { host, port, isUpload, bodyWithinMs = BODY_WITHIN_MS, headersWithinMs = HEADERS_WITHIN_MS } = options
  let waiting: Waiting = 'starting'
  let answer: Fetch = (request) => answerWaiting(request, waiting)
  const server = await listening((...given) => answer(...given), host, port)
  server.headersTimeout = headersWithinMs
  // A file of a gigabyte takes longer than any limit for the whole request: it may, as long as it moves.
  server.requestTimeout = 0
  server.setTimeout(IDLE_MS)
  keepRoom(server, options.mostConnections)
  server.on('request', (request: IncomingMessage) => {
    if (!isUpload((request.url ?? '').split('?')[0] ?? '')) refuseSlowBody(request, bodyWithinMs)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('no port in the address')
  return {
    port: address.port,
    wait: (next) => {
      waiting = next
    },
    open: (fetch) => {
      answer = fetch
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function listening(fetch: Fetch, hostname: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const serverOptions = { connectionsCheckingInterval: LOOK_EVERY_MS }
    const server = serve({ fetch, hostname, port, serverOptions }, () => resolve(server as Server))
    server.on('error', reject)
  })
}

function refuseSlowBody(request: IncomingMessage, withinMs: number): void {
  if (request.complete) return
  const timer = setTimeout(() => {
    if (request.complete) return
    request.socket.end('HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    request.destroy()
  }, withinMs)
  request.once('close', () => clearTimeout(timer))
}

/** Kubernetes and load balancers keep a process that is healthy and give nothing to one that is not ready. */
function answerWaiting(request: Request, waiting: Waiting): Response {
  const { pathname } = new URL(request.url)
  const headers = {
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
  if (pathname === '/healthz') return Response.json({ status: 'ok' }, { headers })
  if (pathname === '/readyz') return Response.json({ status: waiting }, { status: 503, headers })
  const detail =
    waiting === 'starting'
      ? 'Perennial is starting; try again in a moment.'
      : 'Another process serves this database; this one stands by until that one ends.'
  return new Response(
    JSON.stringify({ type: 'urn:perennial:not-ready', title: 'Not ready', status: 503, detail, instance: pathname }),
    {
      status: 503,
      headers: { ...headers, 'content-type': 'application/problem+json', 'retry-after': String(RETRY_AFTER_S) },
    },
  )
}
