/** One contract, two carriers: inline, and over a port as the writer thread serves it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, test } from 'vitest'
import type { Commands } from '../../../server/commands/contract.ts'
import { createMailbox } from '../../../server/commands/mailbox.ts'
import { connectCommands, onSenderHint } from '../../../server/commands/remote.ts'
import { serveCommands } from '../../../server/commands/serve.ts'
import { acquire, tryAcquire } from '../../../server/db/lock.ts'
import { migrate } from '../../../server/db/migrate.ts'
import { openDatabase } from '../../../server/db/open.ts'
import { startScheduler } from '../../../server/engine/scheduler.ts'
import { RequestError } from '../../../shared/errors.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function overPort(): Promise<{ world: World; commands: Commands; mailbox: ReturnType<typeof createMailbox> }> {
  const world = await createWorld()
  const mailbox = createMailbox({ db: world.db, engine: world.engine, onCommit: () => {} })
  const { port1, port2 } = new MessageChannel()
  serveCommands(port2, { send: mailbox.send })
  closing.push(
    () => world.close(),
    () => port1.close(),
  )
  return { world, commands: connectCommands(port1), mailbox }
}
async function inline() {
  const world = await createWorld()
  closing.push(() => world.close())
  return { world, commands: world.commands }
}

describe.each([
  ['inline', inline],
  ['over a port', overPort],
])('commands %s', (_, carrier) => {
  test('answer after the commit', async () => {
    const { world, commands } = await carrier()
    const { id } = await commands('put-contact', { patch: { email: 'a@example.com' }, trigger: true })
    expect(await world.db.sql.selectFrom('contact').select('email').where('id', '=', id).execute()).toHaveLength(1)
  })

  test('refuse with the same error: name, status, details', async () => {
    const { commands } = await carrier()
    const error = await commands('put-contact', { patch: { email: 'bad' }, trigger: true }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(RequestError)
    expect(error).toMatchObject({ name: 'bad-email', status: 422, details: { email: 'bad' } })
  })

  test('a draft saved in between is refused with the current revision', async () => {
    const { world, commands } = await carrier()
    const id = await world.publish(twoMails())
    await world.republish(id, twoMails())
    const row = await world.db.sql.selectFrom('workflow').select('draft').executeTakeFirstOrThrow()
    const stale = commands('save-draft', { id, expectedRevision: 1, document: JSON.parse(row.draft), userId: null })
    await expect(stale).rejects.toMatchObject({ name: 'stale-draft', status: 412, details: { revision: 2 } })
    expect(await commands('allocate-steps', { id, stepIds: ['second', 'new', 'first'] })).toEqual({
      numbers: { second: 3, new: 4, first: 1 },
    })
  })
})

describe.each([
  ['inline', inline],
  ['over a port', overPort],
])('pausing %s', (_, carrier) => {
  test('answers with the state and the job, twice the same, and refuses what has no state to stop', async () => {
    const { world, commands } = await carrier()
    const id = await world.publish(twoMails())
    const stopped = await commands('pause-workflow', { id })
    expect(stopped).toMatchObject({ status: 'paused', jobId: expect.any(Number) })
    expect(await commands('pause-workflow', { id })).toEqual(stopped)
    expect(await commands('resume-workflow', { id, catchUp: 'skip' })).toMatchObject({ status: 'paused' })
    await world.settle()
    expect(await commands('resume-workflow', { id, catchUp: 'skip' })).toEqual({ status: 'live', jobId: null })
    await commands('archive-workflow', { id })
    await expect(commands('pause-workflow', { id })).rejects.toMatchObject({ name: 'conflict', status: 409 })
    await expect(commands('resume-workflow', { id, catchUp: 'shift' })).rejects.toMatchObject({ status: 409 })
    await expect(commands('pause-workflow', { id: 99 as never })).rejects.toMatchObject({ status: 404 })
  })
})

describe('the mailbox', () => {
  test('events sent together share a commit; one bad one harms only its sender', async () => {
    const { world, commands } = await overPort()
    const { id } = await commands('put-contact', { patch: { email: 'a@example.com' }, trigger: true })
    const send = (contact: { id: never }) =>
      commands('record-events', { events: [{ idemKey: null, name: 'E', contact, properties: {}, occurredAt: null }] })
    const answers = await Promise.allSettled([
      send({ id: id as never }),
      send({ id: 99 as never }),
      send({ id: id as never }),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await world.db.sql.selectFrom('event').select('id').execute()).toHaveLength(2)
  })

  test('what waits when the port closes is rejected, and a hint is not a reply', async () => {
    const { port1, port2 } = new MessageChannel()
    const commands = connectCommands(port1)
    const heard: string[] = []
    onSenderHint(port1, (hint) => heard.push(hint.kind))
    const answer = commands('clear-inbox', null).catch((error: Error) => error.message)
    port2.postMessage({ kind: 'messages-ready' })
    await new Promise((done) => setTimeout(done, 20))
    port2.close()
    expect(await answer).toBe('The writer has stopped.')
    expect(heard).toEqual(['messages-ready'])
  })

  test('the scheduler activates by itself, between commands, until it is stopped', async () => {
    const { world, commands, mailbox } = await overPort()
    await world.publish(twoMails())
    const scheduler = startScheduler({
      db: world.db,
      engine: world.engine,
      drained: mailbox.drained,
      lastSenderAt: () => 0,
      onCommit: () => {},
      between: () => {},
      mayActivate: () => true,
      ticks: () => performance.now(),
    })
    const ada = await world.subscriber('ada@example.com')
    await commands('record-events', {
      events: [{ idemKey: null, name: 'Signed up', contact: { id: ada }, properties: {}, occurredAt: null }],
    })
    scheduler.wake()
    await expect.poll(() => world.db.sql.selectFrom('message').select('id').execute()).toHaveLength(1)
    await scheduler.stop()
    await mailbox.idle()
  })
})

describe('one active process', () => {
  test('the second waits until the first ends, and migrating again changes nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-lock-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const url = `file:${folder}/new/p.db`
    const first = await acquire(url)
    expect(tryAcquire(url)).toBeNull()
    let told = 0
    const second = acquire(url, { pollMs: 5, onStandby: () => told++ })
    for (let n = 0; n < 2; n++) {
      const db = await openDatabase(url)
      await migrate(db)
      await db.close()
    }
    first.release()
    const lock = await second
    expect(told).toBe(1)
    lock.release()
    const reader = await openDatabase(url, { readonly: true })
    await expect(reader.sql.deleteFrom('contact').execute()).rejects.toThrow('readonly')
    await reader.close()
  })
})
