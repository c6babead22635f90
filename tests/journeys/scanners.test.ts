/** Scenario S8: security gateways fetch every link of every mail from changing addresses with a browser's name; people click hours later. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ContactId, MessageId } from '../../shared/ids.ts'
import { HIDDEN_NO } from '../../shared/message/links.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../shared/time/instant.ts'
import { ORIGIN, type TestApp, testApp } from '../support/app.ts'
import { workflow } from '../support/documents.ts'
import { MONDAY } from '../support/world.ts'

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
]
const LINKS = ['https://shop.example/spring', 'https://shop.example/sale', 'https://shop.example/about']

let t: TestApp
beforeEach(async () => {
  t = await testApp({ trustedProxies: ['local'] })
  // Mail that leaves the machine: nobody scans the embedded inbox.
  await t.db.sql.updateTable('sending_account').set({ kind: 'smtp' }).execute()
})
afterEach(() => t.close())

type Fetch = { at: number; url: string; agent: string; address: string }
type Mail = { id: MessageId; contactId: ContactId; sentAt: number }

/** The same numbers in every run: a story must be told the same way twice. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

const campaign = () =>
  workflow({
    triggers: [{ id: 't1', kind: 'event', event: 'Signed up', where: null }],
    steps: [
      { id: 'a', kind: 'send-email', email: 'hello', next: 'w' },
      {
        id: 'w',
        kind: 'wait-until',
        paths: [{ id: 'clicked', label: 'Clicked', when: { message: 'hello', did: 'clicked' }, next: 'offer' }],
        timeout: { after: 'P3D', next: null },
      },
      { id: 'offer', kind: 'wait', for: 'P30D', next: null },
    ],
  })

async function sendTo(count: number): Promise<Mail[]> {
  await t.world.publish(campaign())
  await t.db.sql
    .updateTable('version_email')
    .set({ links: JSON.stringify(LINKS) })
    .execute()
  for (let i = 0; i < count; i += 1) {
    const contact = await t.world.subscriber(`reader${i}@example.com`)
    await t.world.event(contact, 'Signed up')
  }
  await t.world.settle()
  const rows = await t.db.sql.selectFrom('message').select(['id', 'contact_id', 'dot_at']).orderBy('id').execute()
  return rows.map((row) => ({
    id: row.id as MessageId,
    contactId: row.contact_id as ContactId,
    sentAt: Number(row.dot_at),
  }))
}

const path = (url: string) => url.slice(ORIGIN.length)
const clickOn = (mail: Mail, linkNo: number) => path(t.signer.clickUrl(ORIGIN, { messageId: mail.id, linkNo }))
const picture = (mail: Mail) => path(t.signer.openUrl(ORIGIN, { messageId: mail.id }))
const preferences = (mail: Mail) =>
  path(t.signer.unsubscribeUrl(ORIGIN, { contactId: mail.contactId, messageId: mail.id }))

/** Every link and the picture, each at a time of its own. */
function robot(mail: Mail, random: (below: number) => number, withHidden: boolean): Fetch[] {
  const urls = [...LINKS.map((_url, no) => clickOn(mail, no)), preferences(mail), picture(mail)]
  if (withHidden) urls.push(clickOn(mail, HIDDEN_NO))
  return urls.map((url) => ({
    at: mail.sentAt + random(2 * MINUTE_MS),
    url,
    agent: BROWSERS[random(BROWSERS.length)] ?? '',
    address: `10.${random(250)}.${random(250)}.${random(250)}`,
  }))
}

/** Everything that is due happens in between, to the second. */
async function play(fetches: readonly Fetch[]): Promise<void> {
  let passedAt = 0
  for (const { at, url, agent, address } of [...fetches].sort((a, b) => a.at - b.at)) {
    if (at - passedAt >= SECOND_MS) {
      await t.world.passUntil(at)
      passedAt = at
    } else t.world.setNow(at)
    await t.raw('GET', url, { headers: { 'user-agent': agent, 'x-forwarded-for': address } })
  }
}

const tookClickedPath = async () => {
  const rows = await t.db.sql.selectFrom('step_stat').select('n').where('metric', '=', 'path:clicked').execute()
  return rows.reduce((sum, row) => sum + row.n, 0)
}
const unsubscribed = async () => {
  const row = await t.db.sql
    .selectFrom('consent_record')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('status', '=', 'withdrawn')
    .executeTakeFirstOrThrow()
  return Number(row.n)
}
const statsOf = async () => {
  const { id } = await t.db.sql.selectFrom('workflow').select('id').executeTakeFirstOrThrow()
  const { body } = await t.call<{ steps: Record<string, Record<string, number>> }>(
    'GET',
    `/api/v1/workflows/${id}/stats`,
  )
  return body.steps.a ?? {}
}

/** STORY_RECIPIENTS=1000 for all that scenario S8 tells; each fetch costs the time of a visit. */
const RECIPIENTS = Number(process.env.STORY_RECIPIENTS ?? 120)
const READERS = Math.round(RECIPIENTS * 0.3)
const MANY = {
  recipients: RECIPIENTS,
  readers: READERS,
  atLeast: READERS - Math.round(READERS / 60),
  withHidden: false,
}
const FEW = { recipients: 40, readers: 12, atLeast: 12, withHidden: true }

test.each([
  ['that fetch all a reader could', MANY],
  ['that follow the link nobody sees', FEW],
])(
  'robots %s unsubscribe nobody and click for nobody; people who click later do',
  { timeout: 240_000 },
  async (_name, story) => {
    const { recipients, readers, atLeast, withHidden } = story
    const random = numbers(8)
    const mails = await sendTo(recipients)
    await play(mails.flatMap((mail) => robot(mail, random, withHidden)))
    await t.world.passUntil(MONDAY + HOUR_MS - 1)
    expect(await unsubscribed()).toBe(0)
    expect(await tookClickedPath()).toBe(0)
    expect(await statsOf()).toMatchObject({ clicked: 0, clickedMachine: recipients, openedMachine: recipients })

    const visits = mails.slice(0, readers).map((mail) => ({
      at: mail.sentAt + HOUR_MS + random(47 * HOUR_MS),
      url: clickOn(mail, random(LINKS.length)),
      agent: BROWSERS[random(BROWSERS.length)] ?? '',
      address: `172.16.${random(250)}.${random(250)}`,
    }))
    await play(visits)
    await t.world.pass(MINUTE_MS)
    expect(await tookClickedPath()).toBeGreaterThanOrEqual(atLeast)
    const { clicked = 0, clickedMachine } = await statsOf()
    expect(clicked).toBeGreaterThanOrEqual(atLeast)
    expect(clickedMachine).toBe(recipients)
    expect(await unsubscribed()).toBe(0)
  },
)

test('a click that looks human fires when the time in which gateways look around is over', async () => {
  const [mail] = await sendTo(1)
  if (mail === undefined) throw new RangeError('no mail')
  const visit = { url: clickOn(mail, 1), agent: BROWSERS[0] ?? '', address: '10.0.0.1' }
  await play([{ ...visit, at: mail.sentAt + MINUTE_MS }])
  await t.world.pass(MINUTE_MS)
  expect([await tookClickedPath(), (await statsOf()).clicked]).toEqual([0, 0])
  await t.world.pass(MINUTE_MS)
  expect([await tookClickedPath(), (await statsOf()).clicked]).toEqual([1, 1])
})

test('hours later it fires after ten seconds, unless other links follow at once', async () => {
  const [reader, gateway] = await sendTo(2)
  if (reader === undefined || gateway === undefined) throw new RangeError('no mail')
  const late = reader.sentAt + 5 * HOUR_MS
  const by = { agent: BROWSERS[1] ?? '', address: '10.0.0.1' }
  await play([
    { ...by, at: late, url: clickOn(reader, 0) },
    ...LINKS.map((_url, no) => ({ ...by, at: late + no * 3 * SECOND_MS, url: clickOn(gateway, no) })),
  ])
  await t.world.pass(10 * SECOND_MS)
  expect(await tookClickedPath()).toBe(1)
  await t.world.pass(MINUTE_MS)
  expect(await tookClickedPath()).toBe(1)
  expect(await statsOf()).toMatchObject({ clicked: 1, clickedMachine: 1 })
})

test('twenty mails opened up from one address within seconds are a machine, and those before are marked too', async () => {
  const mails = await sendTo(25)
  const at = MONDAY + 3 * HOUR_MS
  const agent = BROWSERS[2] ?? ''
  await play(mails.map((mail, i) => ({ at: at + i * 100, url: clickOn(mail, 0), agent, address: '10.9.9.9' })))
  await t.world.pass(MINUTE_MS)
  expect(await tookClickedPath()).toBe(0)
  expect(await statsOf()).toMatchObject({ clicked: 0, clickedMachine: 25 })
})

test('a click in the embedded inbox fires at once: no gateway stands in between', async () => {
  await t.db.sql.updateTable('sending_account').set({ kind: 'inbox' }).execute()
  const [mail] = await sendTo(1)
  if (mail === undefined) throw new RangeError('no mail')
  await play([
    { url: clickOn(mail, 1), agent: BROWSERS[0] ?? '', address: '10.0.0.1', at: mail.sentAt + 4 * SECOND_MS },
  ])
  expect(await tookClickedPath()).toBe(1)
})
