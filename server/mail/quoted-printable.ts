/** Quoted-printable (RFC 2045 6.7): every body of ours, so that no server has to offer 8BITMIME and no line is ever too long. */

const LINE = 76
const HEX = Buffer.from('0123456789ABCDEF')
const [CR, LF, SPACE, TAB, EQUALS, DOT] = [13, 10, 32, 9, 61, 46]

/** Line ends of any kind become CRLF; blanks at a line's end and dots at its start are encoded, which no relay can then touch. */
export function quotedPrintable(text: string): Buffer {
  const input = Buffer.from(text, 'utf8')
  const output = Buffer.allocUnsafe(input.length * 3 + Math.ceil((input.length * 3) / (LINE - 3)) * 3 + 16)
  let size = 0
  let column = 0
  for (let i = 0; i < input.length; i += 1) {
    const byte = input[i] ?? 0
    if (byte === LF || byte === CR) {
      if (byte === CR && input[i + 1] === LF) i += 1
      output[size++] = CR
      output[size++] = LF
      column = 0
      continue
    }
    const isPlain = isLiteral(byte) ? !(byte === DOT && column === 0) : isBlank(byte) && !endsLine(input[i + 1])
    if (column + (isPlain ? 1 : 3) > LINE - 1) {
      output[size++] = EQUALS
      output[size++] = CR
      output[size++] = LF
      column = 0
    }
    if (isPlain && !(byte === DOT && column === 0)) {
      output[size++] = byte
      column += 1
      continue
    }
    output[size++] = EQUALS
    output[size++] = HEX[byte >> 4] ?? 0
    output[size++] = HEX[byte & 15] ?? 0
    column += 3
  }
  return output.subarray(0, size)
}

const isLiteral = (byte: number): boolean => byte > SPACE && byte < 127 && byte !== EQUALS
const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB
const endsLine = (next: number | undefined): boolean => next === undefined || next === CR || next === LF
