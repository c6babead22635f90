/** A password that stops working: the real sender and tables, a real 535, and what the product says of it (SCENARIOS.md S15). */
import { expect, test } from 'vitest'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { createWatch } from '../../../server/ops/watch.ts'
import { outboxReads } from '../../../server/outbox/reads.ts'
import { MINUTE_MS } from '../../../shared/time/instant.ts'
import { twoMails } from '../../support/documents.ts'
import { startSink } from '../../support/smtp-sink.ts'
import { createWorld } from '../../support/world.ts'
import { fakeOutbox, senderFor } from './fake-outbox.ts'

test('raises the alarm within two minutes, bounces nobody, and takes the alarm back when the server took the password again', async () => {
  let isRight = false
  const sink = await startSink({
    auth: { user: 'news', pass: 'right' },
    onAuth: () => (isRight ? '235 2.7.0 Ok' : '535 5.7.8 Authentication credentials invalid'),
  })
  const world = await createWorld()
  world.deliver = () => Promise.resolve(0)
  const account = {
    kind: 'smtp',
    host: '127.0.0.1',
    port: sink.port,
    username: 'news',
    password_sealed: 'right',
  } as const
  await world.db.sql
    .updateTable('sending_account')
    .set({ ...account, name: 'Shop' })
    .execute()
  await world.publish(twoMails())
  for (const n of [1, 2, 3]) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  while ((await activateSlice(world.db, world.engine, 500)).claimed > 0);

  const options = { db: world.db, now: world.now, ticks: world.now, dataDir: '.', reports: null }
  const watch = createWatch(options)
  const codes = async () => (await watch.alarms()).map(({ code }) => code).filter((code) => code.startsWith('account'))
  expect(await codes()).toEqual([])
  const queuedAt = world.now()
  const sender = senderFor(fakeOutbox(world.now), {
    commands: world.commands,
    reads: outboxReads(world.db.sql),
    now: world.now,
  })
  const becomes = (wanted: readonly string[]) => expect.poll(codes, { timeout: 20_000 }).toEqual(wanted)
  await becomes(['account-paused'])
  // The virtual clock stood still: no wait of the product lies between the refusal and the alarm.
  expect(world.now() - queuedAt).toBeLessThan(2 * MINUTE_MS)
  const alarm = (await watch.alarms()).find(({ code }) => code === 'account-paused')
  expect(alarm).toMatchObject({ severity: 'problem', values: { account: 'Shop', reason: 'auth-refused' } })
  const statuses = async () => await world.db.sql.selectFrom('message').select(['status', 'attempt']).execute()
  await expect.poll(statuses).toEqual(Array.from({ length: 3 }, () => ({ status: 'queued', attempt: 0 })))

  isRight = true
  world.setNow(world.now() + 61 * MINUTE_MS)
  sender.wake()
  await becomes([])
  await expect.poll(() => sink.accepted.length, { timeout: 20_000 }).toBe(3)
  await sender.stop()
  await world.close()
  await sink.close()
})
