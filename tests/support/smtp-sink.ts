/**
 * A scripted SMTP server for tests: it answers by recipient, delays, drops before or after the final dot, hangs, and keeps what it
 * accepted byte for byte. Raw sockets, so that nothing is kinder than the network.
 */
import { createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, type SecureVersion, TLSSocket } from 'node:tls'

/** `hang`: no answer at all; `drop`: the connection is reset; `vanish`: no answer, and nothing is read any more either. */
export type Answer = string
export type SinkMail = { from: string; to: string; raw: Buffer; connection: number; mailCommand: string }
export type SinkScript = {
  greeting?: (connection: number) => Answer
  extensions?: readonly string[]
  /** Credentials taken; null: no AUTH offered. */
  auth?: { user: string; pass: string } | null
  onAuth?: () => Answer
  /** STARTTLS is offered, or TLS spoken from the first byte. */
  tls?: { key: string; cert: string; isImplicit?: boolean; maxVersion?: SecureVersion }
  onEhlo?: () => Answer | null
  onStartTls?: () => Answer
  onMail?: (from: string, count: number) => Answer
  onRcpt?: (to: string) => Answer
  onData?: (to: string) => Answer
  /** Take DATA, then read nothing more of the message. */
  vanishInData?: () => boolean
  /** After the final dot came, before it counts as accepted: `drop` loses it, as a crashed server would. */
  onDot?: (to: string, raw: Buffer) => Answer
  /** Accept, then reset the connection instead of answering. */
  dropAfterAccept?: (to: string) => boolean
  delayMs?: () => number
}
export type Sink = {
  port: number
  accepted: SinkMail[]
  /** DATA that was begun and never ended by a dot. */
  unfinished: () => number
  connections: () => number
  commands: string[]
  /** Names asked for by SNI, and versions of TLS agreed on. */
  secured: { serverName: string; version: string }[]
  /** Reset every open connection, now. */
  cut(): void
  close(): Promise<void>
}

type Session = { buffer: Buffer; from: string; mailCommand: string; to: string; inData: boolean }

export async function startSink(script: SinkScript = {}): Promise<Sink> {
  const accepted: SinkMail[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let begun = 0
  let ended = 0

  const secured: Sink['secured'] = []
  const { tls } = script
  const versions = {
    minVersion: 'TLSv1',
    ...(tls?.maxVersion === undefined ? {} : { maxVersion: tls.maxVersion }),
  } as const
  const context = tls === undefined ? undefined : createSecureContext({ key: tls.key, cert: tls.cert, ...versions })

  const serve = (first: Socket) => {
    let socket = first
    const connection = ++connections
    const watch = (opened: Socket) => {
      sockets.add(opened)
      opened.setNoDelay(true)
      opened.on('error', () => undefined) // a reset by the client is part of the game
      opened.on('close', () => sockets.delete(opened))
      opened.on('data', (chunk) => {
        session.buffer = Buffer.concat([session.buffer, chunk])
        while (step());
      })
    }
    const session: Session = { buffer: Buffer.alloc(0), from: '', mailCommand: '', to: '', inData: false }
    const say = (answer: Answer): true => {
      const act = () => {
        if (answer === 'drop') first.resetAndDestroy()
        else if (answer === 'vanish') socket.pause()
        else if (answer !== 'hang' && !socket.destroyed) {
          socket.write(`${answer}\r\n`)
          if (answer.startsWith('421')) socket.end()
        }
      }
      const delay = script.delayMs?.() ?? 0
      if (delay > 0) setTimeout(act, delay)
      else act()
      return true
    }
    watch(socket)
    if (first instanceof TLSSocket) note(first)
    say(script.greeting?.(connection) ?? '220 sink.test ESMTP')

    function note(line: TLSSocket) {
      const name = 'servername' in line ? line.servername : ''
      secured.push({ serverName: typeof name === 'string' ? name : '', version: line.getProtocol() ?? '' })
    }

    function startTls(): true {
      const answer = script.onStartTls?.() ?? (context === undefined ? '502 5.5.1 Not known' : '220 2.0.0 Go ahead')
      say(answer)
      if (!answer.startsWith('2') || context === undefined) return true
      socket.removeAllListeners('data')
      session.buffer = Buffer.alloc(0)
      const line = new TLSSocket(socket, { isServer: true, secureContext: context, ...versions })
      line.on('secure', () => note(line))
      socket = line
      watch(line)
      return true
    }

    function step(): boolean {
      if (session.inData) return takeMessage()
      const end = session.buffer.indexOf('\r\n')
      if (end < 0) return false
      const line = session.buffer.subarray(0, end).toString('utf8')
      session.buffer = session.buffer.subarray(end + 2)
      commands.push(line)
      command(line)
      return true
    }

    function takeMessage(): boolean {
      const end = session.buffer.indexOf('\r\n.\r\n')
      if (end < 0) return false
      const raw = unstuffed(session.buffer.subarray(0, end + 2))
      session.buffer = session.buffer.subarray(end + 5)
      session.inData = false
      ended += 1
      const answer = script.onDot?.(session.to, raw) ?? '250 2.0.0 Ok: queued'
      if (answer.startsWith('2')) {
        accepted.push({ from: session.from, to: session.to, raw, connection, mailCommand: session.mailCommand })
        if (script.dropAfterAccept?.(session.to) === true) return say('drop')
      }
      return say(answer)
    }

    function command(line: string): true {
      const verb = line.slice(0, 4).toUpperCase()
      if (verb === 'EHLO' || verb === 'HELO') {
        return say(script.onEhlo?.() ?? ehlo(script, context !== undefined && !(socket instanceof TLSSocket)))
      }
      if (verb === 'STAR') return startTls()
      if (verb === 'AUTH') return authenticate(line)
      if (verb === 'MAIL') {
        session.from = /<([^>]*)>/.exec(line)?.[1] ?? ''
        session.mailCommand = line
        return say(script.onMail?.(session.from, accepted.length) ?? '250 2.1.0 Ok')
      }
      if (verb === 'RCPT') {
        const to = /<([^>]*)>/.exec(line)?.[1] ?? ''
        const answer = script.onRcpt?.(to) ?? '250 2.1.5 Ok'
        session.to = answer.startsWith('2') ? to : ''
        return say(answer)
      }
      if (verb === 'DATA') {
        if (session.to === '') return say('503 5.5.1 No recipient')
        const answer = script.onData?.(session.to) ?? '354 Go ahead'
        session.inData = answer.startsWith('3')
        if (session.inData) begun += 1
        say(answer)
        if (session.inData && script.vanishInData?.() === true) socket.pause()
        return true
      }
      if (verb === 'RSET' || verb === 'NOOP') {
        session.to = ''
        return say('250 Ok')
      }
      if (verb === 'QUIT') {
        socket.end('221 Bye\r\n')
        return true
      }
      return say('502 5.5.2 Not known')
    }

    function authenticate(line: string): true {
      if (script.onAuth !== undefined) return say(script.onAuth())
      const [, , initial] = line.split(' ')
      const [, user, pass] = Buffer.from(initial ?? '', 'base64')
        .toString('utf8')
        .split('\0')
      const isRight = user === script.auth?.user && pass === script.auth?.pass
      return say(isRight ? '235 2.7.0 Ok' : '535 5.7.8 Authentication credentials invalid')
    }
  }
  const server =
    tls?.isImplicit === true
      ? createTlsServer({ key: tls.key, cert: tls.cert, ...versions }, serve)
      : createServer(serve)
  server.on('tlsClientError', () => undefined) // a client that does not trust us is part of the game too
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the sink has no port')
  return {
    port: address.port,
    accepted,
    unfinished: () => begun - ended,
    connections: () => connections,
    commands,
    secured,
    cut() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function ehlo(script: SinkScript, offersTls: boolean): string {
  const startTls = offersTls ? ['STARTTLS'] : []
  const auth = script.auth || script.onAuth !== undefined ? ['AUTH PLAIN'] : []
  const lines = [
    'sink.test',
    ...(script.extensions ?? ['PIPELINING', '8BITMIME', 'ENHANCEDSTATUSCODES']),
    ...startTls,
    ...auth,
  ]
  return lines.map((line, i) => `250${i === lines.length - 1 ? ' ' : '-'}${line}`).join('\r\n')
}

/** Undo dot-stuffing (RFC 5321 4.5.2). */
function unstuffed(data: Buffer): Buffer {
  return Buffer.from(data.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1')
}

/** Wait until something holds, or say what did not. */
export async function until(holds: () => boolean, what: string, withinMs = 5_000): Promise<void> {
  for (let waited = 0; !holds(); waited += 5) {
    if (waited > withinMs) throw new Error(`not within ${withinMs} ms: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
