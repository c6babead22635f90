/** Lists as they come: imported right, or refused with a sentence that says what was found and what is expected. */
import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CsvReader } from '../../../server/ingest/csv.ts'
import { guessDelimiter } from '../../../server/ingest/layout.ts'
import { API_KEY, importFile, type TestApp, testApp } from '../../support/app.ts'
import { jsonFixture } from '../../support/fixtures.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(async () => {
  expect(t.errors).toEqual([])
  await t.close()
})

type Person = { email: string; externalId: string | null; attributes: Record<string, unknown>; tags: string[] }
const person = async (email: string) =>
  (await t.call<{ items: Person[] }>('GET', `/api/v1/contacts?email=${encodeURIComponent(email)}`)).body.items[0]
const total = async () => (await t.call<{ total: number }>('GET', '/api/v1/contacts')).body.total

/** Status and problem, without importing: check, preview and import say the same. */
async function refusals(body: Uint8Array | string) {
  const answers = []
  for (const path of ['import?consent=unknown', 'import/check', 'import/preview']) {
    answers.push(
      await t.raw('POST', `/api/v1/contacts/${path}`, {
        headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
        body: typeof body === 'string' ? body : Buffer.from(body),
      }),
    )
  }
  return answers.map(({ status, body }) => ({ status, detail: String(body.detail) }))
}

describe('a list in any encoding', () => {
  const vietnamese =
    'email;Họ tên\nmai@example.com;Nguyễn Thị Mai Hương ở Đà Nẵng\nan@example.com;Trần Hưng Đạo, phường Bến Nghé\n'
  const chinese = 'email,姓名,城市\nmei@example.com,陈晓梅,上海市\nli@example.com,李明,北京市海淀区中关村大街\n'
  const latin = 'email,name,city\nmai@example.com,Müller,São Paulo\n'
  test.each([
    [
      'utf-8 with a mark',
      iconv.encode(vietnamese, 'utf-8', { addBOM: true }),
      'Họ tên',
      'Nguyễn Thị Mai Hương ở Đà Nẵng',
    ],
    [
      'utf-16le with a mark',
      iconv.encode(vietnamese, 'utf-16le', { addBOM: true }),
      'Họ tên',
      'Nguyễn Thị Mai Hương ở Đà Nẵng',
    ],
    ['utf-16le without', iconv.encode(vietnamese, 'utf-16le'), 'Họ tên', 'Nguyễn Thị Mai Hương ở Đà Nẵng'],
    [
      'utf-16be with a mark',
      iconv.encode(vietnamese, 'utf-16be', { addBOM: true }),
      'Họ tên',
      'Nguyễn Thị Mai Hương ở Đà Nẵng',
    ],
    ['utf-16be without', iconv.encode(vietnamese, 'utf-16be'), 'Họ tên', 'Nguyễn Thị Mai Hương ở Đà Nẵng'],
    [
      'utf-32le with a mark',
      iconv.encode(vietnamese, 'utf-32le', { addBOM: true }),
      'Họ tên',
      'Nguyễn Thị Mai Hương ở Đà Nẵng',
    ],
    ['windows-1252', iconv.encode(latin, 'windows-1252'), 'name', 'Müller'],
  ])('%s', async (_, bytes, column, text) => {
    expect(await importFile(t, bytes)).toMatchObject({ status: 'completed', rejected: 0, warnings: [] })
    expect((await person('mai@example.com'))?.attributes[column]).toBe(text)
  })

  test.each(['gb18030', 'gbk', 'big5'])('%s', async (encoding) => {
    const traditional =
      encoding === 'big5' ? chinese.replace('陈晓梅', '陳曉梅').replace('淀区中关村大街', '淀區中關村大街') : chinese
    expect(await importFile(t, iconv.encode(traditional, encoding))).toMatchObject({ status: 'completed', rejected: 0 })
    expect(Object.values((await person('mei@example.com'))?.attributes ?? {})).toContain(
      encoding === 'big5' ? '陳曉梅' : '陈晓梅',
    )
  })

  test('windows-1258, whose tones stand behind their vowels', async () => {
    const apart = vietnamese
      .normalize('NFD')
      .replace(/[aeiouyAEIOUY][\u0302\u0306\u031b]/g, (pair) => pair.normalize('NFC'))
    const state = await importFile(t, iconv.encode(apart, 'windows-1258'))
    expect(state).toMatchObject({ status: 'completed', rejected: 0 })
    expect(Object.values((await person('mai@example.com'))?.attributes ?? {})).toContain(
      'Nguyễn Thị Mai Hương ở Đà Nẵng',
    )
  })

  test('the first letter beyond ASCII stands behind 300 KB of plain rows', async () => {
    const rows = Array.from({ length: 9_000 }, (_, i) => `p${i}@example.com,${'x'.repeat(20)}`).join('\n')
    const bytes = iconv.encode(`email,name\n${rows}\nlast@example.com,Müller\n`, 'windows-1252')
    expect(await importFile(t, bytes)).toMatchObject({ status: 'completed', rejected: 0, warnings: [] })
    expect((await person('last@example.com'))?.attributes.name).toBe('Müller')
  })

  test('what could not be read is said at the end', async () => {
    const state = await importFile(
      t,
      Buffer.from('email,name\na@example.com,M\xfcller\n', 'latin1'),
      'consent=unknown&encoding=utf-8',
    )
    expect(state).toMatchObject({ status: 'completed', created: 1 })
    expect(state.warnings).toEqual([expect.stringContaining('could not be read')])
  })
})

describe('a list in any layout', () => {
  test.each([
    ['CR alone', 'email,name\ra@example.com,Ann\rb@example.com,Bob\r'],
    ['mixed line ends', 'email,name\r\na@example.com,Ann\nb@example.com,Bob\rc@example.com,Cy'],
    ['blank lines and blank rows', '\n\nemail,name\n\n,\na@example.com,Ann\n , \n\nb@example.com,Bob\n\n'],
    ['tabs', 'email\tname\na@example.com\tAnn\nb@example.com\tBob\n'],
    ['vertical bars', 'email|name\na@example.com|Ann\nb@example.com|Bob\n'],
    ['quotes around everything', '"email","name"\n"a@example.com","Ann"\n"b@example.com","Bob"\n'],
    ['blanks behind quotes', '"email" ,"name" \n"a@example.com" ,"Ann"\t\n"b@example.com","Bob" \n'],
  ])('%s', async (_, csv) => {
    expect(await importFile(t, csv)).toMatchObject({ status: 'completed', rejected: 0 })
    expect((await person('a@example.com'))?.attributes).toEqual({ name: 'Ann' })
    expect((await person('b@example.com'))?.attributes).toEqual({ name: 'Bob' })
  })

  test('headers twice, empty, and named like members of objects', async () => {
    const csv = 'email,city,city,,__proto__,constructor,toString,hasOwnProperty\na@example.com,1,2,3,4,5,6,7\n'
    expect(await importFile(t, csv)).toMatchObject({ status: 'completed', created: 1 })
    expect(Object.entries((await person('a@example.com'))?.attributes ?? {})).toEqual(
      expect.arrayContaining([
        ['city', '1'],
        ['city (2)', '2'],
        ['Column 4', '3'],
        ['_proto_', '4'],
        ['constructor', '5'],
        ['toString', '6'],
        ['hasOwnProperty', '7'],
      ]),
    )
  })

  test('codes keep their zeros and formulas stay text', async () => {
    const csv = 'email,zip,code,formula,phone\na@example.com,01067,007,=HYPERLINK("http://x"),+84 912 345 678\n'
    await importFile(t, csv)
    expect((await person('a@example.com'))?.attributes).toEqual({
      zip: '01067',
      code: '007',
      formula: '=HYPERLINK("http://x")',
      phone: '+84 912 345 678',
    })
  })

  test('a broken quote harms its own line', async () => {
    const csv = 'email,name\na@example.com,"Ann" Smith\nb@example.com,B"ob"\nc@example.com,"C ""y"""\n'
    expect(await importFile(t, csv)).toMatchObject({ status: 'completed', created: 3 })
    expect((await person('a@example.com'))?.attributes.name).toBe('"Ann" Smith')
    expect((await person('b@example.com'))?.attributes.name).toBe('B"ob"')
    expect((await person('c@example.com'))?.attributes.name).toBe('C "y"')
  })

  test('a cell of ten megabytes, a NUL and half a letter are refused by row, the rest comes in', async () => {
    const csv = `email,note\nbig@example.com,${'x'.repeat(10_000_000)}\nquoted@example.com,"${'y\n'.repeat(2_000_000)}"\nnul@example.com,a\0b\nok@example.com,fine\n`
    const state = await importFile(t, csv)
    expect(state).toMatchObject({ status: 'completed', rows: 4, created: 1, rejected: 3 })
    expect(state.errors).toMatchObject([
      { row: 2, column: 'note', code: 'too-long', message: expect.stringContaining('10000000') },
      { row: 3, column: 'note', code: 'too-long', message: expect.stringContaining('4000000') },
      { row: 2_000_004, column: 'note', code: 'bad-text' },
    ])
    expect(await person('ok@example.com')).toBeDefined()
  })

  test('only a header imports nobody', async () => {
    expect(await importFile(t, 'email,name\n')).toMatchObject({ status: 'completed', rows: 0, created: 0 })
  })
})

describe('what is no list', () => {
  const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(600, 7)])
  test.each([
    ['an image', png, /PNG image/],
    ['gzip', gzipSync('email\na@example.com\n'), /gzip archive/],
    ['a workbook', Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(300, 3)]), /Excel workbook/],
    ['noise', Buffer.from(Array.from({ length: 4_000 }, (_, i) => (i * 7_919) % 32)), /not text/],
    ['nothing', Buffer.alloc(0), /empty|no rows/],
    ['blanks', Buffer.from(' \n\n\t\n\r\n'), /no rows|blanks/],
    [
      '20,000 columns',
      `${Array.from({ length: 20_000 }, (_, i) => `c${i}`).join(',')}\n${'1,'.repeat(19_999)}1\n`,
      /20000 columns/,
    ],
  ])('%s is named', async (_, body, words) => {
    for (const { status, detail } of await refusals(body)) {
      expect(status).toBe(422)
      expect(detail).toMatch(words)
      expect(detail).toMatch(/expected/)
    }
    expect(await total()).toBe(0)
  })

  test('a quote that nothing closes says on which line it stands; a check says so too', async () => {
    const csv = `email,note\na@example.com,ok\nb@example.com,"open\n${'c@example.com,x\n'.repeat(2_000)}`
    const state = await importFile(t, csv)
    expect(state).toMatchObject({ status: 'failed', created: 1 })
    expect(state.problem).toMatch(/line 3 .*never closed/)
  })
})

type Case = {
  input: string
  config?: { delimiter?: string; newline?: string }
  expected: { data: unknown[]; errors: { type: string }[] }
}
const cases = jsonFixture<Record<string, (Case & { description: string })[]>>('csv/papaparse_cases.json')
/** Those that are about text alone: no options of another library, no lines it calls broken. */
const plain = Object.values(cases ?? {})
  .flat()
  .filter(
    ({ config = {}, expected }) =>
      Object.keys(config).every((key) => key === 'delimiter' || key === 'newline') &&
      expected.data.every(Array.isArray),
  )
  .filter(({ expected }) => expected.errors.every(({ type }) => type === 'Delimiter'))
  // It takes the first kind of line end for all; we take any. One sign parts columns, and a line end cannot. The mark of an encoding is the decoder's.
  .filter(({ description }) => !/Mixed slash|Multi-character|Bad delimiter|Dynamic|BOM/.test(description))
/** No list parts its columns with the control signs that two of the cases do. */
const delimiterOf = (input: string): string =>
  ['\u001e', '\u001f'].find((sign) => input.includes(sign)) ?? guessDelimiter(input, true)

describe.skipIf(cases === null)('the cases of fixtures/csv (needs ../shared/fixtures)', () => {
  test.each(plain)('$description', ({ input, config, expected }) => {
    for (const size of [1, 2, 3, 1_000]) {
      const reader = new CsvReader(config?.delimiter ?? delimiterOf(input))
      const rows: string[][] = []
      for (let at = 0; at < input.length; at += size)
        rows.push(...reader.push(input.slice(at, at + size)).map(({ cells }) => cells))
      rows.push(...reader.end().records.map(({ cells }) => cells))
      const isBlank = (row: unknown) => Array.isArray(row) && row.join('').trim() === ''
      expect(rows).toEqual(expected.data.filter((row) => !isBlank(row)))
    }
  })
  test('are most of them', () => expect(plain.length).toBeGreaterThan(70))
})

type Addresses = { must_accept: { address: string }[]; must_reject: { address: string }[] }
const addresses = jsonFixture<Addresses>('email-addresses/python-email-validator.json')
describe.skipIf(addresses === null)('the addresses of fixtures/email-addresses (needs ../shared/fixtures)', () => {
  test('come in and are refused as they are listed', async () => {
    const rowOf = ({ address }: { address: string }) => `"${address.replaceAll('"', '""')}"`
    const accepted = (addresses?.must_accept ?? []).filter(({ address }) => !/ </.test(address))
    const refused = (addresses?.must_reject ?? [])
      // What stands around a cell is let go, line breaks too.
      .filter(({ address }) => address.trim() !== 'my@example.com')
    const good = await importFile(t, `email\n${accepted.map(rowOf).join('\n')}\n`)
    expect(good).toMatchObject({ status: 'completed', rows: accepted.length, rejected: 0 })
    const bad = await importFile(t, `email,n\n${refused.map((one, i) => `${rowOf(one)},${i}`).join('\n')}\n`)
    expect(bad).toMatchObject({ status: 'completed', rejected: refused.length, created: 0 })
  })
})
