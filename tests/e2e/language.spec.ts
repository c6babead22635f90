import type { Page } from '@playwright/test'
import { API_KEY, apiOf } from '../../scripts/product.mjs'
import { app as enApp } from '../../shared/locales/en/app.ts'
import { builder as enBuilder } from '../../shared/locales/en/builder.ts'
import { publicPages as enPublic } from '../../shared/locales/en/public.ts'
import { app as viApp } from '../../shared/locales/vi/app.ts'
import { builder as viBuilder } from '../../shared/locales/vi/builder.ts'
import { publicPages as viPublic } from '../../shared/locales/vi/public.ts'
import { app as zhApp } from '../../shared/locales/zh/app.ts'
import { builder as zhBuilder } from '../../shared/locales/zh/builder.ts'
import { publicPages as zhPublic } from '../../shared/locales/zh/public.ts'
import { setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'

test.use({ env: { PERENNIAL_API_KEY: API_KEY }, locale: 'en-GB' })

const LANGUAGES = [
  { language: 'en', name: 'English', app: enApp, builder: enBuilder, publicPages: enPublic },
  { language: 'vi', name: 'Tiếng Việt', app: viApp, builder: viBuilder, publicPages: viPublic },
  { language: 'zh', name: '简体中文', app: zhApp, builder: zhBuilder, publicPages: zhPublic },
] as const

/** Choose the language where a person does: in the profile, whose words are those of the language from before. */
async function choose(page: Page, language: string, before: (typeof LANGUAGES)[number]['app']) {
  await page.goto('/settings/profile')
  const field = page.getByLabel(before.person.language, { exact: true })
  if ((await field.inputValue()) === language) return
  await field.selectOption(language)
  await page.getByRole('button', { name: before.dialog.save, exact: true }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

test('the product speaks the language of the profile, and a contact’s page the contact’s', async ({
  page,
  product,
  browser,
}) => {
  test.setTimeout(90_000) // takes well under a minute; a busy machine is not a failure
  await setUp(page)
  const api = apiOf(product.url)
  const { id } = await api('POST', '/api/v1/workflows', { recipe: 'welcome' })
  await api('POST', `/api/v1/workflows/${id}/publish`, {})
  let before: (typeof LANGUAGES)[number]['app'] = enApp
  for (const { language, app, builder } of [...LANGUAGES.slice(1), LANGUAGES[0]])
    await test.step(`${language}: the pages and the builder`, async () => {
      await choose(page, language, before)
      before = app
      await page.goto('/workflows')
      await page.reload()
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('heading', { name: app.workflows.title, exact: true })).toBeVisible()
      await expect(page.getByRole('link', { name: app.nav.contacts }).first()).toBeVisible()
      await expect(page.getByRole('link', { name: app.workflows.create })).toBeVisible()
      await page.goto(`/workflows/${id}`)
      await expect(page.locator('html')).toHaveAttribute('lang', language)
      await expect(page.getByRole('button', { name: builder.bar.publish, exact: true })).toBeVisible()
      await expect(page.getByText(builder.bar.outline, { exact: true })).toBeVisible()
      await expect(page.getByRole('region', { name: builder.canvas.name, exact: true })).toBeVisible()
    })

  const stranger = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  for (const { language, publicPages } of LANGUAGES)
    await test.step(`${language}: the page to unsubscribe`, async () => {
      await stranger.goto(await unsubscribeLink(product.url, id, language))
      await expect(stranger.locator('html')).toHaveAttribute('lang', language)
      for (const words of [publicPages.ask, publicPages.stopTopic, publicPages.stopAll])
        await expect(stranger.getByText(words, { exact: true }).first()).toBeVisible()
    })
})

/** Puts a person who reads that language into the workflow and takes the link from the mail they get. */
async function unsubscribeLink(url: string, workflowId: string, locale: string): Promise<string> {
  const api = apiOf(url)
  const email = `reader-${locale}@people.example`
  await api('PUT', '/api/v1/contacts', { email, locale, consent: { marketing: { status: 'granted' } } })
  await api('POST', `/api/v1/workflows/${workflowId}/enrollments`, { contact: { email } })
  let link = ''
  await expect
    .poll(async () => {
      const { items } = await api('GET', `/api/v1/inbox?limit=20`)
      const mail = items.find(({ to }: { to: unknown }) => JSON.stringify(to).includes(email))
      if (mail === undefined) return null
      const raw = await fetch(`${url}/api/v1/inbox/${mail.id}/raw`, { headers: { authorization: `Bearer ${API_KEY}` } })
      link = /^List-Unsubscribe:\s*<(http[^>]+)>/im.exec((await raw.text()).replace(/\r?\n[ \t]+/g, ''))?.[1] ?? ''
      return link
    })
    .toMatch(/^http/)
  return link
}
