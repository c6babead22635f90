/** What axe finds on the open page, in light and in dark. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './product.ts'

/** What depends on the theme is looked for in both, everything else once. */
const SCHEMES = [
  { colorScheme: 'light', rules: null },
  { colorScheme: 'dark', rules: ['color-contrast'] },
] as const

/** What axe calls serious or critical, as lines that say where. */
async function findings(page: Page, rules: readonly string[] | null): Promise<string[]> {
  const builder = new AxeBuilder({ page })
    .exclude('iframe') // a mail is the sender's; and its frame is sandboxed, no script runs inside
    .setLegacyMode() // without it axe opens a tab to gather frames
  const { violations } = await (rules === null ? builder : builder.withRules([...rules])).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`))
}

/** @param what stands in the message when something is found */
export async function expectNoFindings(page: Page, what: string) {
  for (const { colorScheme, rules } of SCHEMES) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await atRest(page)
    expect.soft(await findings(page, rules), `${what} (${colorScheme})`).toEqual([])
  }
}

/** Colours and panels glide: wait for what ends, though not for ever (a paused one never does). */
async function atRest(page: Page) {
  await page.evaluate(async () => {
    const gliding = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
    const longest = new Promise((resolve) => setTimeout(resolve, 1_000))
    await Promise.race([Promise.allSettled(gliding.map((one) => one.finished)), longest])
  })
}
