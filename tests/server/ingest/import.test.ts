import { readdirSync } from 'node:fs'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guessEncoding } from '../../../server/ingest/encoding.ts'
import { cell } from '../../../server/routes/contact-export.ts'
import { API_KEY, importFile, type TestApp, testApp } from '../../support/app.ts'
import { fixture, fixturePath, jsonFixture } from '../../support/fixtures.ts'

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

type Contacts = {
  items: { email: string; attributes: Record<string, unknown>; consent: Record<string, string>; tags: string[] }[]
  total: number
}
const contacts = async (query = '') => (await t.call<Contacts>('GET', `/api/v1/contacts?limit=200${query}`)).body
const byEmail = async (email: string) => (await contacts(`&email=${encodeURIComponent(email)}`)).items[0]

describe('importing a CSV', () => {
  test('makes contacts, merges the second time, and counts both', async () => {
    const csv = 'E-mail,Vorname,City,Tags\nann@example.com,Ann,Huế,beta;vip\nbob@example.com,Bob,,\n'
    expect(await importFile(t, csv)).toMatchObject({
      status: 'completed',
      rows: 2,
      created: 2,
      updated: 0,
      rejected: 0,
      progress: 1,
    })
    expect(await byEmail('ann@example.com')).toMatchObject({
      attributes: { Vorname: 'Ann', City: 'Huế' },
      tags: ['beta', 'vip'],
    })
    const again = await importFile(t, 'email,City\nANN@example.com,Đà Nẵng\n')
    expect(again).toMatchObject({ created: 0, updated: 1 })
    expect(await byEmail('ann@example.com')).toMatchObject({ attributes: { Vorname: 'Ann', City: 'Đà Nẵng' } })
  })

  test('asks for the consent basis and writes it to the ledger with its words', async () => {
    const missing = await t.raw('POST', '/api/v1/contacts/import', {
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
      body: 'email\na@example.com\n',
    })
    expect(missing.status).toBe(400)
    await importFile(t, 'email\na@example.com\n', 'consent=granted&consentSource=Fair%202026&consentText=Yes%20please')
    expect(await byEmail('a@example.com')).toMatchObject({ consent: { marketing: 'granted' } })
    const id = (await t.call<{ items: { id: string }[] }>('GET', '/api/v1/contacts')).body.items[0]?.id
    const ledger = await t.call('GET', `/api/v1/contacts/${id}/consents`)
    expect(ledger.body).toMatchObject({
      items: [{ topic: 'marketing', status: 'granted', source: 'Fair 2026', text: 'Yes please' }],
    })
  })

  test('names the physical line of each refused row, also after quoted line breaks and blank lines', async () => {
    const csv =
      'email,note\r\na@example.com,"one\r\ntwo"\r\n\r\nnot-an-address,x\r\nb@example.com,"a\nb\nc"\r\n,nobody\r\n'
    const state = await importFile(t, csv)
    expect(state).toMatchObject({ status: 'completed', created: 2, rejected: 2 })
    expect(state.errors).toMatchObject([
      { row: 5, column: 'email', code: 'bad-email' },
      { row: 9, column: '', code: 'no-identity' },
    ])
    const file = await t.call('GET', `/api/v1/imports/${String(state.id)}/rejected.csv`)
    expect(file.text.split('\r\n')[1]).toMatch(/^5,email,bad-email,/)
  })

  test('reads what Windows and Excel write', async () => {
    const csv = 'email;Họ tên\nmai@example.com;Nguyễn Thị Mai Hương ở Đà Nẵng\n'
    for (const encoding of ['utf-16le', 'utf-8']) {
      const state = await importFile(t, Buffer.from(iconv.encode(`sep=;\r\n${csv}`, encoding, { addBOM: true })))
      expect(state, encoding).toMatchObject({ status: 'completed', rejected: 0 })
    }
    expect((await byEmail('mai@example.com'))?.attributes).toEqual({ 'Họ tên': 'Nguyễn Thị Mai Hương ở Đà Nẵng' })
    expect(
      guessEncoding(iconv.encode('Nguyê\u0303n Thi\u0323 Mai Hương, Trâ\u0300n Hưng Đa\u0323o', 'windows-1258')),
    ).toBe('windows-1258')
    expect(guessEncoding(iconv.encode('Café, Müller, São Paulo, Ñandú', 'windows-1252'))).toBe('windows-1252')
  })

  test('maps by a given mapping: left out, renamed, typed', async () => {
    const mapping = encodeURIComponent(JSON.stringify({ Mail: 'email', Age: 'attributes.age', Secret: null }))
    await importFile(t, 'Mail,Age,Secret,Extra\na@example.com,41,x,y\n', `consent=unknown&mapping=${mapping}`)
    expect((await byEmail('a@example.com'))?.attributes).toEqual({ age: 41, Extra: 'y' })
  })

  test('is safe from columns with names of objects', async () => {
    await importFile(t, 'email,__proto__,constructor\na@example.com,x,y\n')
    expect((await byEmail('a@example.com'))?.attributes).toEqual({ _proto_: 'x', constructor: 'y' })
  })

  test('says where a quote was never closed, and keeps the rows before', async () => {
    const state = await importFile(
      t,
      `email,note\na@example.com,ok\nb@example.com,"open\n${'c@example.com,x\n'.repeat(20)}`,
    )
    expect(state).toMatchObject({ status: 'failed', created: 1 })
    expect(state.problem).toMatch(/line 3/)
  })

  test('takes a form with a file, and gives the same import for the same Idempotency-Key', async () => {
    const form = () => {
      const body = new FormData()
      body.set('file', new File(['email\nf@example.com\n'], 'friends.csv'))
      return body
    }
    const headers = { authorization: `Bearer ${API_KEY}`, 'idempotency-key': 'file-1' }
    const first = await t.raw('POST', '/api/v1/contacts/import?consent=unknown', { headers, body: form() })
    const again = await t.raw('POST', '/api/v1/contacts/import?consent=unknown', { headers, body: form() })
    expect([first.status, again.status, again.body.importId]).toEqual([202, 202, first.body.importId])
    await t.app.importsIdle()
    expect((await t.call('GET', '/api/v1/imports')).body).toMatchObject({
      items: [{ fileName: 'friends.csv', created: 1 }],
    })
  })

  test('shows guesses in four languages before anything is written', async () => {
    const preview = await t.raw('POST', '/api/v1/contacts/import/preview', {
      headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'text/csv' },
      body: '邮箱;Vorname;Họ;Kundennummer;Farbe;Leer\na@example.com;Ann;Lê;7;rot;\n',
    })
    expect(preview.status).toBe(200)
    expect(preview.body).toMatchObject({
      delimiter: ';',
      header: true,
      columns: [
        { guess: 'email', why: 'known-word' },
        { guess: 'attributes.first_name', why: 'known-word' },
        { guess: 'attributes.last_name', why: 'known-word' },
        { guess: 'externalId', why: 'known-word' },
        { guess: 'attributes.Farbe', why: 'new-attribute' },
        { guess: null, why: 'empty' },
      ],
    })
    expect((await contacts()).total).toBe(0)
  })

  test('a file without a header is seen as such', async () => {
    expect(await importFile(t, 'a@example.com,Ann\nb@example.com,Bob\n')).toMatchObject({ created: 2 })
    expect((await byEmail('a@example.com'))?.attributes).toEqual({ '2': 'Ann' })
  })
})

const cdnow = fixture('cdnow/cdnow_customers_summary_with_transactions.csv')
describe.skipIf(cdnow === null)('the shared lists (needs ../shared/fixtures)', () => {
  test('946 customers who came back, and the 1,411 others, by their ID', async () => {
    expect(await importFile(t, cdnow ?? '')).toMatchObject({
      status: 'completed',
      rows: 2_357,
      created: 2_357,
      rejected: 0,
    })
    const lines = (cdnow ?? '').trim().split(/\r?\n/)
    const returning = [lines[0], ...lines.slice(1).filter((line) => line.split(',')[1] !== '0')].join('\n')
    expect(await importFile(t, returning)).toMatchObject({ status: 'completed', rows: 946, updated: 946, rejected: 0 })
  })

  test('each file of fixtures/csv comes out cell by cell as it should', async () => {
    for (const name of readdirSync(fixturePath('csv/csvs') ?? '.')) {
      const expected = [
        jsonFixture<Record<string, string> | Record<string, string>[]>(`csv/json/${name.replace('.csv', '.json')}`) ??
          [],
      ].flat()
      // The expected parse of this one file names another phone number than the file itself.
      const isOdd = name === 'location_coordinates.csv'
      const key = Object.keys(expected[0] ?? {})[isOdd ? 2 : 0] ?? ''
      const mapping = encodeURIComponent(JSON.stringify({ [key]: 'externalId' }))
      const state = await importFile(t, fixture(`csv/csvs/${name}`) ?? '', `consent=unknown&mapping=${mapping}`)
      expect(state, name).toMatchObject({ status: 'completed', rejected: 0 })
      for (const { [key]: id, ...rest } of expected) {
        const found = (await contacts(`&externalId=${encodeURIComponent((id ?? '').trim())}`)).items[0]
        const filled = Object.entries(rest).filter(
          ([column, text]) => text !== '' && !(isOdd && column.includes('Phone')),
        )
        for (const [column, text] of filled) expect(found?.attributes[column], `${name} ${column}`).toBe(text.trim())
      }
    }
  })
})

describe('a cell of an export', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['+84 912 345 678', '+84 912 345 678'],
    ['\t=1', "'\t=1"],
    ['a,"b"', '"a,""b"""'],
    ['plain', 'plain'],
  ])('%j is written %j', (text, written) => expect(cell(text)).toBe(written))

  test('all contacts, an attribute a column', async () => {
    await t.call('PUT', '/api/v1/contacts', { email: 'a@example.com', attributes: { city: '=cmd', age: 7 } })
    const file = await t.call('GET', '/api/v1/contacts/export')
    expect(file.headers.get('content-type')).toMatch(/^text\/csv/)
    expect(file.text.split('\r\n')[0]).toMatch(/age,city$/)
    expect(file.text.split('\r\n')[1]).toMatch(/7,'=cmd$/)
  })
})
