import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContactId, MessageId } from '../../../shared/ids.ts'
import { machineSign } from '../../../shared/message/hits.ts'
import { ORIGIN, type TestApp, testApp } from '../../support/app.ts'
import { workflow } from '../../support/documents.ts'

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'

let t: TestApp
let contact: ContactId
let message: MessageId
beforeEach(async () => {
  t = await testApp()
  contact = await t.world.subscriber('ann@example.com')
  const mails = workflow({
    steps: [
      { id: 'a', kind: 'send-email', email: 'hello', next: 'w' },
      { id: 'w', kind: 'wait', for: 'P9D', next: null },
    ],
  })
  const id = await t.world.publish(mails)
  await t.commands('enroll', { workflowId: id, contact: { id: contact }, properties: {} })
  await t.world.settle()
  const row = await t.db.sql.selectFrom('message').select('id').executeTakeFirstOrThrow()
  message = row.id as MessageId
  await t.db.sql
    .updateTable('version_email')
    .set({ links: JSON.stringify(['https://shop.example/a?b=1&c=%20#d', 'javascript:alert(1)', null]) })
    .execute()
  await t.db.sql
    .insertInto('message_link')
    .values({ message_id: row.id, no: 2, url: 'https://shop.example/Ann?x=é' })
    .execute()
  t.pass(60_000)
})
afterEach(() => t.close())

const path = (url: string) => url.slice(ORIGIN.length)
const click = (linkNo: number) => path(t.signer.clickUrl(ORIGIN, { messageId: message, linkNo }))
const open = () => path(t.signer.openUrl(ORIGIN, { messageId: message }))
const out = () => path(t.signer.unsubscribeUrl(ORIGIN, { contactId: contact, messageId: message }))
const get = (url: string, agent = BROWSER, method = 'GET') => t.raw(method, url, { headers: { 'user-agent': agent } })
const deeds = () =>
  t.db.sql.selectFrom('message_event').select(['kind', 'machine', 'url', 'link_no']).orderBy('id').execute()
const flip = (url: string) => `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`
const marketing = async () => {
  const row = await t.db.sql
    .selectFrom('contact')
    .select(['consent', 'suppression'])
    .where('id', '=', contact)
    .executeTakeFirstOrThrow()
  return { marketing: (JSON.parse(row.consent) as Record<string, string>).marketing, suppression: row.suppression }
}

describe('a click', () => {
  test('leads to the stored URL, exactly, and is recorded', async () => {
    const answer = await get(click(0))
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://shop.example/a?b=1&c=%20#d'])
    expect(await deeds()).toEqual([
      { kind: 'clicked', machine: 0, url: 'https://shop.example/a?b=1&c=%20#d', link_no: 0 },
    ])
  })

  test('leads to the URL its own mail was given where that had Liquid', async () => {
    expect((await get(click(2))).headers.get('location')).toBe('https://shop.example/Ann?x=%C3%A9')
  })

  test('never leads to javascript:, to an unknown link or by a forged token', async () => {
    for (const url of [
      click(1),
      click(7),
      flip(click(0)),
      '/t/c/c1-0.AAAAAAAAAAAAAAAAAAAAAA',
      '/t/c/x',
      path(t.signer.openUrl(ORIGIN, { messageId: message })).replace('/t/o/', '/t/c/'),
    ]) {
      const answer = await get(`${url}?u=https://evil.example`)
      expect([answer.status, answer.headers.get('location')], url).toEqual([404, null])
    }
    expect(await deeds()).toEqual([])
  })

  test('by HEAD or OPTIONS is no click', async () => {
    expect((await get(click(0), BROWSER, 'HEAD')).status).toBe(302)
    await get(click(0), BROWSER, 'OPTIONS')
    await get(open(), BROWSER, 'HEAD')
    expect(await deeds()).toEqual([])
  })

  test('by a scanner still redirects, and is marked', async () => {
    expect((await get(click(0), 'Barracuda Sentinel (EE)')).status).toBe(302)
    expect(await deeds()).toMatchObject([{ machine: 1 }])
  })
})

describe('an open', () => {
  test('is a picture that is never cached', async () => {
    const answer = await get(open())
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/gif'])
    expect(answer.headers.get('cache-control')).toMatch(/no-store/)
    expect(await deeds()).toMatchObject([{ kind: 'opened', machine: 0 }])
  })

  test("by Apple's proxy is marked, through Google's is a person's", async () => {
    await get(open(), 'Mozilla/5.0')
    await get(open(), 'Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)')
    const row = await t.db.sql.selectFrom('message_event').select('machine').orderBy('id').execute()
    expect(row.map(({ machine }) => machine)).toEqual([1, 0])
  })

  test('within three seconds of sending is nobody', () => {
    const hit = { kind: 'clicked', at: 10_000, userAgent: BROWSER, isPrefetch: false } as const
    expect(machineSign({ ...hit, sentAt: 8_000 })).toBe('too-soon')
    expect(machineSign({ ...hit, sentAt: 7_000 })).toBeNull()
    expect(machineSign({ ...hit, sentAt: null })).toBeNull()
  })
})

describe('the unsubscribe link', () => {
  const post = (url: string, body: BodyInit, type?: string) =>
    t.raw('POST', url, { body, headers: type === undefined ? {} : { 'content-type': type } })
  const form = (choice: string) => post(out(), `choice=${choice}`, 'application/x-www-form-urlencoded')

  test('opened 20 times changes nothing and shows a button', async () => {
    for (let i = 0; i < 10; i += 1)
      for (const method of ['GET', 'HEAD']) expect((await get(out(), BROWSER, method)).status).toBe(200)
    const page = await get(out())
    expect(page.text).toMatch(/<form method="post">.*<button type="submit"/)
    expect(page.text).toContain('a***@example.com')
    expect(page.headers.get('content-security-policy')).not.toMatch(/unsafe-inline|script-src/)
    expect(await marketing()).toEqual({ marketing: 'granted', suppression: 'none' })
  })

  test('one-click works in both encodings, without a cookie, without a redirect, twice', async () => {
    const answers = [
      await post(out(), 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'),
      await post(
        out(),
        (() => {
          const data = new FormData()
          data.set('List-Unsubscribe', 'One-Click')
          return data
        })(),
      ),
    ]
    for (const answer of answers) expect(answer.status).toBe(200)
    expect(await marketing()).toEqual({ marketing: 'withdrawn', suppression: 'none' })
    const ledger = await t.db.sql
      .selectFrom('consent_record')
      .select('status')
      .where('status', '=', 'withdrawn')
      .execute()
    expect(ledger).toHaveLength(1)
  })

  test('multipart alone unsubscribes too', async () => {
    const data = new FormData()
    data.set('List-Unsubscribe', 'One-Click')
    await post(out(), data)
    expect(await marketing()).toMatchObject({ marketing: 'withdrawn' })
  })

  test('with one character changed is 404 and unsubscribes nobody', async () => {
    expect((await post(flip(out()), 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded')).status).toBe(
      404,
    )
    expect(await marketing()).toMatchObject({ marketing: 'granted' })
  })

  test('stops everything, and takes it back by hand', async () => {
    expect((await form('everything')).status).toBe(200)
    expect(await marketing()).toMatchObject({ suppression: 'global' })
    expect((await form('undo')).text).toContain('You are subscribed again.')
    expect(await marketing()).toEqual({ marketing: 'granted', suppression: 'none' })
  })

  test('of a deleted contact is a success that changes nothing', async () => {
    const url = out()
    await t.commands('erase-contact', { id: contact })
    expect((await post(url, 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded')).status).toBe(200)
    expect((await get(url)).status).toBe(200)
  })

  test('of a test send changes nothing', async () => {
    const url = path(t.signer.unsubscribeUrl(ORIGIN, { contactId: contact, messageId: null, isTest: true }))
    expect((await post(url, 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded')).text).toContain(
      'test send',
    )
    expect(await marketing()).toMatchObject({ marketing: 'granted' })
  })

  test('still works after 400 days', async () => {
    t.pass(400 * 86_400_000)
    await form('topic')
    expect(await marketing()).toMatchObject({ marketing: 'withdrawn' })
  })

  test.each([
    ['vi', 'Bạn muốn ngừng nhận những email này?'],
    ['zh-CN', '您想停止接收这些邮件吗？'],
    ['fr', 'Do you want to stop'],
  ])('speaks %s', async (locale, words) => {
    await t.commands('put-contact', { ref: { id: contact }, patch: { locale }, trigger: false })
    const page = await get(out())
    expect(page.text).toContain(words)
    expect(page.text).toContain(`<html lang="${locale === 'fr' ? 'en' : locale.slice(0, 2)}">`)
  })
})
