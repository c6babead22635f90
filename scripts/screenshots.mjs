// `npm run screenshots`: takes the pictures of docs/pictures from the built product, filled with a demo through its API.
//   Then every screen in every state (empty, filled, failing, paused, with long texts) into docs/pictures/states: at 1280 and 390 px, light
//   and dark, in the three languages, each screen in those of them that differ most. [--few] leaves these out.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { SMTPServer } from 'smtp-server'
import { browserPath, CHROMIUM_FLAGS, ensureBrowser, ensureFonts } from './browser.mjs'
import { addUncertain, fillDemo } from './demo.mjs'
import {
  chooseFile,
  failOf,
  hasArrived,
  importFile,
  openAlarms,
  openBranch,
  openMail,
  openPeople,
  openPublish,
} from './picture-pages.mjs'
import { API_KEY, freePort, startProduct } from './product.mjs'
import { ROOT, run } from './run.mjs'

const PICTURES = `${ROOT}docs/pictures`
const STATES = `${PICTURES}/states`
const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 390, height: 844 }
const WIDE_ONLY = new Set(['publish', 'people'])
/** Which drawing of a screen: together they show both widths, both schemes and all languages. */
const DRAWINGS = [
  { size: WIDE, scheme: 'light', locale: 'en' },
  { size: WIDE, scheme: 'dark', locale: 'vi' },
  { size: NARROW, scheme: 'light', locale: 'zh' },
  { size: NARROW, scheme: 'dark', locale: 'en' },
  { size: NARROW, scheme: 'light', locale: 'vi' },
]

if ((await run(process.execPath, ['scripts/build.mjs', '--if-changed'])) !== 0 || !ensureBrowser()) process.exit(1)
ensureFonts()
const dataDir = mkdtempSync(join(tmpdir(), 'perennial-pictures-'))
const port = await freePort()
const env = { PERENNIAL_API_KEY: API_KEY, LOG_LEVEL: 'warn' }
let product = await startProduct({ dataDir, port, env })
const path = browserPath()
const browser = await chromium.launch({
  args: CHROMIUM_FLAGS,
  chromiumSandbox: false,
  ...(path === undefined ? {} : { executablePath: path }),
})
try {
  await picture({ name: 'set-up-390', at: '/setup', size: NARROW })
  const { workflowId, contactId, cookie } = await fillDemo(product.url, { toTheEnd: true })
  const workflow = `/workflows/${workflowId}`
  const shots = [
    { name: 'builder', at: workflow },
    { name: 'builder-1440', at: workflow, size: { width: 1440, height: 900 }, before: openBranch },
    { name: 'builder-dark', at: workflow, scheme: 'dark' },
    { name: 'builder-vi', at: workflow, locale: 'vi' },
    { name: 'outline-390', at: workflow, size: NARROW },
    { name: 'publish', at: workflow, before: openPublish },
    { name: 'people', at: workflow, before: openPeople },
    { name: 'email', at: `${workflow}/emails/hello` },
    { name: 'workflows', at: '/workflows' },
    { name: 'workflows-vi', at: '/workflows', locale: 'vi' },
    { name: 'contacts', at: '/contacts' },
    { name: 'contacts-zh', at: '/contacts', locale: 'zh' },
    { name: 'contact', at: `/contacts/${contactId}` },
    { name: 'import', at: '/contacts/import', before: chooseFile },
    { name: 'import-done', at: '/contacts/import', before: importFile },
    { name: 'inbox-dark', at: '/inbox', scheme: 'dark', before: openMail },
    { name: 'messages', at: '/messages' },
    { name: 'sending-zh', at: '/settings/sending', locale: 'zh' },
  ]
  for (const shot of shots) await picture({ ...shot, cookie })
  if (!process.argv.includes('--few')) await everyState(shots, { cookie, workflowId })
  await uncertain(workflowId, cookie)
} finally {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/**
 * @param {{ name: string, at: string, size?: { width: number, height: number }, scheme?: string, locale?: string, cookie?: string,
 *   folder?: string, url?: string, before?: (page: Page) => Promise<void> }} shot
 */
async function picture({ name, at, cookie, folder = PICTURES, before, ...drawing }) {
  const context = await drawn({ cookie, ...drawing })
  const page = await context.newPage()
  await page.goto(at)
  if (before !== undefined) await before(page)
  await hasArrived(page)
  await page.waitForTimeout(1_000) // the canvas fits itself
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
  await context.close()
  console.log(`${folder}/${name}.png`.replace(ROOT, ''))
}

/**
 * A browser of that size, theme and language, signed in as whom the cookie names.
 *
 * @param {{ size?: { width: number, height: number }, scheme?: string, locale?: string, cookie?: string, url?: string }} drawing
 */
async function drawn({ size = WIDE, scheme = 'light', locale = 'en', cookie, url = product.url }) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
    reducedMotion: 'reduce',
    baseURL: url,
    locale,
  })
  if (cookie !== undefined) {
    const [cookieName = '', value = ''] = cookie.split(/=(.*)/s)
    await context.addCookies([{ name: cookieName, value, url }])
    await context.request.patch('/api/v1/profile', { data: { locale }, headers: { origin: url } })
  }
  return context
}

/** A server that takes whole mails and hangs up without an answer: what became of them nobody can know. */
async function uncertain(/** @type {string} */ workflowId, /** @type {string} */ cookie) {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, session) {
      stream.resume()
      stream.on('end', () => {
        for (const one of server.connections) if (one.session.id === session.id) one.close()
      })
    },
  })
  server.on('error', () => {}) // a connection that was cut is what this server is for
  const smtpPort = await new Promise((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => resolve(portOf(listening)))
  })
  await product.stop()
  product = await startProduct({ dataDir, port, env: { ...env, SMTP_URL: `smtp://127.0.0.1:${smtpPort}` } })
  await addUncertain(product.url, workflowId)
  await picture({ name: 'uncertain', at: '/messages?status=uncertain', cookie })
  server.close()
}

/** @param {import('node:net').Server} server */
function portOf(server) {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new RangeError('no port in the address')
  return address.port
}

/** @typedef {import('@playwright/test').Page} Page */

/** @typedef {{ name: string, at: string, url?: string, cookie?: string, before?: (page: Page) => Promise<void> }} State */

async function everyState(
  /** @type {State[]} */ shots,
  /** @type {{ cookie: string, workflowId: string }} */ { cookie, workflowId },
) {
  const filled = shots.filter(({ name }) => !/-(dark|vi|zh|390|1440)$/.test(name))
  const beside = ['profile', 'workspace', 'sending', 'keys'].map((part) => ({
    name: `settings-${part}`,
    at: `/settings/${part}`,
  }))
  const failing = ['messages', 'contacts', 'workflows', 'inbox'].map((part) => ({
    name: `${part}-failing`,
    at: `/${part}`,
    before: failOf(part),
  }))
  const others = [
    { name: 'inbox', at: '/inbox' },
    { name: 'inbox-mail', at: '/inbox', before: openMail },
    { name: 'recipes', at: '/workflows/new' },
    { name: 'alarms', at: '/workflows', before: openAlarms },
    { name: 'reference', at: '/api/docs' },
    { name: 'reference-found', at: '/api/docs?q=wait-until' },
  ]
  await drawings([...filled, ...beside, ...failing, ...others].map((state) => ({ ...state, cookie })))
  await drawings([{ name: 'sign-in', at: '/sign-in' }])
  await longTexts(cookie)
  await call(`/api/v1/workflows/${workflowId}/pause`, 'POST', cookie, {})
  await drawings([
    { name: 'builder-paused', at: `/workflows/${workflowId}`, cookie },
    { name: 'workflows-paused', at: '/workflows', cookie },
  ])
  await call(`/api/v1/workflows/${workflowId}/resume`, 'POST', cookie, { catchUp: 'shift' })
  await emptyStates()
}

/** Each of these states in each of the drawings that fit it; one browser per drawing, so that the page is read once. */
async function drawings(/** @type {State[]} */ states) {
  const [{ url, cookie } = {}] = states
  mkdirSync(STATES, { recursive: true })
  for (const drawing of DRAWINGS) {
    const context = await drawn({ ...drawing, url, cookie })
    for (const { name, at, before } of states) {
      const { size, scheme, locale } = drawing
      if (WIDE_ONLY.has(name) && size !== WIDE) continue // on a phone the builder has no dialogs of its own
      const page = await context.newPage()
      await page.goto(at)
      if (before !== undefined) await before(page)
      await hasArrived(page)
      const path = `${STATES}/${name}-${size.width}-${scheme}-${locale}.jpg`
      await page.screenshot({ path, type: 'jpeg', quality: 62 })
      await page.close()
      console.log(path.replace(ROOT, ''))
    }
    await context.close()
  }
}

/** @param {unknown} body */
async function call(
  /** @type {string} */ at,
  /** @type {string} */ method,
  /** @type {string} */ cookie,
  body,
  url = product.url,
) {
  const headers = { 'content-type': 'application/json', origin: url, cookie }
  const response = await fetch(`${url}${at}`, { method, headers, body: JSON.stringify(body) })
  if (response.status >= 400) throw new Error(`${method} ${at}: ${response.status} ${await response.text()}`)
  return response
}

/** A name as long as people give, and a title that does not fit its card. */
async function longTexts(/** @type {string} */ cookie) {
  const attributes = { first_name: 'Maria Magdalena Theodora', last_name: 'Nguyễn-Trần von Hohenlohe-Schillingsfürst' }
  const email = 'maria.magdalena.theodora.nguyen-tran@very-long-subdomain.department.example.com'
  await call('/api/v1/contacts', 'PUT', cookie, { email, attributes })
  const name =
    'Everything that happens between the first order and the first anniversary of our best customers, in all languages'
  await call('/api/v1/workflows', 'POST', cookie, { recipe: 'welcome', name })
  await drawings([
    { name: 'contacts-long', at: '/contacts', cookie },
    { name: 'workflows-long', at: '/workflows', cookie },
  ])
}

/** A product of its own in which nothing has happened yet. */
async function emptyStates() {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-empty-'))
  const empty = await startProduct({ dataDir: folder, port: await freePort(), env })
  try {
    await drawings([{ name: 'set-up', at: '/setup', url: empty.url }])
    const owner = {
      email: 'mai@example.com',
      password: 'a-long-demo-password',
      name: 'Mai Tran',
      workspace: 'Mayday Garden',
    }
    const answer = await call('/api/v1/setup', 'POST', '', owner, empty.url)
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0]
    const parts = ['workflows', 'contacts', 'messages', 'inbox'].map((part) => ({
      name: `${part}-empty`,
      at: `/${part}`,
    }))
    await drawings(parts.map((part) => ({ ...part, url: empty.url, cookie })))
  } finally {
    await empty.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
