/** Files that are no text at all, known by their first bytes (the registered signatures), so that the answer can name them. */
import { unprocessable } from '../../shared/errors.ts'

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['1f8b', 'a gzip archive'],
  ['504b0304', 'a zip archive or an Excel workbook (.xlsx)'],
  ['504b0506', 'an empty zip archive'],
  ['d0cf11e0a1b11ae1', 'an old Excel workbook (.xls)'],
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['377abcaf271c', 'a 7-Zip archive'],
  ['52617221', 'a RAR archive'],
  ['425a68', 'a bzip2 archive'],
  ['fd377a585a00', 'an xz archive'],
  ['28b52ffd', 'a Zstandard archive'],
  ['53514c69746520666f726d6174203300', 'an SQLite database'],
  ['50415231', 'a Parquet file'],
  ['7b5c727466', 'a rich text document (.rtf)'],
]
const LOOKED_AT = 8_192

/** @throws RequestError 422 saying what the file is and what to do */
export function refuseBinary(bytes: Uint8Array): void {
  const start = Buffer.from(bytes.subarray(0, 16)).toString('hex')
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature))
  if (known !== undefined) throw notText(`The file is ${known[1]}`)
  const head = bytes.subarray(0, LOOKED_AT)
  const controls = head.reduce((n, byte) => n + (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) ? 1 : 0), 0)
  // A stray NUL or control sign is a cell's own fault; every twentieth byte is none of text, whatever its encoding.
  if (!isWide(bytes) && controls * 20 > head.byteLength) throw notText('The file is not text')
}

const notText = (what: string) =>
  unprocessable('not-csv', `${what}; expected a CSV text file. Save the list as "CSV UTF-8" and send that.`)

/** Whether the bytes look like UTF-16 or UTF-32, by mark or by the zeros that ASCII has there. */
export function isWide(bytes: Uint8Array): boolean {
  return wideEncoding(bytes) !== null
}

export function wideEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | null {
  const [a, b, c, d] = bytes
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length > 3 ? 'utf-32le' : 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be'
  const nuls = [0, 0]
  const head = bytes.subarray(0, LOOKED_AT)
  for (let i = 0; i < head.byteLength; i += 1) if (head[i] === 0) nuls[i % 2] = (nuls[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = nuls
  // Commas, line ends and addresses are ASCII: a tenth of the letters even of a Chinese list.
  const enough = head.byteLength / 20
  if (odd > enough && even * 20 < odd) return 'utf-16le'
  if (even > enough && odd * 20 < even) return 'utf-16be'
  return null
}
