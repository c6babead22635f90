import type { Page } from '@playwright/test'
import { Canvas } from './support/canvas.ts'
import { addContact, addEverybody, importContacts, OWNER, publish, setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { words, wordsLike } from './support/words.ts'

const CSV = `email,first_name,plan
an@example.com,An,pro
bao@example.com,Bao,free
chi@example.com,Chi,pro
dung@example.com,Dung,free
not-an-address,Nobody,free
`
const PEOPLE = 5

// As a person's browser calls itself: clicks of a headless one are, rightly, counted as a machine's.
test.use({
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
})

test('a newcomer draws a sequence, runs it on people and sees what each of them got', async ({
  page,
  product,
  browser,
}) => {
  test.setTimeout(240_000)

  await test.step('set up, and an empty state that leads on', () => setUp(page))

  await test.step('contacts: import, one by hand, search, a page each', async () => {
    await importContacts(page, CSV)
    await expect(page.getByRole('cell', { name: /not-an-address/ })).toBeVisible()
    await expect(page.getByRole('link', { name: wordsLike('import.run.rejectedFile', { count: 1 }) })).toBeVisible()
    await addContact(page, { email: 'eva@example.com', firstName: 'Eva', lastName: 'Berg' })
    await page.goto('/contacts')
    await page.getByLabel(words('contacts.search')).fill('chi')
    await expect(page.getByRole('row', { name: /chi@example\.com/ })).toBeVisible()
    await expect(page.getByRole('row', { name: /bao@example\.com/ })).toBeHidden()
  })

  const canvas = new Canvas(page)
  await test.step('draw: drag, connect, insert, delete, undo', async () => {
    await page.goto('/workflows')
    await page.getByRole('button', { name: wordsLike('workflows.first.scratch.name') }).click()
    await draw(canvas)
  })

  await test.step('write the email beside its preview, and send a test', async () => {
    await canvas.select(canvas.card('send-email').first())
    await canvas.panel.getByRole('button', { name: words('builder:email.edit') }).click()
    await page.getByLabel(words('builder:mail.subject')).fill('Hello {{ contact.first_name | default: "you" }}')
    await page.getByRole('button', { name: words('builder:as.example') }).click()
    await page.getByRole('button', { name: /An/ }).first().click()
    await expect(page.getByText('Hello An').first()).toBeVisible()
    await page.getByRole('button', { name: words('builder:mail.send-test') }).click()
    await page.getByRole('combobox', { name: words('builder:test.to'), exact: true }).fill(OWNER.email)
    await page.getByRole('button', { name: words('builder:test.send'), exact: true }).click()
    await expect(page.getByText(wordsLike('builder:test.sent'))).toBeVisible()
    await page.goto('/inbox')
    await expect(page.getByRole('link', { name: /mai@garden\.example.*Hello An/ })).toContainText(words('inbox.test'))
    await page.goBack()
  })

  const other = await browser.newContext({ storageState: await page.context().storageState(), baseURL: product.url })
  const watcher = await other.newPage()

  await test.step('publish: the dialog says who can enter', async () => {
    await page.goto('/workflows')
    await page.getByRole('link', { name: words('workflows.untitled') }).click()
    await watcher.goto(page.url())
    await publish(page, PEOPLE)
  })

  await test.step('add people; a second browser sees them within two seconds', async () => {
    await watcher.reload()
    await addEverybody(page, PEOPLE)
    const sent = new Canvas(watcher).card('send-email').first().locator('[data-state="sent"]')
    await expect(sent).toContainText(String(PEOPLE), { timeout: 2_000 })
    await sent.click()
    const list = watcher.getByRole('list', { name: words('builder:people.list') })
    await expect(list.getByRole('listitem')).toHaveCount(PEOPLE)
    await expect(list.getByText('eva@example.com')).toBeVisible()
    await watcher.keyboard.press('Escape')
  })

  await test.step('read a mail, click in it, unsubscribe from it', async () => {
    await page.waitForTimeout(3_000) // nobody clicks sooner; who does is a scanner
    const popup = await openFromMail(page, /an@example\.com.*Hello An/, 'a:not([href*="/u/"])')
    await popup.close()
    const page_ = await openFromMail(page, /bao@example\.com.*Hello Bao/, 'a[href*="/u/"]')
    await page_.getByRole('button').first().click()
    await page_.close()
  })

  await test.step('the numbers add up, and nobody unsubscribed gets more', async () => {
    await page.goto('/workflows')
    await page.getByRole('link', { name: words('workflows.untitled') }).click()
    // An clicked and goes one way; the others wait for it in vain.
    const second = canvas.card('send-email').nth(1).locator('[data-state="sent"]')
    await expect(second).toContainText('1', { timeout: 30_000 })
    await expect(canvas.card('exit').locator('[data-state="entered"]')).toContainText(/[1-9]/, { timeout: 45_000 })
    await page.goto('/inbox')
    await page.getByLabel(words('inbox.search')).fill('bao@example.com')
    await expect(page.getByRole('link', { name: /bao@example\.com/ })).toHaveCount(1)
  })

  await test.step('the journal says what happened to one of them, and why', async () => {
    await page.goto('/contacts')
    await page.getByLabel(words('contacts.search')).fill('an@')
    await page.getByRole('link', { name: /An/ }).first().click()
    await expect(page.getByText('Hello', { exact: false }).first()).toBeVisible()
  })

  await test.step('settings say what a mail server answered', async () => {
    await page.goto('/settings/sending')
    await expect(page.getByText(words('sending.inboxText'))).toBeVisible()
  })
  await other.close()
})

/** Two emails, a wait, a wait for a click with a timeout, a branch and an exit. */
async function draw(canvas: Canvas) {
  const { page } = canvas
  await page.getByRole('button', { name: words('builder:empty.manual') }).click()
  await expect(canvas.card('manual')).toHaveCount(1)
  await canvas.dropAt('send-email', { x: 500, y: 260 })
  await canvas.dropOn('wait', canvas.card('send-email'))
  await canvas.select(canvas.card('wait'))
  await canvas.setDuration(words('builder:wait.time'), 2, 'seconds')
  await canvas.dropOn('wait-until', canvas.card('wait'))

  const until = canvas.card('wait-until')
  await canvas.select(until)
  await canvas.panel
    .getByRole('button', { name: words('builder:cond.add-rule') })
    .first()
    .click()
  await page.getByRole('menuitem', { name: words('builder:cond.kind.message') }).click()
  await canvas.setDuration(words('builder:until.timeout'), 25, 'seconds')
  await canvas.addOn(until, '[data-port]:not([data-port="timeout"])', 'send-email')
  await canvas.addOn(until, '[data-port="timeout"]', 'branch')
  const branch = canvas.card('branch')
  await canvas.select(branch)
  await canvas.panel
    .getByRole('button', { name: words('builder:cond.add-rule') })
    .first()
    .click()
  await page.getByRole('menuitem', { name: words('builder:cond.kind.attribute') }).click()
  await canvas.setToken('first_name', 'plan')
  await canvas.setToken(words('builder:cond.blank'), 'pro')
  await canvas.addOn(branch, '[data-port]:not([data-port="otherwise"])', 'exit')

  // A step inserted on a line and taken out again: Delete, undo, redo.
  await page.getByRole('button', { name: words('builder:zoom.fit') }).click()
  await canvas.insertOnFirstLine('wait')
  await canvas.card('wait').first().locator('[data-node]').focus()
  await page.keyboard.press('Delete')
  await expect(canvas.card('wait')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(canvas.card('wait')).toHaveCount(2)
  await page.keyboard.press('Control+Shift+z')
  await expect(canvas.card('wait')).toHaveCount(1)

  // Draw a line by hand: the second email ends at the exit too.
  await page.getByRole('button', { name: words('builder:zoom.tidy') }).click()
  await page.getByRole('button', { name: words('builder:zoom.fit') }).click()
  await page.waitForTimeout(300) // the view glides
  await canvas.connect(canvas.card('send-email').nth(1), canvas.card('exit'))
  await canvas.saved()
}

/** Click a link in a mail of the inbox, as a person does: the link opens a page of its own. */
async function openFromMail(page: Page, mail: RegExp, link: string): Promise<Page> {
  await page.goto('/inbox')
  await page.getByRole('link', { name: mail }).first().click()
  const opening = page.context().waitForEvent('page')
  await page.frameLocator('iframe').locator(link).first().click()
  return opening
}
