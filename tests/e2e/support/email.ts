/** Writing an email beside its preview. */
import type { Page } from '@playwright/test'
import { expect } from './product.ts'
import { words, wordsLike } from './words.ts'

/** Subject, preheader, a line of MJML with a value chosen from the menu, and the preview as this person at both widths. */
export async function writeEmail(page: Page, { subject, preheader }: Record<'subject' | 'preheader', string>) {
  await page.getByLabel(words('builder:mail.subject'), { exact: true }).fill(subject)
  await page.getByLabel(words('builder:mail.preheader'), { exact: true }).fill(preheader)
  const code = page.getByRole('textbox', { name: words('builder:mail.code') })
  const line = code.getByText('Start with why this reaches them today')
  await code.hover()
  await expect(async () => {
    await page.mouse.wheel(0, 300) // the editor draws only the lines in sight
    await expect(line).toBeInViewport({ timeout: 500 })
  }).toPass()
  await line.dblclick()
  await page.keyboard.press('ArrowRight') // to the end of the word
  await page.keyboard.type(' Plan: ')
  await page.getByRole('button', { name: words('builder:insert.open') }).click()
  await page.getByLabel(words('builder:insert.fallback')).fill('none yet')
  await page.getByRole('menuitem', { name: 'plan', exact: true }).click()
  await expect(code).toContainText('Plan: {{ contact.plan | default: "none yet" }}')
}

export async function previewAs(page: Page, name: string, seen: string[]) {
  await page.getByRole('button', { name: words('builder:as.example') }).click()
  await page.getByLabel(words('builder:as.search')).fill(name)
  await page.getByRole('button', { name: new RegExp(`^${name}\\b`) }).click()
  const frame = page.getByTitle(words('builder:mail.frame'))
  const look = page.getByRole('region', { name: words('builder:mail.preview') })
  const [subject = '', ...rest] = seen
  await expect(look.getByText(subject).first()).toBeVisible()
  for (const text of rest) await expect(frame.contentFrame().getByText(text).first()).toBeVisible()
  const wide = await frame.boundingBox()
  await page.getByText(words('builder:mail.view.phone'), { exact: true }).click()
  await expect.poll(async () => (await frame.boundingBox())?.width).toBeLessThan(wide?.width ?? 0)
  await expect.poll(async () => (await frame.boundingBox())?.width).toBeLessThan(400)
}

export async function sendTest(page: Page, to: string) {
  await page.getByRole('button', { name: words('builder:mail.send-test') }).click()
  await page.getByRole('combobox', { name: words('builder:test.to'), exact: true }).fill(to)
  await page.getByRole('button', { name: words('builder:test.send'), exact: true }).click()
  await expect(page.getByText(wordsLike('builder:test.sent'))).toBeVisible()
}
