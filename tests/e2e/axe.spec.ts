import { fillDemo } from '../../scripts/demo.mjs'
import { API_KEY } from '../../scripts/product.mjs'
import { expectNoFindings } from './support/axe.ts'
import { expect, test } from './support/product.ts'
import { words } from './support/words.ts'

// A trace copies the page at every step of axe, which makes a canvas take half a minute.
test.use({ env: { PERENNIAL_API_KEY: API_KEY }, trace: 'off' })

test('no page has a serious or critical finding, in either theme', async ({ page, product, context }) => {
  test.setTimeout(420_000) // takes about a minute; a busy machine is not a failure
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const look = async (path: string) => {
    await page.goto(path)
    await expect(page.locator('h1, h2').first()).toBeVisible()
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
    await page.waitForTimeout(300) // the canvas fits itself, numbers arrive
    await expectNoFindings(page, path)
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
    '/workflows/new',
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
  await page.goto('/contacts')
  await page.getByRole('button', { name: words('operations:show'), exact: true }).click()
  await expect(page.locator('#alarms')).toBeVisible()
  await expectNoFindings(page, 'what asks for attention, opened')
})
