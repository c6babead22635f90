/** What encoding a file of unknown origin is in: byte order marks, then UTF-8's own rules, then what Windows writes. */
import iconv from 'iconv-lite'
import { unprocessable } from '../../shared/errors.ts'
import { wideEncoding } from './recognize.ts'

/** Windows-1258 writes Vietnamese tones as marks of their own, after the vowel: grave, hook, tilde, acute, dot below. */
const TONE_MARKS = new Set([0xcc, 0xd2, 0xde, 0xec, 0xf2])
const VOWELS = new Set([
  ...Buffer.from('aeiouyAEIOUY'),
  0xc2,
  0xca,
  0xd4,
  0xc3,
  0xd5,
  0xdd,
  0xe2,
  0xea,
  0xf4,
  0xe3,
  0xf5,
  0xfd,
])

export function guessEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  const wide = wideEncoding(bytes)
  if (wide !== null) return wide
  if (isUtf8(bytes)) return 'utf-8'
  return looksVietnamese(bytes) ? 'windows-1258' : (chineseEncoding(bytes) ?? 'windows-1252')
}

/**
 * Chinese letters are two bytes, the first above ASCII; of Latin letters above ASCII two hardly ever meet. In GB18030 the second byte is
 * nearly always above ASCII too, in Big5 in two cases of three.
 */
function chineseEncoding(bytes: Uint8Array): 'gb18030' | 'big5' | null {
  let pairs = 0
  let bothHigh = 0
  for (let i = 0; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0
    if (byte < 0x81) continue
    pairs += 1
    if ((bytes[i + 1] ?? 0) >= 0x80) bothHigh += 1
    i += 1
  }
  if (pairs < 2) return null
  if (bothHigh * 10 >= pairs * 9 && decodes(bytes, 'gb18030')) return 'gb18030'
  return bothHigh * 2 >= pairs && decodes(bytes, 'big5') ? 'big5' : null
}

const isUtf8 = (bytes: Uint8Array): boolean => decodes(bytes, 'utf-8')

/** Whether the bytes are text in this encoding; the last character may be cut off. */
function decodes(bytes: Uint8Array, encoding: 'utf-8' | 'gb18030' | 'big5'): boolean {
  for (let cut = 0; cut <= 3 && cut <= bytes.length; cut += 1) {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(0, bytes.length - cut))
      return true
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
    }
  }
  return false
}

function looksVietnamese(bytes: Uint8Array): boolean {
  let high = 0
  let tones = 0
  for (let i = 1; i < bytes.length; i += 1) {
    const byte = bytes[i] ?? 0
    if (byte < 0x80) continue
    high += 1
    if (TONE_MARKS.has(byte) && VOWELS.has(bytes[i - 1] ?? 0)) tones += 1
  }
  // Every fifth sign above ASCII and at least two: Italian "però" alone does not make a list Vietnamese.
  return tones >= 2 && tones * 5 >= high
}

/** The name iconv knows it by. @throws RequestError 422 for an encoding nobody knows */
export function knownEncoding(name: string): string {
  const isKnown: boolean = iconv.encodingExists(name)
  if (isKnown) return name
  throw unprocessable(
    'bad-encoding',
    `\`encoding\` is ${JSON.stringify(name.slice(0, 40))}; expected for example utf-8, utf-16le, windows-1258 or windows-1252.`,
  )
}

/** Text in NFC: windows-1258 and macOS write letters and marks apart. */
export const decode = (bytes: Uint8Array, encoding: string): string =>
  iconv.decode(Buffer.from(bytes), encoding).normalize('NFC')
