/** The compiled path says what the plain path says: the same mail, or the same reason why there is none. */
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { describe, expect, test } from 'vitest'
import { compileMail, fillMail, spliceMail } from '../../../server/mail/compiled-mail.ts'
import { type MailHead, mimeMessage } from '../../../server/mail/mime.ts'
import { linkTargets, liquidLinkPlaceholder, PIXEL, placeLinks, placePixel } from '../../../shared/message/links.ts'
import { prepare, render } from '../../../shared/message/render.ts'
import type { CompiledEmail, RenderContext } from '../../../shared/message/types.ts'

const context = (contact: RenderContext['contact'], event: RenderContext['event'] = {}): RenderContext => ({
  contact,
  event,
  workflow: { name: 'Welcome' },
  sender: { name: 'Ana', email: 'ana@shop.example', postal_address: '1 Main Street' },
  unsubscribeUrl: 'https://mail.example/u/token',
  now: Date.UTC(2026, 2, 29, 12, 0, 0),
  timezone: 'Asia/Ho_Chi_Minh',
  locale: 'en',
})
const head: Omit<MailHead, 'subject'> = {
  from: { name: 'Ana', address: 'ana@shop.example' },
  to: { name: '', address: 'mai@example.com' },
  messageId: '1.2.0.abc@shop.example',
  date: Date.UTC(2026, 10, 21, 9, 5, 7),
  fields: [],
}
const clickUrl = (no: number) => `https://mail.example/t/c/c1-${no.toString(36)}.=signature&more`
const OPEN_URL = 'https://mail.example/t/o/o1.signature'

type Sent = { skip: string } | { raw: Buffer; links: readonly { no: number; url: string }[] }

function plainly(email: CompiledEmail, at: RenderContext): Sent {
  const rendered = render(prepare(email), at)
  if (rendered.kind === 'skip') return { skip: `${rendered.reason}: ${rendered.detail}` }
  const target = linkTargets(email.links, rendered.links)
  const urlOf = (no: number) => (target(no) === null ? null : clickUrl(no))
  const html = placePixel(placeLinks(rendered.html, 'html', urlOf), OPEN_URL)
  const text = placeLinks(rendered.text, 'text', urlOf)
  return { raw: mimeMessage({ ...head, subject: rendered.subject, html, text }), links: rendered.links }
}

/** Null where the compiled path leaves the mail to the plain one. */
function compiled(email: CompiledEmail, at: RenderContext): Sent | null {
  const mail = compileMail(prepare(email), 'seed')
  if (mail === null) return null
  const filled = fillMail(mail, at)
  if (filled.kind === 'skip') return { skip: `${filled.reason}: ${filled.detail}` }
  if (filled.kind === 'awkward') return null
  const raw = spliceMail(mail, filled, head, { clicks: filled.linkNos.map(clickUrl), open: OPEN_URL })
  return { raw, links: filled.links }
}

async function readable(sent: Sent) {
  if ('skip' in sent) return sent
  const { headers, html, text } = await PostalMime.parse(sent.raw)
  const fields = headers.filter(({ key }) => key !== 'content-type').map(({ key, value }) => `${key}: ${value}`)
  return { fields, html, text, links: sent.links }
}

function expectWireForm(sent: Sent): void {
  if ('skip' in sent) return
  const wire = sent.raw.toString('latin1')
  expect(wire.endsWith('\r\n')).toBe(true)
  expect(wire).not.toMatch(/(^|\n)\.|[^\r]\n|\r(?!\n)/)
  const body = wire.slice(wire.indexOf('\r\n\r\n'))
  expect(Math.max(...body.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(76)
  expect(body).not.toMatch(/[ \t]\r\n/)
}

const email = (html: string, text: string, links: readonly (string | null)[], subject = 'Hello'): CompiledEmail => ({
  subject,
  preheader: '',
  html,
  text,
  links,
})

const words = fc.constantFrom(
  'Hello ',
  'a  b',
  '.',
  '..\n.',
  '\n',
  '=',
  'é Ệ 🌱 ',
  '\t',
  ' \n',
  '<p class="x">',
  '&amp;',
  'y'.repeat(90),
  'From ',
)
const output = fc.constantFrom(
  '{{ contact.name }}',
  '{{ contact.name | default: "you" }}',
  '{{ contact.gone | default: "there" }}',
  '{{ contact.gone }}',
  '{{ contact.name | upcase }}',
  '{{ contact.name | raw }}',
  '{{ contact.list }}',
  '{{ contact.count | plus: 1 }}',
  '{{ unsubscribe_url }}',
  '{{ "now" | date: "%Y-%m-%d %H:%M" }}',
  '{{ contact.html }}',
  '{% assign z = contact.name %}{{ z }}',
  '{% capture c %}<b>{{ contact.name }}</b>{% endcapture %}{{ c }}',
  '{% raw %}{{ not liquid }}{% endraw %}',
)
const link = fc.constantFrom(
  '<a href="https://link.invalid/0">',
  'see <https://link.invalid/1> now',
  `"${liquidLinkPlaceholder(2, 'https://shop.example/{{ contact.name | default: "x" | url_encode }}')}"`,
  `"${liquidLinkPlaceholder(3, '{{ contact.url }}')}"`,
  `<${liquidLinkPlaceholder(3, '{{ contact.url }}')}>`,
  `"${liquidLinkPlaceholder(2, '{% if contact.flag %}https://a.example/?a=1&amp;b={{ contact.count }}{% else %}mailto:x@y.example{% endif %}')}"`,
  '"https://link.invalid/9"',
  PIXEL,
)
const template = fc.letrec<{ node: string; body: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    words,
    output,
    link,
    tie('body').map((body) => `{% if contact.flag %}${body}{% else %}no{% endif %}`),
    tie('body').map((body) => `{% unless contact.flag %}${body}{% endunless %}`),
    tie('body').map((body) => `{% for x in contact.list %}${body}{{ x }}{% endfor %}`),
    tie('body').map((body) => `{%- case contact.count -%}{% when 1 %}${body}{% else %}{{ contact.name }}{% endcase %}`),
    tie('body').map(
      (body) =>
        `{% for i in event.items %}<a href="${liquidLinkPlaceholder(4, '{{ i.url }}')}">${body}</a>{% endfor %}`,
    ),
  ),
  body: fc.array(tie('node'), { maxLength: 4 }).map((nodes) => nodes.join('')),
})).body
const value = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    'Mai',
    'a\r\nb',
    '\n',
    '<b>"M&M"</b>',
    '.',
    '=',
    'https://link.invalid/0',
    '\ud800',
    'trailing ',
    '\t',
    'x'.repeat(200),
  ),
)
const url = fc.constantFrom(
  'https://shop.example/?a=1&b=2',
  'mailto:a@b.example',
  'javascript:alert(1)',
  '',
  '#top',
  ' https://x.example/ ',
  'https://x.example/"<>',
  'https://y.example/é',
)
const contacts = fc.record({
  name: value,
  html: value,
  url,
  list: fc.array(value, { maxLength: 3 }),
  count: fc.integer({ min: 0, max: 2 }),
  flag: fc.boolean(),
})
const events = fc.record({ items: fc.array(fc.record({ url }), { maxLength: 3 }) })

describe('a compiled mail', () => {
  test('is the plain mail, for any template and any contact', async () => {
    let spliced = 0
    const property = fc.asyncProperty(
      template,
      template,
      fc.constantFrom('Hi', 'Hi {{ contact.name }}'),
      contacts,
      events,
      async (html, text, subject, contact, event) => {
        const links = ['https://a.example/', 'https://b.example/', null, null, null]
        const mail = email(html, text, links, subject)
        const at = context(contact, event)
        const fast = compiled(mail, at)
        if (fast === null) return
        spliced += 1
        expectWireForm(fast)
        expect(await readable(fast)).toEqual(await readable(plainly(mail, at)))
      },
    )
    await fc.assert(property, { numRuns: 500 })
    expect(spliced).toBeGreaterThan(200)
  })

  test('escapes outputs in HTML, and neither in text nor in the subject', async () => {
    const mail = email('<p>{{ contact.n }}</p>', '{{ contact.n }}\n', [], 'Hi {{ contact.n }}')
    const sent = compiled(mail, context({ n: '<b>"M&M"</b>' }))
    const read = sent === null || 'skip' in sent ? null : await PostalMime.parse(sent.raw)
    expect(read).toMatchObject({ subject: 'Hi <b>"M&M"</b>', text: expect.stringMatching(/^<b>"M&M"<\/b>\s*$/) })
    expect(read?.html).toContain('<p>&lt;b&gt;&#34;M&amp;M&#34;&lt;/b&gt;</p>')
  })

  test('stops where a variable is missing, in the one that is rendered', () => {
    const mail = email('{% if contact.flag %}{{ contact.gone }}{% endif %}ok', 'x', [])
    expect(compiled(mail, context({ flag: true }))).toEqual({ skip: 'missing-variable: contact.gone' })
    expect(compiled(mail, context({ flag: false }))).toHaveProperty('raw')
  })

  test('counts what it says by the same limit', () => {
    const endless = email('{% for i in (1..2000) %}{{ contact.long }}{% endfor %}', 'x', [])
    const at = context({ long: 'x'.repeat(1_000) })
    expect(compiled(endless, at)).toEqual(plainly(endless, at))
    const literal = email(`{% for i in (1..2000) %}${'y'.repeat(1_000)}{% endfor %}`, 'x', [])
    expect(compiled(literal, at)).toEqual(plainly(literal, at))
    expect(compiled(literal, at)).toHaveProperty('skip', expect.stringContaining('render-limit'))
  })

  test('numbers the links of a loop on, and gives one URL one number in both parts', async () => {
    const loop = (open: string, close: string) =>
      `{% for i in event.items %}${open}${liquidLinkPlaceholder(1, '{{ i.url }}')}${close}{% endfor %}`
    const mail = email(loop('<a href="', '">x</a>'), loop('<', '>'), ['https://a.example/', null])
    const event = { items: ['b', 'c', 'b'].map((name) => ({ url: `https://shop.example/${name}?x=1&y=2` })) }
    const sent = compiled(mail, context({}, event))
    expect(sent).toMatchObject({ links: [{ no: 1 }, { no: 2 }] })
    expect(await readable(sent ?? { skip: 'awkward' })).toEqual(await readable(plainly(mail, context({}, event))))
  })

  test('leaves to the plain path a contact whose name is one of our placeholders', () => {
    expect(compiled(email('{{ contact.name }}', 'x', []), context({ name: 'https://link.invalid/0' }))).toBeNull()
  })
})
