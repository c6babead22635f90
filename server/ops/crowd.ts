/** Connections on which nobody has asked anything yet make room for those that come: whoever holds thousands of them keeps nobody else out. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Far below the 1,024 files that some systems let a process open. */
export const MOST_CONNECTIONS = 800

/** Beyond `most`, close the connection that has waited longest: for headers, for the rest of a body, or for nothing at all. */
export function keepRoom(server: Server, most: number = MOST_CONNECTIONS): void {
  const open = new Set<Socket>()
  /** In the order in which they began to wait. */
  const waiting = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    waiting.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      waiting.delete(socket)
    })
    if (open.size <= most) return
    const [longest] = waiting
    longest?.destroy()
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    if (request.complete) waiting.delete(socket)
    else request.once('end', () => waiting.delete(socket))
    response.once('close', () => {
      if (open.has(socket)) waiting.add(socket)
    })
  })
}
