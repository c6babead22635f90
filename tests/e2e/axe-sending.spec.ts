import type { Page } from '@playwright/test'
import { expectNoFindings } from './support/axe.ts'
import { setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { ACCOUNTS, KEYS, pretend } from './support/sending.ts'
import { words } from './support/words.ts'

test.use({ trace: 'off' })

async function ready(page: Page) {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await setUp(page, { kind: 'smtp', port: 9, username: 'news', password: 'a password' })
  return async () => {
    await page.goto('/settings/sending')
    await expect(page.getByRole('heading', { name: words('sending:domain.title') })).toBeVisible()
    await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
  }
}

test('no state of a sending account has a serious or critical finding, in either theme', async ({ page }) => {
  const open = await ready(page)
  for (const [name, account] of Object.entries(ACCOUNTS)) {
    await pretend(page, account)
    await open()
    await expectNoFindings(page, name)
  }
})

test('no state of a DKIM key has a serious or critical finding, in either theme', async ({ page }) => {
  const open = await ready(page)
  for (const [name, keys] of Object.entries(KEYS)) {
    await pretend(page, {}, keys)
    await open()
    await expect(page.getByText('pn2611224c09ab').first()).toBeVisible()
    await expectNoFindings(page, `a key, ${name}`)
  }
  await page.getByRole('button', { name: words('account.test.action'), exact: true }).click()
  await page.getByText(words('sending:test.all')).click()
  await expectNoFindings(page, 'a refused test of the connection')
  await page.getByRole('button', { name: words('sending:domain.removeOf', { selector: 'pn2611224c09ab' }) }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectNoFindings(page, 'removing a key')
})
