/**
 * The first file of a multipart/form-data body (RFC 7578), as a stream: whatever its size, no more of it is held than one chunk and one
 * boundary. Fields before the file are passed over; what follows it is read and dropped.
 */
import { badRequest } from '../../shared/errors.ts'

/** Part headers longer than this are no browser's. */
const MAX_HEADER_BYTES = 16_384
const MAX_PARTS = 100

export type FormFile = { name: string; body: AsyncIterable<Uint8Array> }

/** The boundary of a content-type header, or null when there is none (RFC 2046: 1 to 70 characters). */
export function boundaryOf(contentType: string): string | null {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70})(?=[\s;]|$))/i.exec(contentType)
  return match?.[1] ?? match?.[2] ?? null
}

/** The first file of a body with this content-type; null when the form holds none. @throws RequestError 400 */
export async function formFile(body: AsyncIterable<Uint8Array>, contentType: string): Promise<FormFile | null> {
  const boundary = boundaryOf(contentType)
  if (boundary === null) throw badRequest('The form names no boundary of 1 to 70 characters in its content-type.')
  return firstFile(body, boundary)
}

/** Null when the form holds no file. @throws RequestError 400 for what is no form or ends before its last boundary */
export async function firstFile(body: AsyncIterable<Uint8Array>, boundary: string): Promise<FormFile | null> {
  const source = new Source(body[Symbol.asyncIterator]())
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  // The first boundary has no line break of its own; with one in front, all are alike.
  source.putBack(Buffer.from('\r\n'))
  for await (const _preamble of source.until(delimiter));
  for (let part = 0; part < MAX_PARTS; part += 1) {
    const next = await source.take(2)
    if (next.equals(Buffer.from('--'))) return null
    if (!next.equals(Buffer.from('\r\n'))) throw broken()
    const name = fileNameOf(await headersOf(source))
    if (name !== null) return { name, body: fileThenRest(source, delimiter) }
    for await (const _field of source.until(delimiter));
  }
  throw badRequest(`The form has more than ${MAX_PARTS} fields before its file; expected the file alone.`)
}

async function* fileThenRest(source: Source, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  yield* source.until(delimiter)
  await source.drain()
}

async function headersOf(source: Source): Promise<string> {
  const end = Buffer.from('\r\n\r\n')
  const parts: Uint8Array[] = []
  let size = 0
  // A part may have no headers at all: then the blank line comes at once.
  source.putBack(Buffer.from('\r\n'))
  for await (const chunk of source.until(end)) {
    parts.push(chunk)
    size += chunk.byteLength
    if (size > MAX_HEADER_BYTES) throw badRequest('A part of the form has headers of more than 16 KB.')
  }
  return Buffer.concat(parts).toString('utf8')
}

/** What browsers write: quotes and line breaks percent-encoded (WHATWG), the rest as it is. */
function fileNameOf(headers: string): string | null {
  // Not by the `m` flag: to it, a line separator (U+2028) in a name ends the line too.
  const disposition = headers.split('\r\n').find((header) => /^content-disposition:/i.test(header)) ?? ''
  const name = /;\s*filename="([^"]*)"/i.exec(disposition)?.[1] ?? /;\s*filename=([^\s";]+)/i.exec(disposition)?.[1]
  return name === undefined ? null : name.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n')
}

const broken = () =>
  badRequest('The form ends before its last boundary; expected multipart/form-data with its boundary.')

/** Bytes as they come, with what was read too far put back. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks
  }

  putBack(bytes: Buffer): void {
    this.#held = Buffer.concat([bytes, this.#held])
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#chunks.next()
    if (done === true) throw broken()
    this.#held = this.#held.byteLength === 0 ? Buffer.from(value) : Buffer.concat([this.#held, value])
  }

  async take(size: number): Promise<Buffer> {
    while (this.#held.byteLength < size) await this.#more()
    const taken = this.#held.subarray(0, size)
    this.#held = this.#held.subarray(size)
    return taken
  }

  /** What stands before the mark, which is read too. A mark cut in two by chunks is still a mark. */
  async *until(mark: Buffer): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = this.#held.indexOf(mark)
      const safe = at >= 0 ? at : Math.max(0, this.#held.byteLength - mark.byteLength + 1)
      if (safe > 0) yield this.#held.subarray(0, safe)
      this.#held = this.#held.subarray(at >= 0 ? at + mark.byteLength : safe)
      if (at >= 0) return
      await this.#more()
    }
  }

  async drain(): Promise<void> {
    for (let read = await this.#chunks.next(); read.done !== true; read = await this.#chunks.next());
  }
}
