/**
 * The socket of an open session, from its last greeting on: nodemailer has connected, secured and signed in, and mail transactions are
 * ours (server/mail/smtp-transaction.ts). It reads replies, whole and in order, and tells once when the line is gone.
 */
import type SMTPConnection from 'nodemailer/lib/smtp-connection'

export type Listener = {
  /** One whole reply; its lines are joined by `\n`. */
  hear(reply: string): void
  /** The line is gone. At most once. */
  gone(error: Error): void
}
export type Wire = {
  write(data: string | Uint8Array, flushed?: (error?: Error | null) => void): void
  /** Who hears from now on; null: nobody, and the server may only say goodbye. */
  listen(listener: Listener | null): void
}

/** A server that never ends its reply must not fill the memory. */
const LONGEST_REPLY = 64 * 1_024

/** @param clean  takes out of a reply what must not be quoted @returns null when the connection is gone already */
export function takeWire(connection: SMTPConnection, clean: (reply: string) => string): Wire | null {
  const socket = connection._socket
  if (socket === false || socket === null || connection.destroyed) return null
  let listener: Listener | null = null
  let isGone = false
  let rest = ''
  let reply = ''

  const gone = (error: Error) => {
    if (isGone) return
    isGone = true
    const last = listener
    listener = null
    last?.gone(error)
  }
  const close = (error: Error) => {
    connection.close()
    gone(error)
  }
  const take = (line: string) => {
    reply = reply === '' ? line : `${reply}\n${line}`
    if (/^\d{3}-/.test(line)) return
    const whole = clean(reply)
    reply = ''
    if (listener !== null) return listener.hear(whole)
    // Between messages a server says only that it is about to close.
    if (!isGone) close(new Error(`the server said goodbye: ${whole}`))
  }

  socket.removeAllListeners('data')
  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1')
    for (let end = rest.indexOf('\n'); end >= 0 && !isGone; end = rest.indexOf('\n')) {
      const line = rest.slice(0, end).replace(/\r$/, '')
      rest = rest.slice(end + 1)
      take(Buffer.from(line, 'latin1').toString('utf8'))
    }
    if (rest.length + reply.length > LONGEST_REPLY) close(new Error('a reply of the server does not end'))
  })
  socket.on('error', gone)
  socket.on('close', () => gone(new Error('Connection closed unexpectedly')))
  // nodemailer closes its connection without a word to us: a timeout, the end of a session.
  connection.on('end', () => gone(new Error('Connection closed unexpectedly')))

  return {
    write(data, flushed) {
      if (isGone || socket.destroyed) flushed?.(new Error('the connection is closed'))
      else if (flushed === undefined) socket.write(data)
      else socket.write(data, flushed)
    },
    listen(next) {
      if (isGone) next?.gone(new Error('the connection is closed'))
      else listener = next
    },
  }
}
