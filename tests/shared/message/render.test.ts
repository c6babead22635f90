import { describe, expect, test } from 'vitest'
import { linkTargets, liquidLinkPlaceholder, PIXEL, placeLinks, placePixel } from '../../../shared/message/links.ts'
import { checkLiquid, prepare, render, variablesOf } from '../../../shared/message/render.ts'
import type { CompiledEmail, RenderContext } from '../../../shared/message/types.ts'

const NOW = Date.UTC(2026, 2, 29, 12, 0, 0)

const context = (over: Partial<RenderContext> = {}): RenderContext => ({
  contact: { email: 'mai@example.com', first_name: 'Mai', tags: ['beta', 'vip'], empty: '', renewal_on: '2026-12-24' },
  event: { total: 12, items: [{ url: 'https://shop.example/a?x=1&y=2' }, { url: 'https://shop.example/b' }] },
  workflow: { name: 'Welcome' },
  sender: { name: 'Ana', email: 'ana@shop.example', postal_address: '1 Main Street' },
  unsubscribeUrl: 'https://mail.example/u/token',
  now: NOW,
  timezone: 'Asia/Ho_Chi_Minh',
  locale: 'en',
  ...over,
})
const email = (over: Partial<CompiledEmail> = {}): CompiledEmail => ({
  subject: 'Hello',
  preheader: '',
  html: '<p>Hello</p>',
  text: 'Hello',
  links: [],
  ...over,
})
const rendered = (over: Partial<CompiledEmail>, at: Partial<RenderContext> = {}) =>
  render(prepare(email(over)), context(at))
const text = (template: string, at: Partial<RenderContext> = {}): string => {
  const result = rendered({ text: template }, at)
  return result.kind === 'ready' ? result.text : `skip: ${result.reason}: ${result.detail}`
}

describe('rendering', () => {
  test('fills in what the contact, the event, the workflow and the sender have', () => {
    expect(text('{{ contact.first_name }} {{ contact.email }} {{ event.total }}')).toBe('Mai mai@example.com 12')
    expect(text('{{ workflow.name }} {{ sender.postal_address }}')).toBe('Welcome 1 Main Street')
    expect(text('{{ unsubscribe_url }}')).toBe('https://mail.example/u/token')
    expect(text('{% for tag in contact.tags %}{{ tag }},{% endfor %}')).toBe('beta,vip,')
  })

  test('escapes outputs in HTML, and nowhere else', () => {
    const name = '<b>"M&M"</b>'
    const result = rendered(
      { subject: 'Hi {{ contact.n }}', text: '{{ contact.n }}', html: '<p>{{ contact.n }}</p>{% echo contact.n %}' },
      { contact: { n: name } },
    )
    const escaped = '&lt;b&gt;&#34;M&amp;M&#34;&lt;/b&gt;'
    expect(result).toMatchObject({ subject: `Hi ${name}`, text: name, html: `<p>${escaped}</p>${escaped}` })
  })

  test('keeps a subject on one line, whatever a variable brings', () => {
    const result = rendered(
      { subject: 'Hi {{ contact.n }}' },
      { contact: { n: 'x\r\nBcc: v@evil.example\n\u2028\u2029\u0000y' } },
    )
    expect(result).toMatchObject({ subject: 'Hi x Bcc: v@evil.example y' })
  })

  test('shows dates in the zone of the contact and takes now from our clock', () => {
    expect(text("{{ 'now' | date: '%Y-%m-%d %H:%M %z' }}")).toBe('2026-03-29 19:00 +0700')
    expect(text("{{ now | date: '%H:%M' }}")).toBe('19:00')
    expect(text("{{ 'now' | date: '%H:%M %z' }}", { timezone: 'Europe/Berlin' })).toBe('14:00 +0200')
    expect(text("{{ 'now' | date: '%H:%M', 'America/New_York' }}")).toBe('08:00')
    expect(text("{{ '2026-12-31T23:30:00Z' | date: '%Y-%m-%d' }}")).toBe('2027-01-01')
    expect(text('{{ 0 | date_to_xmlschema }}')).toBe('1970-01-01T08:00:00+08:00')
  })

  test('never moves a date without time to another day', () => {
    for (const timezone of ['Pacific/Honolulu', 'Pacific/Kiritimati', 'UTC']) {
      expect(text("{{ contact.renewal_on | date: '%d/%m/%Y' }}", { timezone })).toBe('24/12/2026')
      expect(text("{{ '2026-12-24T09:00:00' | date: '%d %H:%M' }}", { timezone })).toBe('24 09:00')
    }
  })

  test('shows the same whatever zone the machine is in, also where that one changes to summer time', () => {
    const machine = process.env.TZ
    process.env.TZ = 'America/New_York'
    for (let at = Date.UTC(2026, 2, 8); at < Date.UTC(2026, 2, 9); at += 1_800_000) {
      const shown = text("{{ 'now' | date: '%Y-%m-%dT%H:%M' }}", { now: at, timezone: 'UTC' })
      // That clock has no 02:00 to 03:00 on this day to show: there alone it may be an hour off.
      if (new Date(at).getUTCHours() !== 2) expect(shown).toBe(new Date(at).toISOString().slice(0, 16))
    }
    if (machine === undefined) delete process.env.TZ
    else process.env.TZ = machine
  })

  test('has no way to files, prototypes or unknown filters', () => {
    for (const template of [
      "{% include 'x' %}",
      "{% render 'x' %}",
      "{% layout 'x' %}",
      '{{ contact.email | nope }}',
    ]) {
      expect(checkLiquid(template)).not.toBeNull()
    }
    expect(text('[{{ workflow.constructor }}]')).toBe('[]')
  })

  test('stops a template that would run or grow for ever', () => {
    const many = '{% for a in (1..3000) %}{% for b in (1..3000) %}x{% endfor %}{% endfor %}'
    expect(rendered({ html: many })).toMatchObject({ kind: 'skip', reason: 'render-limit' })
    expect(rendered({ html: '{% for a in (1..99999999) %}{% endfor %}' })).toMatchObject({ reason: 'render-limit' })
    expect(rendered({ html: `{% for a in (1..2000) %}${'x'.repeat(600)}{% endfor %}` })).toMatchObject({
      reason: 'render-limit',
    })
  })

  test('skips the mail when a template breaks at render', () => {
    expect(rendered({ text: '{{ contact.first_name | divided_by: 0 | append }}' })).toMatchObject({
      reason: 'render-error',
    })
  })
})

describe('missing values', () => {
  const missing = (variable: string) => `skip: missing-variable: ${variable}`
  const cases: [string, string][] = [
    ['{{ contact.nope }}', missing('contact.nope')],
    ['{{ contact.empty }}', missing('contact.empty')],
    ['{{ event.nope.deeper }}', missing('event.nope.deeper')],
    ["{{ contact['nope'] }}", missing("contact['nope']")],
    ['{{ contact.nope | upcase }}', missing('contact.nope')],
    ['{% echo contact.nope %}', missing('contact.nope')],
    ["{{ contact.nope | default: 'friend' }}", 'friend'],
    ["{{ contact.empty | default: 'friend' }}", 'friend'],
    ["{{ contact.nope | default: '' }}", ''],
    ["{{ contact.nope | upcase | default: 'FRIEND' }}", 'FRIEND'],
    ['[{{ workflow.nope }}]', '[]'],
    ['{% if contact.nope %}{{ contact.nope }}{% endif %}ok', 'ok'],
    ['{% unless contact.nope %}{{ contact.nope }}{% endunless %}', missing('contact.nope')],
    ['{% for tag in contact.tags %}{{ contact.nope }}{% endfor %}', missing('contact.nope')],
    ['{% for tag in contact.none %}{{ contact.nope }}{% endfor %}ok', 'ok'],
    ['{% case contact.first_name %}{% when "Mai" %}a{% else %}{{ contact.nope }}{% endcase %}', 'a'],
    ['{% if contact.nope == blank %}no name{% endif %}', 'no name'],
    ['{% assign x = contact.nope %}[{{ x }}]', '[]'],
    ['{{ event.total | minus: 12 }}', '0'],
  ]
  test.each(cases)('%s', (template, expected) => {
    expect(text(template)).toBe(expected)
    const html = rendered({ html: template })
    expect(html.kind === 'ready' ? html.html : `skip: ${html.reason}: ${html.detail}`).toBe(expected)
  })

  test('count in the subject too', () => {
    expect(rendered({ subject: '{{ contact.nope }}' })).toEqual({
      kind: 'skip',
      reason: 'missing-variable',
      detail: 'contact.nope',
    })
  })

  test('are found beforehand by name', () => {
    expect(
      variablesOf("{{ contact.a }}{{ contact.a | default: 1 }}{% if x %}{{ event.b | default: 'x' }}{% endif %}"),
    ).toEqual([
      { name: 'contact.a', hasDefault: false },
      { name: 'event.b', hasDefault: true },
    ])
  })
})

describe('links with Liquid', () => {
  const loop = `{% for item in event.items %}<a href="${liquidLinkPlaceholder(1, '{{ item.url }}')}">x</a>{% endfor %}`

  test('are rendered where they stand and numbered, each URL of a loop on its own', () => {
    const result = rendered({
      html: `<a href="https://link.invalid/0">s</a>${loop}${loop}`,
      text: `{% for item in event.items %}<${liquidLinkPlaceholder(1, '{{ item.url }}')}> {% endfor %}`,
      links: ['https://shop.example/', null],
    })
    if (result.kind !== 'ready') throw new Error(result.detail)
    expect(result.links).toEqual([
      { no: 1, url: 'https://shop.example/a?x=1&y=2' },
      { no: 2, url: 'https://shop.example/b' },
    ])
    expect(result.text).toBe('<https://link.invalid/1> <https://link.invalid/2> ')
    const target = linkTargets(['https://shop.example/', null], result.links)
    const placed = placeLinks(result.html, 'html', target)
    expect(placed.match(/href="[^"]*"/g)?.slice(0, 3)).toEqual([
      'href="https://shop.example/"',
      'href="https://shop.example/a?x=1&#38;y=2"',
      'href="https://shop.example/b"',
    ])
    expect(placed).not.toContain('link.invalid')
  })

  test('that become something other than a web address stop the mail', () => {
    const html = `<a href="${liquidLinkPlaceholder(0, '{{ contact.site }}')}">x</a>`
    for (const site of ['javascript:alert(1)', 'data:text/html,x', '/relative']) {
      expect(rendered({ html, links: [null] }, { contact: { site } })).toMatchObject({ reason: 'render-error' })
    }
    expect(rendered({ html, links: [null] }, { contact: { site: 'mailto:a@b.example' } })).toMatchObject({
      html: '<a href="mailto:a@b.example">x</a>',
      links: [],
    })
  })

  test('cannot be forged by what an attribute holds', () => {
    const n = 'https://link.invalid/0?https://evil.example/<'
    const result = rendered({ html: '<p>{{ contact.n }}</p>', text: '{{ contact.n }}' }, { contact: { n } })
    expect(result).toMatchObject({ kind: 'ready', links: [] })
  })

  test('the pixel gets its address or goes', () => {
    expect(placePixel(`<p>x</p>${PIXEL}`, null)).toBe('<p>x</p>')
    expect(placePixel(PIXEL, 'https://m.example/t/o/x')).toContain('src="https://m.example/t/o/x"')
  })
})
