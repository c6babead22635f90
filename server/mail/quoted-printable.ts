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
  const most = input.length * 3 + Math.ceil(input.length / 24) * 3 + 16
  if (scratch.length < most) scratch = new Uint8Array(most)
  return Buffer.from(scratch.subarray(0, encode(input, scratch)))
}

/** @returns the bytes written to `output`, which must have room for every byte encoded and a soft break after each 25 of them */
function encode(input: Uint8Array, output: Uint8Array): number {
  let size = 0
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
      output[size++] = EQUALS
      output[size++] = HEX[byte >> 4] ?? 0
      output[size++] = HEX[byte & 15] ?? 0
      column += 3
    }
  }
  return size
}
