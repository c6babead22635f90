import { publicPages as vietnamese } from '../../shared/locales/vi/public.ts'
import { Canvas } from './support/canvas.ts'
import { changeOnesMind, connectToExit, draw, finishBranch, TITLES } from './support/draw.ts'
import { previewAs, sendTest, writeEmail } from './support/email.ts'
import { clickInMail, countMails, header, oneClick, openMail } from './support/inbox.ts'
import {
  addContact,
  addEverybody,
  fillAccount,
  importContacts,
  OWNER,
  publish,
  rejectedFile,
  setUp,
} from './support/people.ts'
import { expect, test } from './support/product.ts'
import { startSmtp, USERNAME } from './support/smtp.ts'
import { words, wordsLike } from './support/words.ts'

/** The same person again and again: rows to watch the progress by, nobody new. */
const AGAIN = 'dung@example.com,Dung,free,vi,\n'.repeat(30_000)
const CSV = `E-mail,First name,plan,Speaks,Note
an@example.com,An,pro,en,likes tea
bao@example.com,Bao,free,vi,
chi@example.com,Chi,free,zh,
not-an-address,Nobody,free,en,
${AGAIN}`
/** Four of the file and two by hand, one of whom was never asked. */
const PEOPLE = 6
const UNASKED = 1

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

  await test.step('contacts: import with mapping, progress and rejected rows', async () => {
    await importContacts(page, CSV, { Speaks: 'locale', Note: '' })
    await expect(page.getByRole('row', { name: /not-an-address/ })).toContainText(words('import.reason.bad-email'))
    expect(await rejectedFile(page)).toMatch(/not-an-address/)
  })

  await test.step('contacts: by hand, found by a search, a page each', async () => {
    await addContact(page, { email: 'eva@example.com', firstName: 'Eva', lastName: 'Berg' })
    await addContact(page, { email: 'fern@example.com', firstName: 'Fern', lastName: 'Ash', agreed: false })
    await page.goto('/contacts')
    await page.getByLabel(words('contacts.search')).fill('chi')
    await expect(page.getByRole('row', { name: /bao@example\.com/ })).toBeHidden()
    await page
      .getByRole('row', { name: /chi@example\.com/ })
      .getByRole('link')
      .first()
      .click()
    await expect(page.getByRole('heading', { name: 'Chi', exact: true })).toBeVisible()
    await expect(page.getByText('free', { exact: true })).toBeVisible()
    await page.getByText(words('contact.consent.ledger')).click()
    await expect(page.getByText('sign-up form').first()).toBeVisible()
  })

  const canvas = new Canvas(page)
  const workflow = () => page.getByRole('table').getByRole('link', { name: words('workflows.untitled') })

  await test.step('draw: drag, insert, edit, delete, undo, redo, tidy, connect', async () => {
    await page.goto('/workflows')
    await page.getByRole('button', { name: wordsLike('workflows.first.scratch.name') }).click()
    await draw(canvas)
    await changeOnesMind(canvas)
    await connectToExit(canvas)
  })

  await test.step('a problem stops publishing, names its step, and is solved there', () => finishBranch(canvas))

  await test.step('write the email beside its preview, and send a test', async () => {
    await canvas.select(canvas.titled(TITLES.first))
    await canvas.panel.getByRole('button', { name: words('builder:email.edit') }).click()
    await writeEmail(page, {
      subject: 'Hello {{ contact.first_name | default: "you" }}',
      preheader: 'Written for {{ contact.first_name | default: "you" }}',
    })
    await previewAs(page, 'An', ['Hello An', 'Plan: pro'])
    await sendTest(page, OWNER.email)
    await openMail(page, OWNER.email, 'Hello An')
    await expect(page.getByRole('link', { name: /Hello An/ })).toContainText(words('inbox.test'))
    await expect(header(page, 'X-Perennial-Test')).toBeVisible()
  })

  const other = await browser.newContext({ storageState: await page.context().storageState(), baseURL: product.url })
  const watcher = await other.newPage()

  await test.step('publish: the dialog says who can enter, and how many lack consent', async () => {
    await page.goto('/workflows')
    await workflow().click()
    await publish(page, PEOPLE, UNASKED)
    await expect(page.getByText(words('builder:chip.live', { version: 1 }))).toBeVisible()
  })

  await test.step('add people; a second browser sees them within two seconds', async () => {
    await watcher.goto(page.url())
    const seen = new Canvas(watcher)
    await expect(seen.titled(TITLES.first)).toBeVisible()
    await addEverybody(page, PEOPLE)
    const sent = seen.number(seen.titled(TITLES.first), 'sent')
    await expect(sent).toContainText(String(PEOPLE - UNASKED), { timeout: 2_000 })
    await sent.click()
    const list = watcher.getByRole('list', { name: words('builder:people.list') })
    await expect(list.getByRole('listitem')).toHaveCount(PEOPLE - UNASKED)
    await expect(list.getByText('eva@example.com')).toBeVisible()
    await watcher.keyboard.press('Escape')
  })

  await test.step('read mails: click in one, leave by the page from another, by one click from a third', async () => {
    await page.waitForTimeout(3_000) // nobody clicks sooner; who does is a scanner
    await openMail(page, 'an@example.com', 'Hello An')
    const link = await clickInMail(page, 'a:not([href*="/u/"])')
    await link.close()
    await openMail(page, 'bao@example.com', 'Hello Bao')
    // The import said which language Bao reads, so the page speaks it.
    const preferences = await clickInMail(page, 'a[href*="/u/"]')
    await preferences.getByRole('button', { name: vietnamese.stopTopic }).click()
    await expect(preferences.getByText(vietnamese.doneTopic)).toBeVisible()
    await preferences.close()
    await openMail(page, 'chi@example.com', 'Hello Chi')
    await oneClick(page)
  })

  await test.step('settings say what a mail server answered, in its own words', async () => {
    const smtp = await startSmtp()
    await page.goto('/settings/sending')
    await page.getByRole('radio', { name: words('setUp.destination.smtp.name') }).check()
    await fillAccount(page, { kind: 'smtp', port: smtp.port, username: USERNAME, password: 'wrong' })
    await page.getByRole('button', { name: words('account.test.action') }).click()
    await expect(page.getByText(/535.*Authentication credentials invalid/).first()).toBeVisible()
    await smtp.close()
  })

  await test.step('the numbers of every step add up', async () => {
    await page.goto('/workflows')
    await workflow().click()
    // An clicked and goes one way; who unsubscribed is out; the others wait in vain, and only who agreed gets more.
    await expect(canvas.number(canvas.titled(TITLES.late), 'sent')).toContainText('2', { timeout: 60_000 })
    await expect(canvas.number(canvas.titled(TITLES.late), 'skipped')).toContainText('1')
    const cards = [
      ...[TITLES.first, TITLES.clicked, TITLES.which, TITLES.late].map((title) => canvas.titled(title)),
      ...['wait', 'wait-until', 'exit'].map((kind) => canvas.card(kind)),
    ]
    const counted = []
    for (const card of cards) counted.push(await canvas.numbers(card))
    for (const { entered = 0, waiting = 0, passed = 0, exited = 0 } of counted)
      expect(entered).toBe(waiting + passed + exited)
    expect(counted.map(({ entered }) => entered)).toEqual([PEOPLE, 1, 3, 3, PEOPLE, PEOPLE, 1])
    expect(counted[0]).toMatchObject({ sent: PEOPLE - UNASKED, skipped: UNASKED, clicked: 1 })
    expect(counted[5]).toMatchObject({ waiting: 0, passed: 4, exited: 2 })
  })

  await test.step('nobody who left got anything more', async () => {
    await expect(await countMails(page, 'bao@example.com')).toHaveCount(1)
    await expect(await countMails(page, 'chi@example.com')).toHaveCount(1)
    await expect(await countMails(page, 'an@example.com')).toHaveCount(2)
    await expect(await countMails(page, 'eva@example.com')).toHaveCount(2)
  })

  await test.step('the journal of a contact says step by step what happened, and why', async () => {
    const journal = page.getByRole('region', { name: words('journal.title') })
    const line = (text: string | RegExp) => journal.getByRole('listitem').filter({ hasText: text }).first()
    const open = async (name: string) => {
      await page.goto('/contacts')
      await page.getByLabel(words('contacts.search')).fill(name)
      await page
        .getByRole('row', { name: new RegExp(`${name.toLowerCase()}@example\\.com`) })
        .getByRole('link')
        .first()
        .click()
    }
    await open('Eva')
    await expect(line(wordsLike('journal.kind.enrollment.started'))).toBeVisible()
    await expect(journal.getByRole('listitem').filter({ hasText: wordsLike('journal.kind.message.sent') })).toHaveCount(
      2,
    )
    const branch = line(TITLES.which)
    await branch.getByRole('button', { name: words('journal.why') }).click()
    await expect(branch).toContainText(words('why:otherwise'))
    await expect(branch).toContainText('plan')
    await open('Chi')
    await expect(line(wordsLike('journal.kind.message.unsubscribed'))).toBeVisible()
    await expect(line(wordsLike('journal.kind.enrollment.exited'))).toBeVisible()
    await open('Fern')
    await expect(line(words('why:no-consent'))).toBeVisible()
  })
  await other.close()
})
