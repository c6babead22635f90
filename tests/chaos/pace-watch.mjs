// Loaded into the product by tests/chaos/pace.mjs: notes when MAIL FROM and final dots are written to a socket.
import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

const log = process.env.PACE_LOG ?? ''
const write = Socket.prototype.write
const note = (/** @type {string} */ kind) =>
  appendFileSync(log, `${JSON.stringify({ kind, at: performance.timeOrigin + performance.now() })}\n`)

Socket.prototype.write = function watched(/** @type {any[]} */ ...args) {
  const [data] = args
  if (data === '.\r\n') note('dot')
  else if (typeof data === 'string' && data.startsWith('MAIL FROM')) note('mail')
  return Reflect.apply(write, this, args)
}
