/** The checklist of standards, read off the raw bytes: H1-H6, N1-N8, L1-L4, U1-U2. */
import fc from 'fast-check'
import PostalMime, { addressParser } from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { mimeMessage, type OutgoingMail } from '../../../server/mail/mime.ts'
import { quotedPrintable } from '../../../server/mail/quoted-printable.ts'
import { parseAddress } from '../../../shared/contact/address.ts'
import { type HeaderInput, headerFields, messageIdOf } from '../../../shared/message/headers.ts'

const VIETNAMESE = 'Chào mừng bạn đã đến với cửa hàng trà của chúng tôi, hôm nay có ưu đãi lớn dành riêng cho bạn. '
  .repeat(4)
  .slice(0, 300)
const input = (over: Partial<HeaderInput> = {}): HeaderInput => ({
  messageClass: 'marketing',
  messageIdHeader: '1.2.0.abc@shop.example',
  publicUrl: 'https://mail.example',
  unsubscribeUrl: `https://mail.example/u/${'x'.repeat(120)}`,
  senderEmail: 'ana@shop.example',
  workspaceName: 'Trà & Co',
  installId: 'abc',
  workflowId: 7,
  emailKey: 'hello',
  isTest: false,
  ...over,
})
const mail = (over: Partial<OutgoingMail> = {}): OutgoingMail => ({
  from: { name: 'Ana', address: 'ana@shop.example' },
  to: { name: '', address: 'mai@example.com' },
  subject: 'Hello',
  html: '<p>Hello</p>',
  text: 'Hello',
  messageId: '1.2.0.abc@shop.example',
  date: Date.UTC(2026, 10, 21, 9, 5, 7),
  fields: headerFields(input()),
  ...over,
})
const split = (raw: Buffer): { head: string; body: string } => {
  const text = raw.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  return { head: text.slice(0, end + 2), body: text.slice(end + 4) }
}
/** Unfolded fields, in order. */
const fields = (raw: Buffer): [string, string][] =>
  split(raw)
    .head.replace(/\r\n([ \t])/g, '$1')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
const valuesOf = (raw: Buffer, name: string): string[] =>
  fields(raw).flatMap(([key, value]) => (key.toLowerCase() === name.toLowerCase() ? [value] : []))
const isAscii = (text: string): boolean => [...text].every((char) => char > '\0' && char <= '\x7f')
const NASTY = 'x\r\nBcc: v@evil.example\r\n\r\n<b>\nX: y\rZ: w\u0000\u2028Q: r\u2029\u0085P: q'

describe('headers', () => {
  test('H1 no line is longer than 998 octets, and ours stay within 78 but for long URLs', () => {
    const raw = mimeMessage(mail({ subject: VIETNAMESE, html: 'x'.repeat(5_000), text: 'Ệ'.repeat(5_000) }))
    const lines = raw.toString('latin1').split('\r\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(998)
    expect(lines.filter((line) => line.length > 78)).toEqual([expect.stringMatching(/^List-Unsubscribe: </)])
    const ascii = mimeMessage(mail({ subject: `${'word '.repeat(60)}${'y'.repeat(2_000)}`, fields: [] }))
    expect(
      Math.max(
        ...ascii
          .toString('latin1')
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(78)
  })

  test('H2 every field that may stand once stands once, and Message-ID is its own for each key', () => {
    const raw = mimeMessage(mail())
    for (const name of ['Date', 'From', 'To', 'Subject', 'Message-ID', 'MIME-Version', 'Content-Type']) {
      expect(valuesOf(raw, name), name).toHaveLength(1)
    }
    expect(valuesOf(raw, 'Date')).toEqual(['Sat, 21 Nov 2026 09:05:07 +0000'])
    expect(valuesOf(raw, 'Message-ID')).toEqual(['<1.2.0.abc@shop.example>'])
    const ids = new Set<string>()
    for (let n = 0; n < 1_000; n += 1) {
      ids.add(
        messageIdOf({
          enrollmentId: n % 10,
          seq: Math.floor(n / 10) % 10,
          k: Math.floor(n / 100),
          installId: 'a',
          senderEmail: 'a@b.example',
        }),
      )
    }
    expect(ids.size).toBe(1_000)
  })

  test('H3 header bytes are ASCII, whatever goes in', () => {
    const raw = mimeMessage(
      mail({
        subject: VIETNAMESE,
        from: { name: 'Nguyễn', address: 'ana@shop.example' },
        to: { name: '陳大文', address: 'a@b.example' },
      }),
    )
    expect(isAscii(split(raw).head)).toBe(true)
  })

  test('H4 nothing that goes in becomes a header of its own', () => {
    const clean = fields(mimeMessage(mail())).map(([name]) => name)
    const poisoned: OutgoingMail[] = [
      mail({ subject: NASTY }),
      mail({ from: { name: NASTY, address: 'ana@shop.example' } }),
      mail({ to: { name: NASTY, address: 'mai@example.com' } }),
      mail({ messageId: `1@x${NASTY}` }),
      mail({
        fields: headerFields(
          input({
            workspaceName: NASTY,
            emailKey: NASTY,
            installId: NASTY,
            unsubscribeUrl: `https://x/${NASTY}`,
            messageIdHeader: NASTY,
          }),
        ),
      }),
      mail({ html: NASTY, text: NASTY }),
    ]
    for (const one of poisoned) {
      const raw = mimeMessage(one)
      const names = fields(raw).map(([name]) => name)
      // An address with a blank in it is no one-click URL any more; everything else is there, and nothing more.
      expect(clean).toEqual(expect.arrayContaining(names))
      expect(split(raw).head).not.toMatch(/^(Bcc|X|Z|Q|P):/im)
      expect(split(raw).head.replace(/\r\n/g, '')).not.toMatch(/[\r\n\0]/)
    }
    expect(() => mimeMessage(mail({ fields: [{ name: 'X-Y\r\nBcc', value: 'v' }] }))).toThrow(RangeError)
    for (const address of [
      `a@b.example\r\nBcc: v@evil.example`,
      'a@b.example>\r\nRCPT TO:<v@evil.example',
      'a b@c.example',
      'a@b@c.example',
      'a@',
      '@b.example',
      'a\u2028@b.example',
      'a,b@c.example',
      'a@b.example,v@evil.example',
    ]) {
      expect(parseAddress(address), address).toMatchObject({ ok: false })
    }
  })

  test('H5 only CRLF ends lines, and dots at a line’s start arrive', async () => {
    const text = '.\n..x\n.hidden\r\nbare\rcr'
    const raw = mimeMessage(mail({ text }))
    expect(raw.toString('latin1').replace(/\r\n/g, '')).not.toMatch(/[\r\n]/)
    expect((await PostalMime.parse(raw)).text?.trimEnd()).toBe('.\n..x\n.hidden\nbare\ncr')
  })

  test('H6 no folded line is made of blanks alone', () => {
    for (const subject of ['   ', `a${' '.repeat(200)}b`, `${'word '.repeat(50)}   `, VIETNAMESE]) {
      expect(split(mimeMessage(mail({ subject }))).head).not.toMatch(/^[ \t]+$/m)
    }
  })
})

describe('non-ASCII', () => {
  const subjectWords = (subject: string): string[] =>
    /^Subject: ([\s\S]*?)\r\n(?=\S)/m.exec(split(mimeMessage(mail({ subject }))).head)?.[1]?.split('\r\n ') ?? []

  test('N1 encoded-words are at most 75 characters, their lines at most 76', () => {
    const { head } = split(
      mimeMessage(mail({ subject: VIETNAMESE, from: { name: VIETNAMESE, address: 'a@b.example' } })),
    )
    expect(head.match(/=\?[^?]*\?[BQ]\?[^?]*\?=/g)?.every((word) => word.length <= 75)).toBe(true)
    expect(
      head
        .split('\r\n')
        .filter((line) => line.includes('=?'))
        .every((line) => line.length <= 76),
    ).toBe(true)
  })

  test('N2 no character is split over two words', () => {
    const words = subjectWords(`${VIETNAMESE}🎉🎉🎉陳大文`)
    expect(words.length).toBeGreaterThan(5)
    for (const word of words) {
      const bytes = Buffer.from(/^=\?UTF-8\?B\?([^?]*)\?=$/.exec(word)?.[1] ?? '', 'base64')
      expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).not.toThrow()
    }
  })

  test('N3 words join again without a trace of the blanks between them', async () => {
    for (const subject of [
      VIETNAMESE.trim(),
      'a  b'.replace('  ', ' '),
      'Trà =?UTF-8?B?eA==?= thật',
      '=?UTF-8?B?eA==?=',
      '🎉'.repeat(60),
    ]) {
      expect((await PostalMime.parse(mimeMessage(mail({ subject })))).subject).toBe(subject)
    }
  })

  test('N4 and N5 display names survive, encoded outside quotes', async () => {
    for (const name of [
      'Nguyễn, Minh (Sales)',
      'Minh, "the" (Boss) <x@y>',
      "O'Brien",
      'a\\b',
      'plain name',
      'Ana @ Shop',
      '=?x?=',
      'Công ty Trà'.repeat(12),
    ]) {
      const raw = mimeMessage(mail({ from: { name, address: 'ana@shop.example' } }))
      expect((await PostalMime.parse(raw)).from).toEqual({ name, address: 'ana@shop.example' })
      const [value = ''] = valuesOf(raw, 'From')
      expect(value).not.toMatch(/"[^"]*=\?[^"]*"/)
      expect(value.endsWith(' <ana@shop.example>')).toBe(true)
      expect(addressParser(value)).toHaveLength(1)
    }
  })

  const wire = (address: string) => {
    const parsed = parseAddress(address)
    return parsed.ok ? { envelope: parsed.envelope, needsSmtpUtf8: parsed.needsSmtpUtf8 } : null
  }

  test('N6 domains are sent as A-labels', () => {
    expect(wire('mai@công-ty.vn')).toEqual({ envelope: 'mai@xn--cng-ty-ixa.vn', needsSmtpUtf8: false })
    expect(wire('mai@EXAMPLE.com')?.envelope).toBe('mai@example.com')
  })

  test('N7 a local part beyond ASCII says that it needs SMTPUTF8', () => {
    expect(wire('nguyễn@công-ty.vn')).toEqual({ envelope: 'nguyễn@xn--cng-ty-ixa.vn', needsSmtpUtf8: true })
  })

  test('N8 both bodies declare their charset and are quoted-printable', async () => {
    const text = `Trà ngon\n${VIETNAMESE}\n  = x =  \n`
    const raw = mimeMessage(mail({ text, html: `<p>${VIETNAMESE}</p>` }))
    const { body } = split(raw)
    expect(body.match(/^Content-Type: text\/(plain|html); charset=utf-8\r$/gm)).toHaveLength(2)
    expect(body.match(/^Content-Transfer-Encoding: quoted-printable\r$/gm)).toHaveLength(2)
    expect(isAscii(body)).toBe(true)
    const parsed = await PostalMime.parse(raw)
    expect(parsed.html?.trimEnd()).toBe(`<p>${VIETNAMESE}</p>`)
    expect(parsed.text?.trimEnd()).toBe(text.trimEnd())
  })

  test('quoted-printable gives back any text, in lines of at most 76', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const encoded = quotedPrintable(text).toString('latin1')
        expect(
          encoded.split('\r\n').every((line) => line.length <= 76 && !/[ \t]$/.test(line) && !line.startsWith('.')),
        ).toBe(true)
        const bytes = encoded
          .replace(/=\r\n/g, '')
          .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        expect(Buffer.from(bytes, 'latin1').toString('utf8')).toBe(
          Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n')).toString('utf8'),
        )
      }),
    )
  })
})

describe('list headers', () => {
  test('U1, U2 and L1 to L3: one address in angle brackets, one-click said exactly', () => {
    const raw = mimeMessage(mail())
    const [list, ...more] = valuesOf(raw, 'List-Unsubscribe')
    expect(more).toEqual([])
    expect(list).toBe(`<${input().unsubscribeUrl}>`)
    expect(valuesOf(raw, 'List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click'])
    expect(split(raw).head).toContain('\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n')
    expect(valuesOf(raw, 'List-Id')).toHaveLength(1)
  })

  test('L4 List-Id has a phrase, a domain, and is the same in every mail of the list', () => {
    const ids = [1, 2, 3].map(
      (n) =>
        valuesOf(
          mimeMessage(mail({ fields: headerFields(input({ emailKey: `e${n}`, messageIdHeader: `${n}@x` })) })),
          'List-Id',
        )[0],
    )
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toMatch(/ <marketing\.abc\.shop\.example>$/)
  })

  const oneClick: [string, boolean][] = [
    ['https://mail.example/u/x', true],
    ['http://127.0.0.1:3000/u/x', true],
    ['http://localhost:3000/u/x', true],
    ['http://[::1]:3000/u/x', true],
    ['http://mail.example/u/x', false],
    ['http://127.0.0.1.evil.example/u/x', false],
    ['http://localhost.evil.example/u/x', false],
  ]
  test.each(oneClick)('one-click at %s: %s', (unsubscribeUrl, expected) => {
    const names = headerFields(input({ unsubscribeUrl })).map(({ name }) => name)
    expect(names.includes('List-Unsubscribe-Post')).toBe(expected)
    expect(names).toContain('List-Unsubscribe')
  })

  test('a transactional mail is no list, and every mail says that a machine wrote it', () => {
    const raw = mimeMessage(mail({ fields: headerFields(input({ messageClass: 'transactional', isTest: true })) }))
    expect(fields(raw).some(([name]) => name.startsWith('List-'))).toBe(false)
    expect(valuesOf(raw, 'Auto-Submitted')).toEqual(['auto-generated'])
    expect(valuesOf(raw, 'X-Perennial-Test')).toEqual(['yes'])
    expect(valuesOf(mimeMessage(mail()), 'X-Perennial-Test')).toEqual([])
    expect(valuesOf(raw, 'X-Perennial-Message')).toEqual(['1.2.0.abc@shop.example'])
  })
})
