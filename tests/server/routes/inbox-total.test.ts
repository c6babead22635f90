import { expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'

test('the inbox says how many mails it has, and how many fit the search, whatever the page', async () => {
  const t = await testApp()
  const mail = (n: number) => ({
    mailFrom: 'a@example.com',
    rcptTo: [`p${n}@example.com`],
    subject: n < 3 ? 'Spring' : 'Autumn',
    headerFrom: 'A <a@example.com>',
    messageId: `m${n}`,
    raw: Buffer.from('Subject: x\r\n\r\nx'),
  })
  await t.commands('store-inbox-mail', { mails: Array.from({ length: 7 }, (_none, n) => mail(n)) })
  const page = async (query: string) => (await t.call('GET', `/api/v1/inbox?limit=2${query}`)).body
  expect(await page('')).toMatchObject({ total: 7 })
  expect(await page('&q=spring')).toMatchObject({ total: 3 })
  expect(await page('&q=winter')).toMatchObject({ total: 0, items: [] })
  await t.close()
})
