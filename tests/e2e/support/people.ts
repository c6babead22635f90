/** What a person does in the product, by what they see: labels, buttons, the mouse. No endpoint is called here. */
import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { words, wordsLike } from './words.ts'

export const OWNER = { name: 'Mai Tran', email: 'mai@garden.example', password: 'correct horse battery' }

export type Destination = { kind: 'inbox' } | { kind: 'smtp'; port: number; username: string; password: string }

/** The wizard, from the first page to the empty state. */
export async function setUp(page: Page, destination: Destination = { kind: 'inbox' }) {
  const next = () => page.getByRole('button', { name: words('setUp.next'), exact: true }).click()
  await page.goto('/')
  await expect(page.getByRole('heading', { name: words('setUp.you.title') })).toBeVisible()
  await page.getByLabel(words('setUp.you.name')).fill(OWNER.name)
  await page.getByLabel(words('setUp.you.email')).fill(OWNER.email)
  await page.getByLabel(words('setUp.you.password'), { exact: true }).fill(OWNER.password)
  await next()
  await page.getByLabel(words('setUp.workspace.name')).fill('Mayday Garden')
  await next()
  await page.getByLabel(words('sender.name')).fill('Mai of Mayday Garden')
  await page.getByLabel(words('sender.email')).fill('hello@garden.example')
  await page.getByLabel(words('sender.postalAddress')).fill('12 Seed Lane, Hanoi')
  await next()
  if (destination.kind === 'smtp') {
    await page.getByRole('radio', { name: words('setUp.destination.smtp.name') }).check()
    await fillAccount(page, destination)
  }
  await page.getByRole('button', { name: words('setUp.finish'), exact: true }).click()
  await expect(page.getByRole('heading', { name: words('workflows.first.title') })).toBeVisible()
}

export async function fillAccount(page: Page, { port, username, password }: Extract<Destination, { kind: 'smtp' }>) {
  await page.getByLabel(words('account.security')).selectOption('none')
  await page.getByRole('textbox', { name: words('account.host'), exact: true }).fill('127.0.0.1')
  await page.getByLabel(words('account.port')).fill(String(port))
  await page.getByLabel(words('account.username'), { exact: true }).fill(username)
  await page.getByLabel(words('account.password'), { exact: true }).fill(password)
}

/** Choose the file, look at the guesses, send a column elsewhere or nowhere, answer about consent, and see it through. */
export async function importContacts(page: Page, csv: string, targets: Record<string, string>) {
  await page.goto('/contacts/import')
  const file = { name: 'customers.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) }
  await page.locator('input[type=file]').setInputFiles(file)
  const goesTo = (column: string) => page.getByLabel(words('import.map.goesToOf', { column }))
  await expect(goesTo('E-mail')).toHaveValue('email')
  await expect(goesTo('First name')).toHaveValue('attributes.first_name')
  for (const [column, target] of Object.entries(targets)) await goesTo(column).selectOption(target)
  const go = page.getByRole('button', { name: /^Import / })
  await expect(go).toBeDisabled() // nothing is preselected about consent
  await expect(page.getByText(words('import.waits.consent'))).toBeVisible()
  await page.getByRole('radio', { name: wordsLike('import.consent.granted.name') }).check()
  await page.getByLabel(words('import.consent.source')).fill('sign-up form')
  await go.click()
  await expect(page.getByRole('progressbar', { name: words('import.run.title.running') })).toBeVisible()
  await expect(page.getByRole('heading', { name: words('import.run.title.completed') })).toBeVisible({
    timeout: 30_000,
  })
}

/** The rejected rows as a file, as a person saves it. */
export async function rejectedFile(page: Page): Promise<string> {
  const saving = page.waitForEvent('download')
  await page.getByRole('link', { name: wordsLike('import.run.rejectedFile', { count: 1 }) }).click()
  const download = await saving
  return readFileSync(await download.path(), 'utf8')
}

type NewPerson = Record<'email' | 'firstName' | 'lastName', string> & { agreed?: boolean }

export async function addContact(page: Page, { email, firstName, lastName, agreed = true }: NewPerson) {
  await page.goto('/contacts')
  await page.getByRole('button', { name: words('contacts.add'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel(words('addPerson.email.label')).fill(email)
  await dialog.getByLabel(words('addPerson.firstName')).fill(firstName)
  await dialog.getByLabel(words('addPerson.lastName')).fill(lastName)
  await dialog.getByRole('radio', { name: words(`addPerson.consent.${agreed ? 'granted' : 'unknown'}`) }).check()
  await dialog.getByRole('button', { name: words('addPerson.save') }).click()
  await expect(page.getByRole('heading', { name: `${firstName} ${lastName}`, exact: true })).toBeVisible()
}

/** Publish the open workflow; the dialog must say how many can enter, and how many of them get no marketing mail. */
export async function publish(page: Page, canEnter: number, lackConsent = 0) {
  await page.getByRole('button', { name: words('builder:bar.publish'), exact: true }).click()
  const dialog = page.getByRole('dialog')
  await expect(
    dialog.getByText(words('builder:publish.can-enter', { count: canEnter, number: canEnter })),
  ).toBeVisible()
  const lack =
    lackConsent === 0
      ? words('builder:publish.all-consent')
      : words('builder:publish.lack-consent', { count: lackConsent, number: lackConsent })
  await expect(dialog.getByText(lack)).toBeVisible()
  await dialog.getByRole('button', { name: wordsLike('builder:publish.do') }).click()
  await expect(page.getByRole('dialog', { name: words('builder:publish.done', { version: 1 }) })).toBeVisible()
}

/** From the dialog that says a version is live: everybody who may enter. */
export async function addEverybody(page: Page, people: number) {
  await page
    .getByRole('dialog')
    .getByRole('button', { name: words('builder:add-people.open') })
    .click()
  const dialog = page.getByRole('dialog', { name: words('builder:add-people.title') })
  await dialog.getByRole('button', { name: words('builder:add-people.do') }).click()
  await expect(dialog.getByText(words('builder:add-people.enrolled'))).toBeVisible()
  await expect(dialog.getByRole('definition').first()).toHaveText(String(people))
  await dialog
    .getByRole('button', { name: words('builder:close'), exact: true })
    .last()
    .click()
}
