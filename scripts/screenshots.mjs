// `npm run screenshots`: takes the pictures of docs/pictures from the built product, filled with a demo through its API.
//   [--all] also takes every screen at 1280 and 390 px, light and dark, in three languages, into .cache/screens
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { SMTPServer } from 'smtp-server'
import { browserPath, CHROMIUM_FLAGS, ensureBrowser, ensureFonts } from './browser.mjs'
import { addUncertain, fillDemo } from './demo.mjs'
import { API_KEY, freePort, startProduct } from './product.mjs'
import { ROOT, run } from './run.mjs'

const PICTURES = `${ROOT}docs/pictures`
const WIDE = { width: 1280, height: 800 }
const CSV = `E-mail,First name,City,Plan,Signed up on
an@example.com,An,Hanoi,pro,2026-03-01
bao@example.com,Bao,Berlin,free,2026-04-12
chi@example,Chi,Lyon,free,2026-04-30
`
const NARROW = { width: 390, height: 844 }

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
    { name: 'inbox-dark', at: '/inbox', scheme: 'dark' },
    { name: 'messages', at: '/messages' },
    { name: 'sending-zh', at: '/settings/sending', locale: 'zh' },
  ]
  for (const shot of shots) await picture({ ...shot, cookie })
  if (process.argv.includes('--all')) await everything(shots, cookie)
  await uncertain(workflowId, cookie)
} finally {
  await browser.close()
  await product.stop()
  rmSync(dataDir, { recursive: true, force: true })
}

/**
 * @param {{ name: string, at: string, size?: { width: number, height: number }, scheme?: string, locale?: string, cookie?: string,
 *   folder?: string, before?: (page: import('@playwright/test').Page) => Promise<void> }} shot
 */
async function picture({ name, at, size = WIDE, scheme = 'light', locale = 'en', cookie, folder = PICTURES, before }) {
  const context = await browser.newContext({
    viewport: size,
    colorScheme: scheme === 'dark' ? 'dark' : 'light',
    reducedMotion: 'reduce',
    baseURL: product.url,
    locale,
  })
  if (cookie !== undefined) {
    const [cookieName = '', value = ''] = cookie.split(/=(.*)/s)
    await context.addCookies([{ name: cookieName, value, url: product.url }])
    await context.request.patch('/api/v1/profile', { data: { locale }, headers: { origin: product.url } })
  }
  const page = await context.newPage()
  await page.goto(at)
  if (before !== undefined) await before(page)
  await page.waitForLoadState('load')
  await page.waitForTimeout(1_500) // the canvas fits itself, numbers arrive
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: `${folder}/${name}.png` })
  await context.close()
  console.log(`${folder.replace(ROOT, '')}/${name}.png`)
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

async function chooseFile(/** @type {Page} */ page) {
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) })
  await page.getByRole('radio').nth(1).waitFor()
}

async function importFile(/** @type {Page} */ page) {
  await chooseFile(page)
  await page.getByRole('radio').nth(1).check()
  await page.locator('button[aria-describedby="import-waits"]').click()
  await page.getByRole('table').waitFor()
}

async function openPublish(/** @type {Page} */ page) {
  await page.locator('header button[data-variant="filled"]').click()
  await page.getByRole('dialog').getByRole('table').waitFor()
}

async function openPeople(/** @type {Page} */ page) {
  await page.locator('.react-flow__node [data-state="sent"]').first().click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
}

async function everything(
  /** @type {{ name: string, at: string, before?: (page: import('@playwright/test').Page) => Promise<void> }[]} */ shots,
  /** @type {string} */ cookie,
) {
  const folder = `${ROOT}.cache/screens`
  for (const { name, at, before } of shots.filter(({ name }) => !/-(dark|vi|zh|390)$/.test(name)))
    for (const [width, size] of Object.entries({ 1280: WIDE, 390: NARROW }))
      for (const scheme of ['light', 'dark'])
        for (const locale of ['en', 'vi', 'zh'])
          await picture({
            name: `${name}-${width}-${scheme}-${locale}`,
            at,
            size,
            scheme,
            locale,
            cookie,
            folder,
            ...(before === undefined ? {} : { before }),
          })
}
