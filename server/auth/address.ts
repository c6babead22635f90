/** Where a request came from. */
import type { Context } from 'hono'

type Incoming = { incoming?: { socket: { remoteAddress?: string | undefined } } }

/** The connection's own address, or what a trusted proxy says of it: the last forwarded address that is not itself a proxy. */
export function addressOf(c: Context, trusted: readonly string[]): string {
  const { incoming } = (c.env ?? {}) as Incoming
  const peer = (incoming?.socket.remoteAddress ?? 'local').replace(/^::ffff:/, '')
  if (!trusted.includes(peer)) return peer
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim())
  return forwarded.findLast((address) => address !== '' && !trusted.includes(address))?.slice(0, 64) ?? peer
}
