/** Quoted-printable (RFC 2045 6.7): every body of ours, so that no server has to offer 8BITMIME and no line is ever too long. */

/** With the `=` of a soft break a line has at most 76 characters. */
const ROOM = 75
const [TAB, LF, CR, SPACE, DOT, EQUALS] = [9, 10, 13, 32, 46, 61]
const HEX = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0))

const [ENCODED, LITERAL, BLANK, LINE_END] = [0, 1, 2, 3]
/** What each byte is; asked for every byte of every mail, so a table. */
const KIND = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === LF || byte === CR) return LINE_END
  if (byte === TAB || byte === SPACE) return BLANK
  return byte > SPACE && byte < 127 && byte !== EQUALS ? LITERAL : ENCODED
})

/** Written to by one call at a time and copied from: a fresh buffer of three times each mail would keep the collector busy. */
let scratch = new Uint8Array(256 * 1024)

/** Line ends of any kind become CRLF; blanks at a line's end and dots at its start are encoded, which no relay can then touch. */
export function quotedPrintable(text: string): Buffer {
  const input = Buffer.from(text, 'utf8')
  const most = encodedAtMost(input.length)
  if (scratch.length < most) scratch = new Uint8Array(most)
  return Buffer.from(scratch.subarray(0, encode(input, scratch, 0)))
}

/** A piece of a body that may stand before any other: it begins a line, and ends with a line's end or a soft break. */
export function quotedPrintableChunk(text: string): Buffer {
  const input = Buffer.from(text, 'utf8')
  const output = Buffer.alloc(encodedAtMost(input.length))
  return Buffer.from(output.subarray(0, closed(output, encode(input, output, 0))))
}

/** Room that `text` needs at most when it is put as a chunk. */
export const chunkAtMost = (text: string): number => encodedAtMost(text.length * 3)

/** Put a chunk into `output` at `at`. @returns where it ends */
export function putChunk(text: string, output: Uint8Array, at: number): number {
  const end = SHORT_ASCII.test(text) ? encodeAscii(text, output, at) : encode(Buffer.from(text, 'utf8'), output, at)
  return end === at ? at : closed(output, end)
}

/** Each byte encoded, a soft break after each 25 of those, and one at the end. */
const encodedAtMost = (bytes: number): number => bytes * 3 + Math.ceil(bytes / 24) * 3 + 16

function closed(output: Uint8Array, end: number): number {
  if (end === 0 || output[end - 1] === LF) return end
  output[end] = EQUALS
  output[end + 1] = CR
  output[end + 2] = LF
  return end + 3
}

/** One line of a name, a price, a URL: most of what Liquid puts out. */
const SHORT_ASCII = /^[\x21-\x7e](?:[\x20-\x7e]{0,400}[\x21-\x7e])?$/

function encodeAscii(text: string, output: Uint8Array, at: number): number {
  let size = at
  let column = 0
  for (let i = 0; i < text.length; i += 1) {
    const byte = text.charCodeAt(i)
    const isPlain = byte !== EQUALS && (byte !== DOT || column > 0)
    if (column + (isPlain ? 1 : 3) > ROOM) {
      size = closed(output, size)
      column = 0
      // A dot that now begins its line is encoded; so the byte is looked at again.
      i -= 1
      continue
    }
    if (isPlain) {
      output[size++] = byte
      column += 1
    } else {
      size = putEncoded(output, size, byte)
      column += 3
    }
  }
  return size
}

function putEncoded(output: Uint8Array, at: number, byte: number): number {
  output[at] = EQUALS
  output[at + 1] = HEX[byte >> 4] ?? 0
  output[at + 2] = HEX[byte & 15] ?? 0
  return at + 3
}

/** @returns where it ends in `output`, which must have room for every byte encoded and a soft break after each 25 of them */
function encode(input: Uint8Array, output: Uint8Array, at: number): number {
  let size = at
  let column = 0
  for (let i = 0; i < input.length; i += 1) {
    const byte = input[i] ?? 0
    const kind = KIND[byte]
    if (kind === LINE_END) {
      if (byte === CR && input[i + 1] === LF) i += 1
      output[size++] = CR
      output[size++] = LF
      column = 0
      continue
    }
    const isPlain = kind === LITERAL || (kind === BLANK && i + 1 < input.length && KIND[input[i + 1] ?? 0] !== LINE_END)
    if (column + (isPlain ? 1 : 3) > ROOM) {
      output[size++] = EQUALS
      output[size++] = CR
      output[size++] = LF
      column = 0
    }
    if (isPlain && (byte !== DOT || column > 0)) {
      output[size++] = byte
      column += 1
    } else {
      size = putEncoded(output, size, byte)
      column += 3
    }
  }
  return size
}
