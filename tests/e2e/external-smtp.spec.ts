import { addContact, addEverybody, fillAccount, publish, setUp } from './support/people.ts'
import { expect, test } from './support/product.ts'
import { PASSWORD, startSmtp, USERNAME } from './support/smtp.ts'
import { words, wordsLike } from './support/words.ts'

test('the recipe Welcome, edited, tested and published, reaches people through a mail server of one’s own', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const smtp = await startSmtp()
  const account = { kind: 'smtp' as const, port: smtp.port, username: USERNAME, password: PASSWORD }
  try {
    await test.step('the server refuses a wrong password in its own words, then takes the right one', async () => {
      await setUp(page)
      await page.goto('/settings/sending')
      await page.getByRole('radio', { name: words('setUp.destination.smtp.name') }).check()
      await fillAccount(page, { ...account, password: 'wrong' })
      await page.getByRole('button', { name: words('account.test.action') }).click()
      await expect(page.getByText(/535/).first()).toBeVisible()
      await fillAccount(page, account)
      await page.getByRole('button', { name: words('account.test.again') }).click()
      await expect(page.getByText(wordsLike('account.test.ok'))).toBeVisible()
      await page.getByRole('button', { name: words('dialog.save') }).click()
      await expect(page.getByText(words('settings.saved'))).toBeVisible()
    })

    await test.step('start from the recipe and change its first email', async () => {
      await addContact(page, { email: 'eva@people.example', firstName: 'Eva', lastName: 'Berg' })
      await page.goto('/workflows')
      await page.getByRole('button', { name: wordsLike('workflows.first.welcome.name') }).click()
      await page.locator('.react-flow__node[data-id="hello"]').dblclick()
      await page
        .getByLabel(words('builder:mail.subject'), { exact: true })
        .fill('Good to see you, {{ contact.first_name | default: "you" }}')
    })

    await test.step('a test send arrives marked, with everything a mail needs', async () => {
      await page.getByRole('button', { name: words('builder:mail.send-test') }).click()
      await page.getByRole('combobox', { name: words('builder:test.to'), exact: true }).fill('boss@garden.example')
      await page.getByRole('button', { name: words('builder:test.send'), exact: true }).click()
      await expect.poll(() => smtp.find('boss@garden.example', 'Good to see you')).toBeDefined()
      const mail = smtp.find('boss@garden.example', 'Good to see you')
      expect(Object.keys(mail?.headers ?? {}).some((name) => /^x-perennial-test/.test(name))).toBe(true)
    })

    await test.step('published, with people added, it is sent', async () => {
      await page.goBack()
      await publish(page, 1)
      await addEverybody(page, 1)
      await expect
        .poll(() => smtp.find('eva@people.example', 'Good to see you, Eva'), { timeout: 15_000 })
        .toBeDefined()
      const mail = smtp.find('eva@people.example', 'Good to see you, Eva')
      expect(mail?.headers['list-unsubscribe']).toMatch(/^<http:\/\/127\.0\.0\.1/)
      expect(mail?.headers['message-id']).toMatch(/^<\d+\.\d+\.\d+\.\w+@garden\.example>$/)
      expect(mail?.text).toContain('12 Seed Lane, Hanoi')
      expect(mail?.html).toContain('12 Seed Lane, Hanoi')
    })
  } finally {
    await smtp.close()
  }
})
