/** The sender on the real tables and commands, against a real socket; and once more with every part in its own thread. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import PostalMime from 'postal-mime'
import { afterEach, describe, expect, test } from 'vitest'
import type { Commands } from '../../../server/commands/contract.ts'
import { connectCommands } from '../../../server/commands/remote.ts'
import { openDatabase } from '../../../server/db/open.ts'
import { createMailCompiler } from '../../../server/mail/compiler.ts'
import { outboxReads } from '../../../server/outbox/reads.ts'
import type { FromInbox, FromSender, InboxData, SenderData } from '../../../server/threads/protocol.ts'
import { signer } from '../../../server/tracking/tokens.ts'
import { fromColumn, type MessageId, type WorkflowId } from '../../../shared/ids.ts'
import { compileWorkflow } from '../../../shared/workflow/compile.ts'
import { parseDocument } from '../../../shared/workflow/document.ts'
import { workflow } from '../../support/documents.ts'
import { startSink, until } from '../../support/smtp-sink.ts'
import { createWorld } from '../../support/world.ts'
import { fakeOutbox, senderFor } from './fake-outbox.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const MJML =
  '<mjml><mj-body><mj-section><mj-column><mj-text>Hi {{ contact.first_name }}, you ordered {{ event.total }}</mj-text>' +
  '<mj-button href="https://shop.example/?a=1&amp;b=2">Go</mj-button>' +
  '<mj-button href="https://shop.example/?who={{ contact.first_name }}">Yours</mj-button>' +
  '<mj-text>{{ sender.postal_address }} <a href="{{ unsubscribe_url }}">out</a></mj-text></mj-column></mj-section></mj-body></mjml>'

async function compiled() {
  const compiler = createMailCompiler()
  const options = { messageClass: 'marketing' as const, postalAddress: '' }
  const result = await compiler.compile({ subject: 'Hello {{ contact.first_name }}', mjml: MJML }, options)
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.email
}
const document = () =>
  parseDocument(
    workflow({
      emails: ['hello'],
      steps: [{ id: 'a', kind: 'send-email', title: 'Hello', email: 'hello', next: null }],
    }),
  )

/** Publish with really compiled mail. */
async function publish(commands: Commands): Promise<WorkflowId> {
  const draft = document()
  const { id } = await commands('create-workflow', { document: draft, userId: null })
  const { numbers } = await commands('allocate-steps', { id, stepIds: ['a'] })
  const sender = { email: 'hello@example.com', postalAddress: '1 Street' }
  const plan = compileWorkflow(draft, { attributes: {}, sender, numbers })
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems))
  const emails = [{ key: 'hello', locale: '', ...(await compiled()) }]
  await commands('publish', { id, revision: 1, plan: plan.plan, emails, userId: null })
  return id
}
const granted = { marketing: { status: 'granted' as const, source: 'test', text: null, at: null, address: null } }

describe('the sender on the real outbox', () => {
  test('sends what the engine queued, with tracked links that lead where they should', async () => {
    const sink = await startSink()
    const world = await createWorld()
    closing.push(
      () => sink.close(),
      () => world.close(),
    )
    const accountId = await world.accountId()
    await world.db.sql
      .updateTable('sending_account')
      .set({ kind: 'smtp', host: '127.0.0.1', port: sink.port, max_connections: 2 })
      .where('id', '=', accountId)
      .execute()
    const id = await publish(world.commands)
    const patch = (n: number) => ({
      email: `p${n}@example.com`,
      attributes: n === 3 ? {} : { first_name: `P${n}` },
      consent: granted,
    })
    for (const n of [1, 2, 3, 4]) {
      const contact = { id: await world.contact(patch(n)) }
      await world.commands('enroll', { workflowId: id, contact, properties: { total: n } })
    }
    world.deliver = () => Promise.resolve(0)
    await world.settle()
    const sender = senderFor(fakeOutbox(world.now), {
      commands: world.commands,
      reads: outboxReads(world.db.sql),
      now: world.now,
    })
    closing.push(() => sender.stop())
    await until(() => sink.accepted.length === 3, 'three mails')
    await sender.stop()

    const rows = await world.db.sql.selectFrom('message').selectAll().orderBy('id').execute()
    expect(rows.map(({ status, reason }) => [status, reason])).toEqual([
      ['sent', null],
      ['sent', null],
      ['skipped', 'missing-variable'],
      ['sent', null],
    ])
    const mail = sink.accepted.find(({ to }) => to === 'p1@example.com')
    const parsed = await PostalMime.parse(mail?.raw ?? '')
    expect(parsed.subject).toBe('Hello P1')
    expect(parsed.text).toContain('Hi P1, you ordered 1')
    expect(parsed.messageId).toBe(`<${rows[0]?.message_id}>`)
    const verify = signer(['a secret']).verify
    const tokens = [...(parsed.text ?? '').matchAll(/\/t\/c\/([^>\s]+)/g)].map(([, token = '']) => verify(token))
    const messageId = fromColumn<MessageId>(rows[0]?.id ?? 0)
    expect(tokens).toEqual([0, 1].map((linkNo) => ({ kind: 'click', messageId, linkNo })))
    expect(
      await world.db.sql.selectFrom('message_link').selectAll().where('message_id', '=', messageId).execute(),
    ).toEqual([{ message_id: messageId, no: 1, url: 'https://shop.example/?who=P1' }])
    expect(parsed.html).toMatch(/\/t\/o\/[^"]+"/)
    expect(parsed.html).not.toContain('link.invalid')
  })

  test('sends a test send with plain links and counts it nowhere', async () => {
    const sink = await startSink()
    const world = await createWorld()
    closing.push(
      () => sink.close(),
      () => world.close(),
    )
    await world.db.sql
      .updateTable('sending_account')
      .set({ kind: 'smtp', host: '127.0.0.1', port: sink.port })
      .execute()
    const { id } = await world.commands('create-workflow', { document: document(), userId: null })
    const contactId = await world.contact({ email: 'real@example.com', attributes: { first_name: 'Mai' } })
    const email = { key: 'hello', locale: '', ...(await compiled()) }
    await world.commands('queue-test-send', {
      workflowId: id,
      emailKey: 'hello',
      contactId,
      sends: [{ to: 'boss@shop.example', email, properties: { total: 9 } }],
    })
    const sender = senderFor(fakeOutbox(world.now), {
      commands: world.commands,
      reads: outboxReads(world.db.sql),
      now: world.now,
    })
    closing.push(() => sender.stop())
    await until(() => sink.accepted.length === 1, 'one mail')
    await sender.stop()
    const parsed = await PostalMime.parse(sink.accepted[0]?.raw ?? '')
    expect(sink.accepted[0]?.to).toBe('boss@shop.example')
    expect(parsed.headers).toContainEqual(expect.objectContaining({ key: 'x-perennial-test', value: 'yes' }))
    expect(parsed.text).toContain('Go <https://shop.example/?a=1&b=2>')
    expect(parsed.text).toContain('Hi Mai, you ordered 9')
    expect(parsed.html).not.toMatch(/\/t\/[co]\//)
    const token = /\/u\/([^>\s]+)/.exec(parsed.text ?? '')?.[1] ?? ''
    expect(signer(['a secret']).verify(token)).toMatchObject({ kind: 'unsubscribe', contactId, isTest: true })
    expect(await world.db.sql.selectFrom('step_stat').selectAll().execute()).toEqual([])
  })
})

describe('the threads', () => {
  test('carry a mail from the writer through the sender into the embedded inbox', async () => {
    const folder = new URL(`../../../node_modules/.cache/perennial-tests/threads-${process.pid}/`, import.meta.url)
    mkdirSync(folder, { recursive: true })
    const data = mkdtempSync(join(tmpdir(), 'perennial-threads-'))
    closing.push(
      () => rmSync(folder, { recursive: true }),
      () => rmSync(data, { recursive: true }),
    )
    await build({
      entryPoints: ['writer', 'sender', 'inbox'].map(
        (name) => new URL(`../../../server/threads/${name}.ts`, import.meta.url).pathname,
      ),
      outdir: folder.pathname,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
    })
    const databaseUrl = `file:${join(data, 'test.db')}`
    const secretKeys = ['a secret']
    const worker = (name: string, workerData: unknown, ports: readonly MessageChannel['port1'][]) => {
      const started = new Worker(new URL(`${name}.js`, folder), { workerData, transferList: [...ports] })
      started.on('error', (error) => expect.unreachable(error.message))
      closing.push(() => started.terminate())
      return started
    }
    const heard = <T extends { kind: string }>(from: Worker, kind: T['kind']) =>
      new Promise<T>((resolve) => from.on('message', (message: T) => message.kind === kind && resolve(message)))

    const writer = worker('writer', { databaseUrl, uncertainSends: 'hold', version: 'test' }, [])
    await heard(writer, 'ready')
    const serve = (role: string) => {
      const { port1, port2 } = new MessageChannel()
      writer.postMessage({ kind: 'serve', port: port1, role }, [port1])
      return port2
    }
    const mainPort = serve('main')
    closing.push(() => mainPort.close())
    const commands = connectCommands(mainPort)
    const inboxPort = serve('inbox')
    const inboxData: InboxData = { writer: inboxPort, port: 0 }
    const inbox = worker('inbox', inboxData, [inboxPort])
    const { port } = await heard<Extract<FromInbox, { kind: 'ready' }>>(inbox, 'ready')
    const senderPort = serve('sender')
    const senderData: SenderData = {
      writer: senderPort,
      databaseUrl,
      secretKeys,
      publicUrl: 'http://127.0.0.1:3000',
      retryMs: [1_000],
      inbox: { host: '127.0.0.1', port },
    }
    const sender = worker('sender', senderData, [senderPort])
    await heard<FromSender>(sender, 'ready')

    await commands('save-workspace', {
      senderName: 'Test',
      senderEmail: 'hello@example.com',
      postalAddress: '1 Street',
    })
    const id = await publish(commands)
    const contact = await commands('put-contact', {
      patch: { email: 'mai@example.com', attributes: { first_name: 'Mai' }, consent: granted },
      trigger: false,
    })
    await commands('enroll', { workflowId: id, contact: { id: contact.id }, properties: { total: 3 } })
    const db = await openDatabase(databaseUrl, { readonly: true })
    closing.push(() => db.close())
    let kept: { subject: string; raw: Uint8Array }[] = []
    for (let tries = 0; kept.length === 0 && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 25))
      kept = await db.sql.selectFrom('inbox_mail').select(['subject', 'raw']).execute()
    }
    expect(kept.map(({ subject }) => subject)).toEqual(['Hello Mai'])
    expect(Buffer.from(kept[0]?.raw ?? []).toString('latin1')).toContain(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    )

    for (const [thread, message] of [
      [sender, 'stopped'],
      [inbox, 'stopped'],
      [writer, 'stopped'],
    ] as const) {
      const stopped = heard(thread, message)
      thread.postMessage({ kind: 'stop' })
      await stopped
    }
    const message = await db.sql.selectFrom('message').select(['status']).execute()
    expect(message).toEqual([{ status: 'sent' }])
  })
})
