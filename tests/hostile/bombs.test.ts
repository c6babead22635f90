/** Letters made to hang whoever compiles, shows or reads them: in the real thread, which is killed in time and works on. */
import { mkdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMailCompiler, type MailCompiler } from '../../server/mail/compiler.ts'
import type { RenderContext } from '../../shared/message/types.ts'

const folder = new URL('../../node_modules/.cache/perennial-bombs/', import.meta.url)
/** A job is given 1.5 s; what else there is, is the start of a thread on a busy machine. */
const PATIENCE_MS = 40_000
let compiler: MailCompiler
beforeAll(async () => {
  mkdirSync(folder, { recursive: true })
  const outfile = new URL(`bombs-${process.pid}.js`, folder)
  const entry = new URL('../../server/threads/mjml.ts', import.meta.url).pathname
  await build({
    entryPoints: [entry],
    outfile: outfile.pathname,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  })
  compiler = createMailCompiler({ workerUrl: outfile, timeoutMs: 1_500 })
})
afterAll(async () => {
  await compiler.close()
  rmSync(folder, { recursive: true, force: true })
})

const layout = (content: string) =>
  `<mjml><mj-body><mj-section><mj-column>${content}</mj-column></mj-section></mj-body></mjml>`
const times = (text: string, size: number) => text.repeat(Math.ceil(size / text.length))
const context: RenderContext = {
  contact: { email: 'a@example.com', bio: times('https://link.invalid/1?', 300_000) },
  event: {},
  workflow: { name: 'W' },
  sender: { name: '', email: 's@example.com', postal_address: '' },
  unsubscribeUrl: 'https://a.example/u/x',
  now: 0,
  timezone: 'UTC',
  locale: 'en',
}

/** Compiled, shown if it compiles, by the clock of the test runner; and the next letter is not made to wait. */
async function survive(email: { subject?: string; mjml: string }): Promise<string> {
  const result = await compiler.compile(
    { subject: 'S', ...email },
    { messageClass: 'transactional', postalAddress: '' },
  )
  if (!result.ok) {
    expect(result.problems.length).toBeGreaterThan(0)
    return `refused: ${result.problems[0]?.message}`
  }
  const shown = await compiler.show(result.email, context)
  return shown.kind
}

const MJML_BOMBS: readonly [string, string][] = [
  ['100,000 tags', layout(times('<mj-text>x</mj-text>', 2_000_000))],
  ['100,000 tags in each other', layout(times('<mj-text>', 900_000))],
  [
    'sections nested 5,000 deep',
    `<mjml><mj-body>${'<mj-wrapper>'.repeat(5_000)}${'</mj-wrapper>'.repeat(5_000)}</mj-body></mjml>`,
  ],
  [
    'entities of entities',
    `<!DOCTYPE lolz [<!ENTITY a "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY e${i} "&e${i - 1};&e${i - 1};">`).join('')}]>${layout('<mj-text>&e29;</mj-text>')}`,
  ],
  ['a file read by mj-include', layout('<mj-include path="/etc/passwd" /><mj-text>x</mj-text>')],
  ['tags that never end', layout(times('<a', 900_000))],
  ['attributes that never end', layout(times('<a x="', 900_000))],
  ['tags that close nothing', layout(`${times('<b>', 400_000)}${times('</i>', 400_000)}`)],
  ['comments that never end', layout(times('<!--', 900_000))],
  ['mj-raw full of beginnings', layout(`<mj-raw>${times('<head ', 900_000)}</mj-raw>`)],
  [
    '100,000 styles',
    `<mjml><mj-head><mj-style inline="inline">${times('.a{color:red}', 500_000)}</mj-style></mj-head><mj-body><mj-section><mj-column>${times('<mj-text css-class="a">x</mj-text>', 200_000)}</mj-column></mj-section></mj-body></mjml>`,
  ],
]
const LIQUID_BOMBS: readonly [string, string][] = [
  ['loops in loops', '{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}'],
  ['a range without end', '{% for a in (1..999999999999) %}{% endfor %}'],
  ['a text that doubles', `{% assign x = "xxxxxxxxxx" %}${'{% assign x = x | append: x %}'.repeat(60)}{{ x }}`],
  [
    'a text replaced by itself',
    `{% assign x = "aaaaaaaaaa" %}${'{% assign x = x | replace: "a", "aaaaaaaaaa" %}'.repeat(30)}{{ x }}`,
  ],
  ['files', '{% include "/etc/passwd" %}{% render "x" %}{% layout "y" %}'],
  ['conditions nested 50,000 deep', `${'{% if true %}'.repeat(50_000)}x${'{% endif %}'.repeat(50_000)}`],
  [
    'sorting what was split',
    `{% assign x = contact.bio | split: "" %}${'{% assign x = x | concat: x | sort %}'.repeat(20)}{{ x | size }}`,
  ],
  [
    'a hundred variables nobody has, in slow loops',
    `{% for a in (1..200000) %}{% endfor %}${Array.from({ length: 100 }, (_, i) => `{{ contact.v${i} }}`).join('')}`,
  ],
  ['braces that never end', times('{{', 900_000)],
  ['a contact who is a megabyte of links', '{{ contact.bio }}{{ contact.bio }}{{ contact.bio }}'],
  [
    'the inside of objects',
    '{{ contact.__proto__ }}{{ contact.constructor.constructor }}{{ "x".__proto__.polluted | default: "safe" }}',
  ],
]

describe('a layout of', () => {
  test.each(MJML_BOMBS)('%s is compiled or given up in time', { timeout: PATIENCE_MS }, async (what, mjml) => {
    const outcome = await survive({ mjml })
    if (what.includes('file')) expect(outcome).toMatch(/^refused: .*mj-include/)
    expect(outcome).not.toMatch(/root:/)
  })
})

describe('Liquid with', () => {
  test.each(LIQUID_BOMBS)('%s is rendered or given up in time', { timeout: PATIENCE_MS }, async (_what, liquid) => {
    const outcome = await survive({ mjml: layout(`<mj-text>${liquid}</mj-text>`), subject: liquid.slice(0, 2_000) })
    expect(outcome).not.toMatch(/root:|function Object/)
  })
})

describe('a mail of', () => {
  test.each([
    ['blank lines in HTML', `Content-Type: text/html\r\n\r\n${times('\n ', 900_000)}x`],
    ['parts without end', `Content-Type: multipart/mixed; boundary=x\r\n\r\n${times('--x\r\n\r\na\r\n', 900_000)}`],
    ['mails in mails', times('Content-Type: message/rfc822\r\n\r\n', 200_000)],
    ['addresses in groups', `To: ${times('a:', 500_000)}\r\n\r\nx`],
    ['no bytes at all', ''],
  ])('%s is read or given up in time', { timeout: PATIENCE_MS }, async (_what, raw) => {
    const read = await compiler.read(Buffer.from(raw))
    expect(['read', 'failed']).toContain(read.kind)
  })

  test('a plain kind is read as ever, after all these', { timeout: PATIENCE_MS }, async () => {
    const read = await compiler.read(Buffer.from('Subject: Hi\r\nContent-Type: text/html\r\n\r\n<p>Hello</p>\r\n'))
    expect(read).toMatchObject({ kind: 'read', headers: expect.arrayContaining([{ name: 'Subject', value: 'Hi' }]) })
    expect(await survive({ mjml: layout('<mj-text>Hi {{ contact.email }}</mj-text>') })).toBe('shown')
  })
})
