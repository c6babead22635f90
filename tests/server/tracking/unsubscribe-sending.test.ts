/** One-click by POST, while mail is on its way: from its answer on nothing more goes to whoever asked, also not what was queued or claimed. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { outboxReads } from '../../../server/outbox/reads.ts'
import type { ContactId, MessageId } from '../../../shared/ids.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { ORIGIN, type TestApp, testApp } from '../../support/app.ts'
import { twoMails, workflow } from '../../support/documents.ts'
import { startSink, until } from '../../support/smtp-sink.ts'
import { fakeOutbox, senderFor } from '../outbox/fake-outbox.ts'

let t: TestApp
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  t = await testApp()
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await t.close()
})

const linkOf = (contactId: ContactId, messageId: MessageId | null = null) =>
  t.signer.unsubscribeUrl(ORIGIN, { contactId, messageId }).slice(ORIGIN.length)
const oneClick = (contactId: ContactId) =>
  t.raw('POST', linkOf(contactId), {
    body: 'List-Unsubscribe=One-Click',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
const statuses = async () => {
  const rows = await t.db.sql.selectFrom('message').select(['status', 'reason', 'contact_id']).orderBy('id').execute()
  return new Map(rows.map((row) => [row.contact_id, row.reason ?? row.status]))
}

const allSettled = async () => [...(await statuses()).values()].every((now) => now === 'sent' || now === 'unsubscribed')

test('reaches mails that are queued and mails that are claimed, over a real connection', async () => {
  const sink = await startSink({ delayMs: () => 15 })
  closing.push(() => sink.close())
  await t.db.sql
    .updateTable('sending_account')
    .set({ kind: 'smtp', host: '127.0.0.1', port: sink.port, max_connections: 1 })
    .execute()
  const id = await t.world.publish(
    workflow({ emails: ['hello'], steps: [{ id: 'a', kind: 'send-email', email: 'hello', next: null }] }),
  )
  const people: ContactId[] = []
  for (let n = 0; n < 30; n += 1) people.push(await t.world.subscriber(`p${n}@example.com`))
  for (const contact of people) await t.commands('enroll', { workflowId: id, contact: { id: contact }, properties: {} })
  t.world.deliver = () => Promise.resolve(0)
  await t.world.settle()
  const parts = { commands: t.commands, reads: outboxReads(t.db.sql), now: t.now }
  const sender = senderFor(fakeOutbox(t.now), parts)
  closing.push(() => sender.stop())

  await until(() => sink.accepted.length >= 2, 'two mails')
  const gone = people.slice(5)
  for (const contact of gone) expect((await oneClick(contact)).status).toBe(200)
  // What had passed the dot before the answer is not ours to take back: it is counted here, as the sink had begun it.
  const [atAnswer, begun] = [sink.accepted.length, sink.unfinished()]
  await until(() => sink.accepted.length >= 5, 'the five who stay')
  for (let isOver = false; !isOver; isOver = await allSettled()) await new Promise((done) => setTimeout(done, 20))
  await sender.stop()

  const late = sink.accepted.slice(atAnswer + begun).map(({ to }) => to)
  const goneAddresses = new Set(gone.map((contact) => `p${people.indexOf(contact)}@example.com`))
  expect(late.filter((to) => goneAddresses.has(to))).toEqual([])
  const after = await statuses()
  const skipped = gone.filter((contact) => after.get(contact) === 'unsubscribed')
  expect(skipped.length).toBeGreaterThanOrEqual(gone.length - begun - 2)
  expect(sink.accepted.length + skipped.length).toBe(people.length)
})

test('cancels the next mail of the workflow, months before it is due', async () => {
  await t.world.publish(twoMails())
  const ann = await t.world.subscriber('ann@example.com')
  await t.world.event(ann, 'Signed up')
  await t.world.settle()
  await oneClick(ann)
  await t.world.pass(60 * DAY_MS)
  expect(t.world.sent.map(({ email }) => email)).toEqual(['hello'])
})

test('GET and HEAD of the link, of every kind of agent, change nothing but what was looked at', async () => {
  await t.world.publish(twoMails())
  const ann = await t.world.subscriber('ann@example.com')
  await t.world.event(ann, 'Signed up')
  await t.world.settle()
  const { id } = await t.db.sql.selectFrom('message').select('id').executeTakeFirstOrThrow()
  const tables = ['contact', 'consent_record', 'enrollment', 'message', 'message_event', 'step_stat', 'event'] as const
  const everything = async () =>
    JSON.stringify(await Promise.all(tables.map((table) => t.db.sql.selectFrom(table).selectAll().execute())))
  const before = await everything()
  for (const agent of ['', 'curl/8', 'Mozilla/5.0', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0'])
    for (const method of ['GET', 'HEAD'])
      await t.raw(method, linkOf(ann, id as MessageId), { headers: { 'user-agent': agent } })
  expect(await everything()).toBe(before)
  const views = await t.db.sql.selectFrom('link_view').select('target').execute()
  expect(views).toEqual([{ target: 'u' }, { target: 'u' }, { target: 'u' }, { target: 'u' }])
})
