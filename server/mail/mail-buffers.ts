/**
 * Memory of mails on the wire, used again and again. A fresh buffer of 40 KB for each mail lies outside the heap of V8, which then marks
 * all of the heap every thousand mails to find out which are free.
 */

/** Sizes are multiples of this, so that the mails of one version fit each other's. */
const STEP_BYTES = 16 * 1024
/** What lies unused; more is left to the garbage collector. */
const MOST_FREE_BYTES = 4 * 1024 * 1024

const free = new Map<number, Buffer[]>()
const lent = new WeakMap<ArrayBufferLike, Buffer>()
let freeBytes = 0

/** A copy that is the caller's for ever, unless given back. */
export function lendCopy(bytes: Uint8Array): Buffer {
  const size = Math.ceil(bytes.length / STEP_BYTES) * STEP_BYTES
  const found = free.get(size)?.pop()
  if (found !== undefined) freeBytes -= size
  const whole = found ?? Buffer.allocUnsafeSlow(size)
  lent.set(whole.buffer, whole)
  whole.set(bytes)
  return whole.subarray(0, bytes.length)
}

/** Nobody reads it any more, the socket neither. What was not lent, or came back already, is left alone. */
export function giveBack(mail: Buffer): void {
  const whole = lent.get(mail.buffer)
  if (whole === undefined || !lent.delete(mail.buffer) || freeBytes + whole.length > MOST_FREE_BYTES) return
  freeBytes += whole.length
  const same = free.get(whole.length)
  if (same === undefined) free.set(whole.length, [whole])
  else same.push(whole)
}
