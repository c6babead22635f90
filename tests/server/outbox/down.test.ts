/** A server that is down for a day, on the virtual clock, with real sockets and the real tables. */
import { afterEach, expect, test } from 'vitest'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { outboxReads } from '../../../server/outbox/reads.ts'
import { DAY_MS, MINUTE_MS } from '../../../shared/time/instant.ts'
import { twoMails } from '../../support/documents.ts'
import { startSink, until } from '../../support/smtp-sink.ts'
import { createWorld } from '../../support/world.ts'
import { fakeOutbox, senderFor } from './fake-outbox.ts'

const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function worldWithSink() {
  let isUp = false
  const sink = await startSink({ greeting: () => (isUp ? '220 hi' : 'drop') })
  const world = await createWorld()
  world.deliver = () => Promise.resolve(0)
  closing.push(
    () => sink.close(),
    () => world.close(),
  )
  await world.db.sql
    .updateTable('sending_account')
    .set({ kind: 'smtp', host: '127.0.0.1', port: sink.port, max_connections: 2 })
    .execute()
  await world.publish(twoMails())
  for (const n of [1, 2, 3]) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  while ((await activateSlice(world.db, world.engine, 500)).claimed > 0);
  const start = () => {
    const reads = outboxReads(world.db.sql)
    const sender = senderFor(fakeOutbox(world.now), {
      commands: world.commands,
      reads,
      now: world.now,
      retryMs: [MINUTE_MS],
    })
    closing.push(() => sender.stop())
    return sender
  }
  const account = () => world.db.sql.selectFrom('sending_account').selectAll().executeTakeFirstOrThrow()
  return {
    sink,
    world,
    start,
    account,
    up: () => {
      isUp = true
    },
  }
}

test('the mail waits, the account says since when and when it tries next, and all of it leaves when the server is back', async () => {
  const { sink, world, start, account, up } = await worldWithSink()
  const beganAt = world.now()
  let sender = start()
  let row = await account()
  const noted = async (after: number) => {
    for (let tries = 0; tries < 1_000 && (row.retry_at ?? 0) <= after; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      row = await account()
    }
    expect(row.retry_at ?? 0).toBeGreaterThan(after)
  }
  await noted(beganAt)
  // A restart in the middle goes on where it was: the trouble keeps its beginning.
  for (let hour = 1; hour <= 24; hour++) {
    if (hour === 12) {
      await sender.stop()
      sender = start()
    }
    world.setNow(beganAt + (hour * DAY_MS) / 24)
    sender.wake()
    await noted(world.now())
    expect(row).toMatchObject({ status: 'active', trouble_since: beganAt, reached_at: null })
    expect((row.retry_at ?? 0) - world.now()).toBeLessThanOrEqual(MINUTE_MS)
  }
  const waiting = await world.db.sql.selectFrom('message').select(['status', 'attempt']).execute()
  expect(waiting).toEqual(Array.from({ length: 3 }, () => ({ status: 'queued', attempt: 0 })))
  expect(sink.connections()).toBeGreaterThanOrEqual(24)

  up()
  world.setNow(row.retry_at ?? 0)
  sender.wake()
  await until(() => sink.accepted.length === 3, 'all three mails')
  await sender.stop()
  expect(await account()).toMatchObject({
    trouble_code: null,
    trouble_since: null,
    retry_at: null,
    reached_at: world.now(),
  })
})

test('is tried at once when somebody asks for it', async () => {
  const { sink, world, start, account, up } = await worldWithSink()
  const sender = start()
  let row = await account()
  for (let tries = 0; tries < 1_000 && row.retry_at === null; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    row = await account()
  }
  up()
  world.setNow(world.now() + 500)
  await world.commands('retry-account', { id: await world.accountId() })
  await until(() => sink.commands.includes('QUIT') || sink.accepted.length > 0, 'a try')
  world.setNow(world.now() + 2 * MINUTE_MS)
  sender.wake()
  await until(() => sink.accepted.length === 3, 'all three mails')
})
