import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldAddress, parseAddress } from '../../../shared/contact/address.ts'
import { jsonFixture } from '../../support/fixtures.ts'

type Fixture = {
  must_accept: { address: string; normalized: string; ascii_domain: string; smtputf8: boolean }[]
  must_reject: { address: string; why: string }[]
  quoted_local_part_may: { address: string; normalized_local: string }[]
}
const known = jsonFixture<Fixture>('email-addresses/python-email-validator.json')
/** A contact has an address, not a mailbox with a name: the fixture lists these among those that an option lets through. */
const hasDisplayName = (address: string): boolean => / </.test(address)

describe.skipIf(known === null)('the address fixtures (need ../shared/fixtures)', () => {
  const accepted = (known?.must_accept ?? []).filter(({ address }) => !hasDisplayName(address))
  test.each(accepted)('$address is accepted', ({ address, normalized, ascii_domain, smtputf8 }) => {
    const parsed = parseAddress(address)
    expect(parsed).toMatchObject({ ok: true, address: normalized, domain: ascii_domain, needsSmtpUtf8: smtputf8 })
  })

  test.each(known?.must_reject ?? [])('$address is refused: $why', ({ address }) => {
    expect(parseAddress(address)).toMatchObject({ ok: false })
  })

  test.each(known?.quoted_local_part_may ?? [])('$address keeps only the quotes it needs', (quoted) => {
    const parsed = parseAddress(quoted.address)
    expect(parsed).toMatchObject({ ok: true, address: `${quoted.normalized_local}@example.com` })
  })

  test.each((known?.must_accept ?? []).filter(({ address }) => hasDisplayName(address)))(
    '$address: the name is refused, and the answer says so',
    ({ address }) => {
      expect(parseAddress(address)).toMatchObject({ ok: false, code: 'display-name' })
    },
  )
})

describe('an address', () => {
  test('is one identity however it is written', () => {
    const folded = ['Ann@Example.COM', ' ann@example.com ', '"ann"@example.com'].map((text) => {
      const parsed = parseAddress(text)
      return parsed.ok ? parsed.folded : parsed.message
    })
    expect(new Set(folded)).toEqual(new Set(['ann@example.com']))
  })

  test('keeps its script for people and goes out with A-labels', () => {
    expect(parseAddress('mai@Công-Ty.vn')).toMatchObject({
      address: 'mai@công-ty.vn',
      envelope: 'mai@xn--cng-ty-ixa.vn',
      folded: 'mai@xn--cng-ty-ixa.vn',
      needsSmtpUtf8: false,
    })
    expect(foldAddress('Mai@Công-Ty.vn')).toBe(foldAddress('mai@xn--cng-ty-ixa.vn'))
    const [unicode, ascii] = [parseAddress('a@công-ty.vn'), parseAddress('a@XN--cng-ty-ixa.vn')]
    expect(unicode.ok && unicode.folded).toBe(ascii.ok && ascii.folded)
  })

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['ann', 'no-at'],
    ['Ann <ann@example.com>', 'display-name'],
    ['ann@example', 'bad-domain'],
    ['ann@1.2.3.4', 'bad-domain'],
    ['ann@0x7f.1', 'bad-domain'],
    ['ann@exa_mple.com', 'bad-domain'],
    ['ann@é.com:25', 'bad-domain'],
    ['ann@é.com/x', 'bad-domain'],
    ['ann ann@example.com', 'bad-local-part'],
    ['ann\u0000@example.com', 'bad-local-part'],
    ['ann@example.com\r\nBcc: eve@example.com', 'bad-local-part'],
    ['"ann\r\n"@example.com', 'bad-local-part'],
    ['"\\\r\n"@example.com', 'bad-local-part'],
    [`${'a'.repeat(65)}@example.com`, 'too-long'],
    [`a@${'b'.repeat(10_000)}.com`, 'too-long'],
  ])('%j is refused as %s', (text, code) => {
    expect(parseAddress(text)).toMatchObject({ ok: false, code })
  })

  test('in normal form is read back as itself, and never holds a line break', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.tuple(fc.string(), fc.domain()).map(([local, domain]) => `"${local}"@${domain}`),
    )
    fc.assert(
      fc.property(text, (text) => {
        const parsed = parseAddress(text)
        if (!parsed.ok) return
        expect(parsed.address + parsed.envelope).not.toMatch(/[\r\n\0\u2028\u2029]/)
        expect(parseAddress(parsed.address)).toEqual(parsed)
        expect(parseAddress(parsed.envelope)).toMatchObject({ ok: true, folded: parsed.folded })
      }),
      { numRuns: 3_000 },
    )
  })
})
