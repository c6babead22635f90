import { afterEach, describe, expect, test } from 'vitest'
import { type Inbox, type InboxMail, shownHeaders, startInbox } from '../../../server/mail/inbox.ts'
import { mimeMessage } from '../../../server/mail/mime.ts'
import { createLane, type Lane } from '../../../server/mail/smtp.ts'
import { testConnection } from '../../../server/mail/test-connection.ts'
import { startSink } from '../../support/smtp-sink.ts'

const open: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

async function inboxFor(
  store: (mails: readonly InboxMail[]) => Promise<unknown>,
): Promise<{ inbox: Inbox; lane: Lane }> {
  const inbox = await startInbox({ store })
  const lane = createLane({ host: '127.0.0.1', port: inbox.port, security: 'none', username: '', password: null })
  open.push(
    () => lane.close(),
    () => inbox.close(),
  )
  return { inbox, lane }
}
const raw = mimeMessage({
  from: { name: 'Nguyễn, Minh', address: 'minh@shop.example' },
  to: { name: '', address: 'mai@example.com' },
  subject: 'Chào mừng bạn đến với cửa hàng của chúng tôi 🎉 hôm nay và mãi mãi',
  html: '<p>x</p>',
  text: '.\r\n..',
  messageId: '1.2.3.i@shop.example',
  date: 0,
  fields: [],
})
const envelope = { from: 'minh@shop.example', to: 'mai@example.com', needsSmtpUtf8: false }
const yes = () => Promise.resolve(true)

describe('the embedded inbox', () => {
  test('keeps a mail byte for byte, and shows who wrote what', async () => {
    const kept: InboxMail[] = []
    const { lane } = await inboxFor(async (mails) => kept.push(...mails))
    expect(await lane.open()).toEqual({ ok: true })
    expect(await lane.send(envelope, raw, yes)).toMatchObject({ code: 250 })
    expect(kept).toHaveLength(1)
    expect(Buffer.from(kept[0]?.raw ?? []).equals(raw)).toBe(true)
    expect(kept[0]).toMatchObject({
      mailFrom: 'minh@shop.example',
      rcptTo: ['mai@example.com'],
      subject: 'Chào mừng bạn đến với cửa hàng của chúng tôi 🎉 hôm nay và mãi mãi',
      headerFrom: 'Nguyễn, Minh <minh@shop.example>',
      messageId: '1.2.3.i@shop.example',
    })
  })

  test('says 250 only after the mail is stored, and 451 when it is not', async () => {
    let isStored = false
    const slow = await inboxFor(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      isStored = true
    })
    await slow.lane.open()
    await slow.lane.send(envelope, raw, yes)
    expect(isStored).toBe(true)
    const broken = await inboxFor(() => Promise.reject(new Error('disk full')))
    await broken.lane.open()
    expect(await broken.lane.send(envelope, raw, yes)).toMatchObject({ kind: 'reply', code: 451 })
  })

  test('stores mails that come together in one write', async () => {
    const batches: number[] = []
    const { inbox } = await inboxFor(async (mails) => {
      batches.push(mails.length)
      await new Promise((resolve) => setTimeout(resolve, 30))
    })
    const lanes = Array.from({ length: 5 }, () =>
      createLane({ host: '127.0.0.1', port: inbox.port, security: 'none', username: '', password: null }),
    )
    await Promise.all(
      lanes.map(async (lane) => {
        await lane.open()
        return lane.send(envelope, raw, yes)
      }),
    )
    for (const lane of lanes) lane.close()
    expect(batches.reduce((a, b) => a + b)).toBe(5)
    expect(batches.length).toBeLessThan(5)
  })

  test('reads headers that are not there as empty', () => {
    expect(shownHeaders(Buffer.from('hello'))).toEqual({ subject: '', headerFrom: '', messageId: '' })
  })
})

describe('testing a connection', () => {
  const settings = (port: number, over = {}) => ({
    host: '127.0.0.1',
    port,
    security: 'none' as const,
    username: '',
    password: null,
    ...over,
  })
  test('tells what the server said, last line first', async () => {
    const sink = await startSink({ auth: { user: 'ana', pass: 'right' } })
    open.push(() => sink.close())
    const good = await testConnection(settings(sink.port, { username: 'ana', password: 'right' }))
    expect(good).toMatchObject({ ok: true, stage: 'done', secure: false })
    expect(good.answer.split('\n').slice(0, 2)).toEqual(['250 Ok', '235 2.7.0 Ok'])
    const bad = await testConnection(settings(sink.port, { username: 'ana', password: 'wrong' }))
    expect(bad).toMatchObject({ ok: false, stage: 'auth', answer: expect.stringMatching(/^535 5\.7\.8 /) })
    expect(sink.commands).toContain('QUIT')
  })

  test('names the stage that failed', async () => {
    const busy = await startSink({ greeting: () => '554 no service' })
    const plain = await startSink()
    const silent = await startSink({ greeting: () => 'hang' })
    open.push(busy.close, plain.close, silent.close)
    expect(await testConnection(settings(busy.port))).toMatchObject({ ok: false, stage: 'greeting' })
    expect(await testConnection(settings(plain.port, { security: 'starttls' }))).toMatchObject({
      ok: false,
      stage: 'tls',
    })
    expect(await testConnection(settings(silent.port), { patienceMs: 100 })).toMatchObject({
      ok: false,
      stage: 'connect',
    })
    await plain.close()
    expect(await testConnection(settings(plain.port))).toMatchObject({
      ok: false,
      stage: 'connect',
      answer: expect.stringContaining('ECONNREFUSED'),
    })
  })
})

test('headers with NUL, bare or encoded, are shown without: no database would store them', () => {
  const raw = Buffer.from('Subject: a\0b =?utf-8?q?c=00d?=\r\nFrom: \0x@example.com\r\nMessage-ID: <\0@x>\r\n\r\n')
  expect(JSON.stringify(shownHeaders(raw))).not.toContain('\\u0000')
})
