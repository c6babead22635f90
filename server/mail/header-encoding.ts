/** Header fields as bytes: RFC 5322 folding, RFC 2047 encoded-words. Whatever a value holds, it stays one field. */

const LINE = 76
const WORD = 75
/** `=?UTF-8?B?` and `?=`. */
const WRAPPING = 12

/** A field whose text is for people, such as Subject. */
export function textField(name: string, value: string): string {
  const clean = sanitize(value)
  const isPlain = isPrintable(clean) && !clean.includes('=?') && !/\S{70}/.test(clean)
  return isPlain ? folded(name, clean.split(' ')) : folded(name, encodedWords(clean, LINE - name.length - 2))
}

/** A field of fixed grammar. It is folded between items only (RFC 2369 2 forbids blanks inside the angle brackets). */
export function structuredField(name: string, value: string): string {
  return `${checkedName(name)}: ${sanitize(value).replace(/[^\x20-\x7e]/g, '?')}\r\n`
}

/** A field of `display name <address>`. `utf8` keeps a non-ASCII address as it is (RFC 6532: only with SMTPUTF8). */
export function mailboxField(name: string, displayName: string, address: string): string {
  const clean = sanitize(displayName)
  const mailbox = `<${address}>`
  if (clean === '') return folded(name, [mailbox])
  return folded(name, [...phrase(clean, LINE - name.length - 2), mailbox])
}

/** Atoms as they are, other ASCII in quotes, the rest as encoded-words outside quotes (RFC 2047 5). */
function phrase(text: string, room: number): string[] {
  if (!isPrintable(text) || text.includes('=?') || text.length > 60) return encodedWords(text, room)
  if (/^[\w!#$%&'*+/=?^`{|}~ -]+$/.test(text)) return text.split(' ')
  return [`"${text.replace(/[\\"]/g, '\\$&')}"`]
}

/** Base64 words of whole characters, the first short enough for its line. */
function encodedWords(text: string, firstLine: number): string[] {
  const words: string[] = []
  let chunk = ''
  let bytes = 0
  const most = () => Math.floor((Math.min(WORD, words.length === 0 ? firstLine : LINE - 1) - WRAPPING) / 4) * 3
  const flush = () => {
    words.push(`=?UTF-8?B?${Buffer.from(chunk, 'utf8').toString('base64')}?=`)
    chunk = ''
    bytes = 0
  }
  for (const character of text) {
    const size = Buffer.byteLength(character)
    if (bytes + size > most() && chunk !== '') flush()
    chunk += character
    bytes += size
  }
  if (chunk !== '' || words.length === 0) flush()
  return words
}

/** Words joined by single blanks, a line break before the one that would not fit. */
function folded(name: string, words: readonly string[]): string {
  let line = `${checkedName(name)}:`
  let field = ''
  for (const word of words) {
    if (word !== '' && line.length + 1 + word.length > LINE && line.trim() !== '' && !line.endsWith(':')) {
      field += `${line}\r\n`
      line = ''
    }
    line += ` ${word}`
  }
  return `${field}${line.trimEnd()}\r\n`
}

/** Nothing to do: most values, and the look is ten times cheaper than the work. */
const CLEAN = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/

/** No line break, NUL or other control character of any script gets into a header. */
export function sanitize(value: string): string {
  return CLEAN.test(value) ? value : value.replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ').trim()
}

const isPrintable = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

function checkedName(name: string): string {
  if (!/^[A-Za-z0-9-]{1,60}$/.test(name)) throw new RangeError(`${JSON.stringify(name)} is no header name`)
  return name
}
