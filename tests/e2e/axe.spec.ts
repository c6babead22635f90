import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fillDemo } from '../../scripts/demo.mjs'
import { API_KEY } from '../../scripts/product.mjs'
import { expect, test } from './support/product.ts'

// A trace copies the page at every step of axe, which makes a canvas take half a minute.
test.use({ env: { PERENNIAL_API_KEY: API_KEY }, trace: 'off' })

/** What axe calls serious or critical, as lines that say where. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .exclude('iframe') // a mail is the sender's; and its frame is sandboxed, no script runs inside
    .setLegacyMode() // without it axe opens a tab to gather frames
    .analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

const SCHEMES = ['light', 'dark'] as const

test('no page has a serious or critical finding, in either theme', async ({ page, product, context }) => {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const look = async (path: string) => {
    await page.goto(path)
    await expect(page.locator('h1, h2').first()).toBeVisible()
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
    await page.waitForTimeout(300) // the canvas fits itself, numbers arrive
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
      await page.waitForTimeout(300) // colours glide too
      expect.soft(await findings(page), `${path} (${colorScheme})`).toEqual([])
    }
  }
  await look('/setup')
  const { workflowId, contactId, cookie } = await fillDemo(product.url)
  await look('/sign-in')
  const [name = '', value = ''] = cookie.split(/=(.*)/s)
  await context.addCookies([{ name, value, url: product.url }])
  const inbox = await page.request.get('/api/v1/inbox?limit=1')
  const { items } = (await inbox.json()) as { items: { id: string }[] }
  for (const path of [
    '/workflows',
    `/workflows/${workflowId}`,
    `/workflows/${workflowId}/emails/hello`,
    '/contacts',
    `/contacts/${contactId}`,
    '/contacts/import',
    '/contacts/import/1',
    '/messages',
    '/messages?status=uncertain',
    '/inbox',
    `/inbox/${items[0]?.id}`,
    '/settings/workspace',
    '/settings/sending',
    '/settings/keys',
    '/settings/profile',
    '/nowhere',
  ])
    await look(path)
})
