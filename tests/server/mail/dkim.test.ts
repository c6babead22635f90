/** Signatures are checked by a verifier that shares nothing with the signer, which itself is checked by the RFC's own message. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDkimSigner, makeDkimKey } from '../../../server/mail/dkim.ts'
import { dkimTools } from '../../../server/mail/dkim-tools.ts'
import { DKIM_PURPOSE, sealer } from '../../../server/mail/secrets.ts'
import { compareRecord, type DkimAlgorithm, dkimRecord } from '../../../shared/message/dkim-record.ts'
import { verifyDkim } from '../../support/verify-dkim.ts'

const crlf = (text: string): Buffer => Buffer.from(text.replace(/\r?\n/g, '\r\n'), 'utf8')

/** RFC 8463 A.2 and A.3. */
const RFC_RECORD = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
const RFC_SEED = Buffer.from('nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=', 'base64')
const RFC_MAIL = `From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
`
const RFC_SIGNATURE = `DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
`
const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`
const rfcKey = pem('PRIVATE KEY', Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), RFC_SEED]))

describe('the message of RFC 8463, appendix A', () => {
  test('verifies with the RFC key: the verifier of these tests is right', () => {
    const verified = verifyDkim(crlf(RFC_SIGNATURE + RFC_MAIL), RFC_RECORD)
    expect(verified).toMatchObject({ ok: true, bodyOk: true })
  })

  test('signed by us with the same key has the same body hash and verifies', () => {
    const signer = createDkimSigner({
      domain: 'football.example.com',
      selector: 'brisbane',
      algorithm: 'ed25519-sha256',
      privateKeyPem: rfcKey,
    })
    const mail = crlf(RFC_MAIL)
    const verified = verifyDkim(Buffer.concat([signer.sign(mail), mail]), RFC_RECORD)
    expect(verified).toMatchObject({ ok: true, bodyOk: true })
    expect(verified.tags.get('bh')).toBe('2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=')
  })
})

const key = { domain: 'shop.example', selector: 'pn261122' }
async function made(algorithm: DkimAlgorithm) {
  const { privateKeyPem, publicKey } = await makeDkimKey(algorithm)
  const signer = createDkimSigner({ ...key, algorithm, privateKeyPem })
  return { signer, publicKey, record: dkimRecord({ ...key, algorithm, publicKey }) }
}
const signedBy = (signer: { sign(mail: Buffer): Buffer }, mail: Buffer) => Buffer.concat([signer.sign(mail), mail])

const MAIL = crlf(`From: =?UTF-8?Q?Nguy=E1=BB=85n?= <minh@shop.example>
To: mai@example.com
Subject: A subject that is
 folded over two lines
Date: Sun, 22 Nov 2026 09:00:00 +0000
Message-ID: <1.1.0.x@shop.example>
List-Id: Welcome <w.shop.example>
List-Unsubscribe: <https://mail.example/u/abc>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
X-Other: not signed
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

A line with  two blanks and a tail \t
=20

`)

describe.each(['rsa-sha256', 'ed25519-sha256'] as const)('a key of %s', async (algorithm) => {
  const { signer, record, publicKey } = await made(algorithm)

  test('signs a mail so that it verifies, and covers what one-click unsubscribing needs', () => {
    const verified = verifyDkim(signedBy(signer, MAIL), record.value)
    expect(verified).toMatchObject({ ok: true, bodyOk: true })
    expect(verified.tags.get('d')).toBe('shop.example')
    for (const name of ['to', 'subject', 'date', 'message-id', 'mime-version', 'content-type', 'list-id'])
      expect(verified.signed).toContain(name)
    expect(verified.signed).toContain('list-unsubscribe')
    expect(verified.signed).toContain('list-unsubscribe-post')
    expect(verified.signed.filter((name) => name === 'from')).toHaveLength(2)
  })

  test.each([
    ['a word of the body', (text: string) => text.replace('two blanks', 'three blanks')],
    ['the subject', (text: string) => text.replace('Subject: A', 'Subject: B')],
    ['the address to unsubscribe', (text: string) => text.replace('/u/abc', '/u/abd')],
    ['a second From', (text: string) => text.replace('\r\nTo:', '\r\nFrom: evil@example.com\r\nTo:')],
  ])('does not verify any more when %s is changed on the way', (_what, change) => {
    const changed = Buffer.from(change(signedBy(signer, MAIL).toString('latin1')), 'latin1')
    const { ok, bodyOk } = verifyDkim(changed, record.value)
    expect(ok && bodyOk).toBe(false)
  })

  test.each([
    ['folds and blanks in the header', (text: string) => text.replace('that is\r\n folded', 'that  is \r\n\t folded')],
    ['empty lines at the end', (text: string) => `${text}\r\n\r\n`],
    ['blanks at the end of lines', (text: string) => text.replace('=20\r\n', '=20  \r\n')],
    ['a field that is not signed', (text: string) => text.replace('not signed', 'changed')],
  ])('still verifies when a relay changes %s', (_what, change) => {
    const changed = Buffer.from(change(signedBy(signer, MAIL).toString('latin1')), 'latin1')
    expect(verifyDkim(changed, record.value)).toMatchObject({ ok: true, bodyOk: true })
  })

  test('writes a field of short lines', () => {
    const field = signer.sign(MAIL).toString('latin1')
    expect(field.endsWith('\r\n')).toBe(true)
    for (const line of field.slice(0, -2).split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(78)
      expect(line.trim()).not.toBe('')
    }
  })

  test('has a record that a TXT record can hold', () => {
    expect(record.name).toBe('pn261122._domainkey.shop.example')
    expect(record.chunks.join('')).toBe(record.value)
    for (const chunk of record.chunks) expect(Buffer.byteLength(chunk)).toBeLessThanOrEqual(255)
    expect(compareRecord({ publicKey }, [record.value])).toBe('seen')
  })
})

test('whatever the header and body are, the signature verifies', async () => {
  const { signer, record } = await made('ed25519-sha256')
  const blank = fc.constantFrom(' ', '\t', '  ', '\r\n ', '\r\n\t')
  const word = fc.stringMatching(/^[!-9;-~]{1,12}$/)
  const value = fc
    .array(fc.tuple(word, blank), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.flat().join('').trimEnd())
  const line = fc
    .array(fc.constantFrom('a', ' ', '\t', '.', 'ü', '=20'), { maxLength: 12 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(value, value, fc.array(line, { maxLength: 8 }), (from, subject, body) => {
      const mail = Buffer.from(`From: ${from}\r\nSubject:${subject}\r\n\r\n${body.join('\r\n')}`, 'utf8')
      expect(verifyDkim(signedBy(signer, mail), record.value)).toMatchObject({ ok: true, bodyOk: true })
    }),
    { numRuns: 300 },
  )
})

test('a key of one kind does not sign as the other', async () => {
  const { privateKeyPem } = await makeDkimKey('ed25519-sha256')
  expect(() => createDkimSigner({ ...key, algorithm: 'rsa-sha256', privateKeyPem })).toThrow('cannot sign')
})

describe('the record in the DNS', () => {
  test.each([
    [[], 'missing'],
    [['v=spf1 -all'], 'no-dkim'],
    [['v=DKIM1; k=rsa; p='], 'revoked'],
    [['v=DKIM1; k=rsa; p=other'], 'other-key'],
    [['v=DKIM1; k=rsa; p=mine', 'v=DKIM1; p=mine'], 'several'],
    [['k=rsa; p=mi ne'], 'seen'],
    [['v=DKIM2; p=mine'], 'no-dkim'],
    [['google-site-verification=x', 'v=DKIM1;p=mine;'], 'seen'],
  ])('%j is %s', (found, expected) => expect(compareRecord({ publicKey: 'mine' }, found)).toBe(expected))

  const failing = (code: string) => ({ resolveTxt: () => Promise.reject(Object.assign(new Error(code), { code })) })
  test('is joined from its strings; no such name is nothing found, silence is no answer', async () => {
    const tools = (resolver: { resolveTxt(name: string): Promise<string[][]> }) => dkimTools(['a secret'], resolver)
    expect(await tools({ resolveTxt: async () => [['v=DKIM1; ', 'p=x']] }).lookUpTxt('a')).toEqual(['v=DKIM1; p=x'])
    expect(await tools(failing('ENOTFOUND')).lookUpTxt('a')).toEqual([])
    expect(await tools(failing('ENODATA')).lookUpTxt('a')).toEqual([])
    expect(await tools(failing('ETIMEOUT')).lookUpTxt('a')).toBeNull()
    expect(await tools(failing('ESERVFAIL')).lookUpTxt('a')).toBeNull()
  })

  test('the private key is sealed, and only our secret opens it', async () => {
    const { privateKeySealed } = await dkimTools(['a secret']).makeKey('ed25519-sha256')
    expect(privateKeySealed).not.toContain('PRIVATE')
    expect(sealer(['a secret'], DKIM_PURPOSE).open(privateKeySealed)).toContain('BEGIN PRIVATE KEY')
    expect(dkimTools(['another secret']).canOpen(privateKeySealed)).toBe(false)
  })
})
