/** Reading mail in the inbox page, as the person who got it. */
import type { Locator, Page } from '@playwright/test'
import { expect } from './product.ts'
import { words } from './words.ts'

/** Open the mail to this address whose subject has these words. */
export async function openMail(page: Page, to: string, subject: string) {
  await page.goto('/inbox')
  await page.getByLabel(words('inbox.search')).fill(to)
  await page
    .getByRole('link', { name: new RegExp(`${to.replaceAll('.', '\\.')}.*${subject}`) })
    .first()
    .click()
  await expect(page.getByRole('article')).toContainText(subject)
}

/** How many mails to this address the inbox holds. */
export async function countMails(page: Page, to: string): Promise<Locator> {
  await page.goto('/inbox')
  await page.getByLabel(words('inbox.search')).fill(to)
  await expect(page.getByRole('link', { name: to }).first()).toBeVisible()
  return page.getByRole('region', { name: words('inbox.list') }).getByRole('link', { name: to })
}

/** A header of the open mail. */
export const header = (page: Page, name: string): Locator =>
  page
    .getByRole('complementary', { name: words('inbox.headers') })
    .locator('dl > div')
    .filter({ has: page.locator('dt').getByText(new RegExp(`^${name}$`, 'i')) })
    .locator('dd')
    .first()

/** Click a link of the open mail: it opens a page of its own. */
export async function clickInMail(page: Page, link: string): Promise<Page> {
  const opening = page.context().waitForEvent('page')
  await page.frameLocator('iframe').locator(link).first().click()
  return opening
}

/** What a mail provider does when somebody presses its own "Unsubscribe" (RFC 8058): a POST without a session. */
export async function oneClick(page: Page) {
  await expect(header(page, 'List-Unsubscribe-Post')).toHaveText('List-Unsubscribe=One-Click')
  const [, url = ''] = /<(https?:[^>]+)>/.exec(await header(page, 'List-Unsubscribe').innerText()) ?? []
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) })
  expect(answer.ok).toBe(true)
}
