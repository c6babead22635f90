import { mkdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'
import { afterAll, describe, expect, test } from 'vitest'
import { createMailCompiler } from '../../../server/mail/compiler.ts'
import { linkTargets, placeLinks } from '../../../shared/message/links.ts'
import { prepare, render } from '../../../shared/message/render.ts'
import type { CompiledEmail, RenderContext } from '../../../shared/message/types.ts'

const compiler = createMailCompiler()
const options = { messageClass: 'marketing' as const, postalAddress: '1 Main Street, Hanoi' }
const FOOTER = '<mj-text>{{ sender.postal_address }} <a href="{{ unsubscribe_url }}">Unsubscribe</a></mj-text>'
const layout = (content: string) =>
  `<mjml><mj-body><mj-section><mj-column>${content}${FOOTER}</mj-column></mj-section></mj-body></mjml>`

async function compiled(mjml: string, over: { subject?: string; preheader?: string } = {}): Promise<CompiledEmail> {
  const result = await compiler.compile({ subject: 'Hello', mjml, ...over }, options)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.email
}
async function problemsOf(mjml: string, over: { subject?: string; preheader?: string } = {}): Promise<string[]> {
  const { problems } = await compiler.compile({ subject: 'Hello', mjml, ...over }, options)
  return problems.map(({ code, severity, path, message }) => `${severity} ${code} ${path} ${message}`)
}
const context = (over: Partial<RenderContext> = {}): RenderContext => ({
  contact: { email: 'mai@example.com', first_name: 'Mai' },
  event: { items: [{ name: 'Tea', url: 'https://shop.example/tea?a=1&b=2' }] },
  workflow: { name: 'Welcome' },
  sender: { name: 'Ana', email: 'ana@shop.example', postal_address: '1 Main Street' },
  unsubscribeUrl: 'https://mail.example/u/x',
  now: 0,
  timezone: 'UTC',
  locale: 'en',
  ...over,
})

describe('compiling an email', () => {
  test('keeps Liquid whole in text, attributes, raw blocks and links', async () => {
    const email = await compiled(
      layout(`<mj-raw>{% if contact.first_name != "" and 1 < 2 %}</mj-raw>
        <mj-text color="{{ contact.colour | default: "#ff0000" }}">Hi {{ contact.first_name | default: "you" }}</mj-text>
        <mj-raw>{% endif %}</mj-raw>
        <mj-button href="https://shop.example/?who={{ contact.email | url_encode }}&amp;x=1">Go</mj-button>`),
      { preheader: 'For {{ contact.first_name }} & "friends"' },
    )
    const result = render(prepare(email), context())
    if (result.kind !== 'ready') throw new Error(result.detail)
    expect(result.html).toContain('color:#ff0000')
    expect(result.html).toContain('For Mai &#38; &#34;friends&#34;')
    expect(result.links).toEqual([{ no: 0, url: 'https://shop.example/?who=mai%40example.com&x=1' }])
    expect(result.text).toContain('Hi Mai')
    expect(result.text).toContain('Go <https://link.invalid/0>')
    expect(result.text).toContain('Unsubscribe <https://mail.example/u/x>')
    expect(result.text).not.toContain('friends')
  })

  const urls: [string, string][] = [
    ['https://shop.example/a?x=1&amp;y=2#part', 'https://shop.example/a?x=1&y=2#part'],
    ['https://shop.example/a?x=1&y=2', 'https://shop.example/a?x=1&y=2'],
    ['https://shop.example/%E1%BB%87?q=%2B+%20', 'https://shop.example/%E1%BB%87?q=%2B+%20'],
    ['https://công-ty.vn/đường/dẫn?tên=Mai', 'https://công-ty.vn/đường/dẫn?tên=Mai'],
    ['http://shop.example', 'http://shop.example'],
  ]
  test.each(urls)('keeps the address %s as it is', async (href, expected) => {
    const email = await compiled(
      layout(`<mj-text><a href="${href}">x</a></mj-text><mj-button href="${href}">y</mj-button>`),
    )
    expect(email.links).toEqual([expected, expected])
    const html = placeLinks(email.html, 'html', linkTargets(email.links, []))
    expect(html).not.toContain('link.invalid/0')
  })

  test('leaves mailto, tel, anchors and the unsubscribe link alone', async () => {
    const email = await compiled(
      layout('<mj-text><a href="mailto:a@b.example">a</a><a href="tel:+84">b</a><a href="#top">c</a></mj-text>'),
    )
    expect(email.links).toEqual([])
    for (const kept of ['mailto:a@b.example', 'tel:+84', '#top', '{{ unsubscribe_url }}']) {
      expect(email.html).toContain(`href="${kept}"`)
    }
  })

  test('numbers the links of a loop when it is rendered', async () => {
    const email = await compiled(
      layout(
        '<mj-text>{% for item in event.items %}<a href="{{ item.url }}">{{ item.name }}</a>{% endfor %}</mj-text>',
      ),
    )
    expect(email.links).toEqual([null])
    const items = [...'abc'].map((name) => ({ name, url: `https://shop.example/${name}` }))
    const result = render(prepare(email), context({ event: { items } }))
    expect(result).toMatchObject({ links: [0, 1, 2].map((no, i) => ({ no, url: items[i]?.url })) })
    if (result.kind === 'ready') expect(result.text).toContain('a <https://link.invalid/0>b <https://link.invalid/1>')
  })

  test('fetches nothing and ends with the pixel', async () => {
    const email = await compiled(layout('<mj-text font-family="Roboto">x</mj-text>'))
    expect(email.html).not.toContain('googleapis')
    expect(email.html).toMatch(/src="https:\/\/link\.invalid\/open"[^>]*><\/body>/)
  })

  const refused: [string, string][] = [
    ['', 'expected <mjml>'],
    ['<p>hello</p>', 'expected <mjml>'],
    ['<mjml><mj-body><mj-section></mj-body></mjml>', '<mj-section> of line 1 is never closed'],
    [layout('<mj-text>a</mj-text></mj-column>'), '</mj-column> in line 1 closes nothing'],
    [layout('<mj-include path="/etc/passwd" type="html"/>'), 'mj-include'],
    [layout('<mj-nope></mj-nope>'), 'mj-nope'],
    [layout('<mj-text color="reddish">x</mj-text>'), 'invalid value'],
    [layout('<mj-text>{{ contact.name </mj-text>'), 'Liquid does not parse'],
    [layout('<mj-text>{% if x %}</mj-text>'), 'Liquid does not parse'],
    [layout('{% if x %}<mj-text>x</mj-text>{% endif %}'), 'put it into <mj-raw>'],
    [layout('<mj-text><a href="javascript:alert(1)">x</a></mj-text>'), 'must not be in a mail'],
    [layout('<mj-text><a href=" java&#10;script:alert(1)">x</a></mj-text>'), 'must not be in a mail'],
    [layout('<mj-text><a href="data:text/html,x">x</a></mj-text>'), 'must not be in a mail'],
  ]
  test.each(refused)('refuses %s', async (mjml, expected) => {
    const found = await problemsOf(mjml)
    expect(found.filter((text) => text.startsWith('error')).join('\n')).toContain(expected)
  })

  test('says where Liquid is broken', async () => {
    expect(await problemsOf(layout('<mj-text>x</mj-text>'), { subject: '{{ x' })).toMatchObject([
      expect.stringContaining('error bad-liquid subject'),
    ])
    expect(await problemsOf(layout('<mj-text>x</mj-text>'), { preheader: '{% if %}' })).toHaveLength(1)
  })

  test('warns of a relative link and of a missing postal address', async () => {
    const bare =
      '<mjml><mj-body><mj-section><mj-column><mj-text><a href="/shop">x</a></mj-text></mj-column></mj-section></mj-body></mjml>'
    const found = await problemsOf(bare)
    expect(found.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'warning bad-mjml',
      'warning no-postal-address',
    ])
    expect(await problemsOf(bare.replace('<a href="/shop">x</a>', '1 Main Street,<br> Hanoi'))).toEqual([])
  })

  test('keeps notes of the author at home', async () => {
    const email = await compiled(layout('<!-- {{ contact.secret }} --><mj-text>x<!-- note --></mj-text>'))
    expect(email.html).not.toMatch(/secret|note/)
  })
})

describe('the MJML worker', () => {
  const folder = new URL('../../../node_modules/.cache/perennial-tests/', import.meta.url)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('compiles in a thread of its own', async () => {
    mkdirSync(folder, { recursive: true })
    const outfile = new URL(`mjml-${process.pid}.js`, folder)
    await build({
      entryPoints: [new URL('../../../server/threads/mjml.ts', import.meta.url).pathname],
      outfile: outfile.pathname,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    })
    const threaded = createMailCompiler({ workerUrl: outfile })
    const results = await Promise.all(
      ['one', 'two'].map((word) =>
        threaded.compile({ subject: word, mjml: layout(`<mj-text>${word}</mj-text>`) }, options),
      ),
    )
    expect(results.map((result) => result.ok && result.email.text.split('\n')[0])).toEqual(['one', 'two'])
    await threaded.close()
  })

  test('is killed when it hangs or dies, and the next email compiles', async () => {
    const hang = createMailCompiler({
      workerUrl: new URL('data:text/javascript,while(true){}'),
      timeoutMs: 200,
      startWithinMs: 200,
    })
    const result = await hang.compile({ subject: 'x', mjml: layout('<mj-text>x</mj-text>') }, options)
    expect(result).toMatchObject({
      ok: false,
      problems: [{ code: 'bad-mjml', message: expect.stringContaining('given up') }],
    })
    await hang.close()
    const dead = createMailCompiler({ workerUrl: new URL('data:text/javascript,throw new Error("x")') })
    expect(await dead.compile({ subject: 'x', mjml: layout('<mj-text>x</mj-text>') }, options)).toMatchObject({
      ok: false,
    })
    await dead.close()
  })
})
