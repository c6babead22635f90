import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundaryOf, firstFile } from '../../../server/ingest/multipart.ts'

/** The form as the platform's own encoder writes it. */
async function encoded(form: FormData): Promise<{ boundary: string; bytes: Uint8Array }> {
  const request = new Request('http://localhost/', { method: 'POST', body: form })
  const boundary = boundaryOf(request.headers.get('content-type') ?? '')
  if (boundary === null) throw new RangeError('no boundary')
  return { boundary, bytes: new Uint8Array(await request.arrayBuffer()) }
}

async function* cut(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.byteLength; i += 1) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function read(bytes: Uint8Array, boundary: string, sizes: readonly number[] = [64]) {
  const file = await firstFile(cut(bytes, sizes), boundary)
  if (file === null) return null
  const chunks: Uint8Array[] = []
  for await (const chunk of file.body) chunks.push(chunk)
  return { name: file.name, bytes: Buffer.concat(chunks) }
}

/** Bytes that look like boundaries, line breaks and dashes more often than chance would have it. */
const tricky = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '--', '\r\n--', '------formdata-', 'a', '0', '"', '\0', 'é'), {
    maxLength: 60,
  })
  .map((parts) => Buffer.from(parts.join('')))

describe('the first file of a form', () => {
  test('is what the encoder put in, whatever stands around it and however it is cut', async () => {
    const field = fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.string({ maxLength: 50, unit: 'binary' }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { maxLength: 3 }),
        // The encoder leaves a name out that is empty.
        fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
        tricky,
        fc.array(field, { maxLength: 2 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
        async (before, name, content, after, sizes) => {
          const form = new FormData()
          for (const [key, value] of before) form.append(key, value)
          form.append('file', new File([content], name))
          for (const [key, value] of after) form.append(key, value)
          const { boundary, bytes } = await encoded(form)
          const file = await read(bytes, boundary, sizes)
          expect(file?.bytes.equals(content)).toBe(true)
          expect(file?.name).toBe(new File([], name).name)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('has its name, also with a line separator in it', async () => {
    const form = new FormData()
    form.append('file', new File(['x'], 'a\u2028b.csv'))
    const { boundary, bytes } = await encoded(form)
    expect(await read(bytes, boundary)).toMatchObject({ name: 'a\u2028b.csv' })
  })

  test('is missing where there are only fields', async () => {
    const form = new FormData()
    form.append('a', '1')
    form.append('b', '2')
    const { boundary, bytes } = await encoded(form)
    expect(await read(bytes, boundary)).toBeNull()
  })

  test('is refused when the form is cut off anywhere', async () => {
    const form = new FormData()
    form.append('file', new File(['email\na@example.com\n'], 'f.csv'))
    const { boundary, bytes } = await encoded(form)
    const end = Buffer.from(bytes).lastIndexOf(`--${boundary}--`)
    for (let length = 0; length < end + boundary.length; length += 7)
      await expect(read(bytes.subarray(0, length), boundary), String(length)).rejects.toMatchObject({ status: 400 })
  })

  test('holds no more than a chunk at a time', async () => {
    const mark = 'x'.repeat(40)
    const chunk = Buffer.alloc(1_000_000, 'a')
    let made = 0
    let taken = 0
    let most = 0
    async function* endless() {
      yield Buffer.from(`--${mark}\r\ncontent-disposition: form-data; name="f"; filename="f"\r\n\r\n`)
      for (; made < 50; made += 1) yield chunk
      yield Buffer.from(`\r\n--${mark}--\r\n`)
    }
    const file = await firstFile(endless(), mark)
    for await (const part of file?.body ?? []) {
      taken += part.byteLength
      most = Math.max(most, made * chunk.byteLength - taken)
    }
    expect(taken).toBe(50_000_000)
    expect(most).toBeLessThan(2_000_000)
  })

  test.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data; charset=utf-8; boundary="a b:c"', 'a b:c'],
    ['multipart/form-data', null],
    [`multipart/form-data; boundary=${'x'.repeat(200)}`, null],
  ])('%s is parted by %s', (type, boundary) => expect(boundaryOf(type)).toBe(boundary))
})
