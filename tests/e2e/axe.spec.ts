import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { fillDemo } from '../../scripts/demo.mjs'
import { API_KEY } from '../../scripts/product.mjs'
import { expect, test } from './support/product.ts'

test.use({ env: { PERENNIAL_API_KEY: API_KEY } })

/** What axe calls serious or critical, as lines that say where. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

const SCHEMES = ['light', 'dark'] as const

test('no page has a serious or critical finding, in either theme', async ({ page, product, context }) => {
  test.setTimeout(240_000)
  const look = async (path: string) => {
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(path)
      await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch((error: Error) => {
        if (error.name !== 'TimeoutError') throw error // live numbers keep a connection open
      })
      await expect(page.locator('h1, h2').first()).toBeVisible()
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
