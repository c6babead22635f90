import AxeBuilder from '@axe-core/playwright'
import { API_KEY } from '../../scripts/product.mjs'
import { expectNoFindings } from './support/axe.ts'
import { expect, test } from './support/product.ts'
import { words } from './support/words.ts'

test.use({ env: { PERENNIAL_API_KEY: API_KEY }, trace: 'off' })

const WIDE = { width: 1280, height: 800 }
const NARROW = { width: 390, height: 844 }

test('the set-up is accessible in every step, with and without its complaints', async ({ page }) => {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('/setup')
  const next = () => page.getByRole('button', { name: words('setUp.next'), exact: true }).click()
  const look = async (step: string) => {
    await expect(page.getByRole('heading', { name: words(`setUp.${step}.title`) })).toBeVisible()
    await expectNoFindings(page, `set-up, ${step}`)
  }
  await look('you')
  await next()
  await expect(page.getByText(words('setUp.you.nameMissing'))).toBeVisible()
  await look('you')
  await page.getByLabel(words('setUp.you.name')).fill('Mai')
  await page.getByLabel(words('setUp.you.email')).fill('mai@example.com')
  await page.getByLabel(words('setUp.you.password'), { exact: true }).fill('correct horse battery')
  await next()
  await look('workspace')
  await page.getByLabel(words('setUp.workspace.name')).fill('Garden')
  await next()
  await look('sender')
  await page.getByLabel(words('sender.name')).fill('Mai')
  await page.getByLabel(words('sender.email')).fill('hello@garden.example')
  await page.getByLabel(words('sender.postalAddress')).fill('12 Seed Lane, Hanoi')
  await next()
  await look('destination')
  await page.getByRole('radio', { name: words('setUp.destination.smtp.name') }).check()
  await look('destination')
})

test('the reference page is accessible, searches without script and fits a phone', async ({
  page,
  browser,
  product,
}) => {
  for (const size of [WIDE, NARROW]) {
    await page.setViewportSize(size)
    await page.goto('/api/docs?q=wait-until')
    for (const one of await page.locator('main details > summary').all()) await one.click()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const axe = new AxeBuilder({ page }).setLegacyMode()
      // What depends on the theme is looked for in both, everything else once.
      const { violations } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze()
      expect(
        violations.map(({ id }) => id),
        `${colorScheme}, ${size.width}`,
      ).toEqual([])
    }
    const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
    expect(isTooWide, `${size.width}`).toBe(false)
  }
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: product.url })
  const plain = await context.newPage()
  await plain.goto('/api/docs')
  await plain.getByRole('searchbox').fill('journal')
  await plain.getByRole('button', { name: 'Search' }).click()
  await expect(plain.getByText('/api/v1/contacts/{id}/journal').first()).toBeVisible()
  await context.close()
})
