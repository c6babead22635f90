import type { Page } from '@playwright/test'
import { expectNoFindings } from './support/axe.ts'
import { setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { words, wordsLike } from './support/words.ts'

// A trace copies the page at every step of axe, which makes a canvas take half a minute.
test.use({ trace: 'off' })

test('no dialog and no panel of the builder has a serious or critical finding, in either theme', async ({ page }) => {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await setUp(page)
  await page.getByRole('button', { name: words('workflows.first.scratch.name') }).click()
  await page.getByRole('button', { name: words('builder:empty.manual') }).click()
  await addStep(page, 'exit') // no email: nothing to compile before it is published
  const isBack = () => expect(page.getByRole('dialog')).toHaveCount(0)

  for (const kind of ['split', 'update-contact'] as const) {
    await addStep(page, kind)
    await expectNoFindings(page, kind)
    await page.getByRole('button', { name: wordsLike('builder:undo-what') }).click()
  }
  await page.getByRole('button', { name: words('builder:bar.publish'), exact: true }).click()
  const publish = page.getByRole('dialog').getByRole('button', { name: wordsLike('builder:publish.do') })
  await expect(publish).toBeEnabled()
  await expectNoFindings(page, 'publishing')
  await publish.click()
  await page.getByRole('button', { name: words('builder:publish.back') }).click()
  await isBack()

  await openFromMenu(page, 'builder:pause.open')
  await expectNoFindings(page, 'pausing')
  await page.getByRole('button', { name: words('builder:pause.do-none'), exact: true }).click()
  await isBack()
  await page.getByRole('button', { name: words('builder:resume.open') }).click()
  await expect(page.getByRole('radio', { name: words('builder:resume.shift.name') })).toBeChecked()
  await expectNoFindings(page, 'resuming')
})

async function openFromMenu(page: Page, key: string) {
  await page.getByRole('button', { name: words('builder:bar.more') }).click()
  await page.getByRole('menuitem', { name: words(key) }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
}

/** Its panel opens with it. */
async function addStep(page: Page, kind: string) {
  await page.locator(`[data-palette="${kind}"]`).click()
  await expect(page.getByRole('complementary', { name: words('builder:panel.name') })).toBeVisible()
}
