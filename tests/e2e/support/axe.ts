/** What axe finds on the open page, in light and in dark. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './product.ts'

const SCHEMES = ['light', 'dark'] as const

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

/** @param what stands in the message when something is found */
export async function expectNoFindings(page: Page, what: string) {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await page.waitForTimeout(300) // colours glide too
    expect.soft(await findings(page), `${what} (${colorScheme})`).toEqual([])
  }
}
