/**
 * Each function of ours that puts a pattern to what strangers write, fed with 60,000 characters (or as much as the gate lets through) of what
 * makes patterns slow. A pattern that looks again from every place takes minutes here and fails by the clock of the test runner.
 */
import { describe, expect, test } from 'vitest'
import { splitMailFrom } from '../../server/config.ts'
import { columnNames, guessDelimiter, guessHeader, separatorLine } from '../../server/ingest/layout.ts'
import { boundaryOf, formFile } from '../../server/ingest/multipart.ts'
import { mailboxField, sanitize, textField } from '../../server/mail/header-encoding.ts'
import { cell } from '../../server/routes/contact-export.ts'
import { instantOf } from '../../server/routes/contact-input.ts'
import { judgeJson } from '../../server/routes/guard.ts'
import { withTarget } from '../../server/routes/messages.ts'
import { signer } from '../../server/tracking/tokens.ts'
import { numberOf } from '../../shared/condition/values.ts'
import { parseAddress } from '../../shared/contact/address.ts'
import { coerce, displayName, foldForSearch, guessType } from '../../shared/contact/values.ts'
import {
  numberRenderedLinks,
  placeLinks,
  placePixel,
  unescapeHtml,
  unsafeRenderedUrl,
} from '../../shared/message/links.ts'
import { parseSmtpUrl } from '../../shared/message/smtp-url.ts'
import { parseIso } from '../../shared/time/calendar.ts'
import { parseDuration } from '../../shared/time/duration.ts'
import { isZone } from '../../shared/time/zones.ts'

const SIZE = 60_000
const LONGEST_HEADER = 16_000

/** Beginnings without an end, runs that match two ways, ends that almost come. */
const UNITS = [
  ' ',
  '\t',
  '\n',
  '\n ',
  '\r\n ',
  'a',
  '0',
  '1.',
  '-',
  '=',
  '.',
  '@',
  'a@',
  'a.',
  '<',
  '<a',
  '<a ',
  '<a href="',
  '<!--',
  '<head',
  '<head ',
  '<script',
  '"',
  '\\"',
  '"a',
  '(',
  '((',
  ';',
  '; ',
  ';boundary=',
  'filename="',
  '%',
  '%0',
  '&',
  '&#',
  '&amp',
  '{{',
  '{{ ',
  '{%',
  '{% ',
  '{{a',
  '}}',
  '/t/c/',
  'https://link.invalid/',
  'https://link.invalid/1',
  'https://link.invalid/1?',
  'https://link.invalid/1?<',
  'P',
  'P1Y',
  '1e1',
  'Z ',
  '\\u',
  '\\u0000',
  '[',
  '{"a":',
  '__proto__',
  '=?UTF-8?B?',
  'é',
  '\u0301',
  '😀',
  'Đ',
  'bot',
  'x,',
  'x;',
  '"x"',
  "'",
]
const runs = (size: number): string[] =>
  [...UNITS, ...UNITS.map((unit) => `${unit}!`)]
    .map((unit) => unit.repeat(Math.ceil(size / unit.length)).slice(0, size))
    .flatMap((text) => [text, `${text}\u0001`])

const links = signer(['a secret for tests of at least 32 characters'])
type Reader = readonly [name: string, size: number, read: (text: string) => unknown]
const READERS: readonly Reader[] = [
  ['parseAddress', SIZE, parseAddress],
  ['numberOf', SIZE, numberOf],
  ['coerce to a date', SIZE, (text) => coerce(text, 'date')],
  ['coerce to a number', SIZE, (text) => coerce(text, 'number')],
  ['guessType', SIZE, (text) => guessType([text])],
  ['displayName', SIZE, (text) => displayName({ name: text, [text]: 'x' })],
  ['foldForSearch', SIZE, foldForSearch],
  ['parseIso', SIZE, parseIso],
  ['parseDuration', SIZE, parseDuration],
  ['isZone', SIZE, isZone],
  ['instantOf', SIZE, (text) => refusal(() => instantOf(text, 'at'))],
  ['numberRenderedLinks', SIZE, (text) => numberRenderedLinks(text, text, 3)],
  ['unsafeRenderedUrl', SIZE, unsafeRenderedUrl],
  ['placeLinks', SIZE, (text) => placeLinks(text, 'html', () => 'https://a.example')],
  ['placePixel', SIZE, (text) => placePixel(text, null)],
  ['unescapeHtml', SIZE, unescapeHtml],
  ['withTarget', SIZE, withTarget],
  ['sanitize', SIZE, sanitize],
  ['a header for people', 20_000, (text) => textField('Subject', text)],
  ['a mailbox', 20_000, (text) => mailboxField('From', text, 'a@example.com')],
  ['a cell of an export', SIZE, cell],
  ['judgeJson', SIZE, (text) => refusal(() => judgeJson(text))],
  ['judgeJson of a text', 20_000, (text) => refusal(() => judgeJson(JSON.stringify({ [text]: text })))],
  ['separatorLine', SIZE, separatorLine],
  ['columnNames', SIZE, (text) => columnNames([text, text], true)],
  ['guessHeader', SIZE, (text) => guessHeader([[text]])],
  ['guessDelimiter', 40_000, (text) => guessDelimiter(text, true)],
  ['boundaryOf', LONGEST_HEADER, boundaryOf],
  ['a signed link', LONGEST_HEADER, links.verify],
  ['splitMailFrom', LONGEST_HEADER, splitMailFrom],
  ['parseSmtpUrl', LONGEST_HEADER, parseSmtpUrl],
]

/** Refusing is an answer too. */
function refusal(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    expect(error).toMatchObject({ status: expect.any(Number) })
    return error
  }
}

describe('a pattern', () => {
  test.each(READERS)('of %s gets through what makes patterns slow', { timeout: 20_000 }, (_name, size, read) => {
    for (const text of runs(size)) read(text)
  })

  test('of a form gets through headers and boundaries that never end', { timeout: 20_000 }, async () => {
    for (const text of runs(SIZE)) {
      const body = (async function* () {
        yield Buffer.from(`--x\r\nContent-Disposition: form-data; ${text.slice(0, 15_000)}\r\n\r\n${text}\r\n--x--`)
      })()
      await formFile(body, 'multipart/form-data; boundary=x').catch((error: unknown) =>
        expect(error).toMatchObject({ status: 400 }),
      )
    }
  })
})

describe('links in a rendered mail', () => {
  test('end where they did, whatever else looks like one', () => {
    const html =
      '<a href="https://link.invalid/0?https://a.example/?x=1&#38;y=2<">a</a> https://link.invalid/1? <b> <a href="https://link.invalid/0?https://b.example<">b</a> https://link.invalid/7?x'
    const { html: numbered, links } = numberRenderedLinks(
      html,
      'see <https://link.invalid/0?https://a.example/?x=1&y=2<>',
      5,
    )
    expect(links).toEqual([
      { no: 0, url: 'https://a.example/?x=1&y=2' },
      { no: 5, url: 'https://b.example' },
    ])
    expect(numbered).toBe(
      '<a href="https://link.invalid/0">a</a> https://link.invalid/1? <b> <a href="https://link.invalid/5">b</a> https://link.invalid/7?x',
    )
    expect(unsafeRenderedUrl('<a href="https://link.invalid/0?javascript:alert(1)<">')).toBe('javascript:alert(1)')
  })
})

describe('a framed letter', () => {
  test.each([
    [
      '<html><head lang="x"><title>t</title></head></html>',
      '<html><head lang="x"><base target="_blank" rel="noopener"><title>t</title></head></html>',
    ],
    ['<header>x</header>', '<base target="_blank" rel="noopener"><header>x</header>'],
    ['<p>x', '<base target="_blank" rel="noopener"><p>x'],
  ])('of %s opens its links in a tab of their own', (html, framed) => expect(withTarget(html)).toBe(framed))
})
