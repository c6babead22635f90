/** A mark that was written although its connection had broken: what the row becomes, and for whom. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { FinishedMessage } from '../../../server/commands/contract.ts'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

async function marked(lease: string) {
  await world.publish(twoMails())
  await world.event(await world.subscriber('ann@example.com'), 'Signed up')
  await activateSlice(world.db, world.engine, 10)
  const { messages } = await world.commands('claim-messages', { accountId: await world.accountId(), limit: 1, lease })
  const [message] = messages
  if (message === undefined) throw new Error('nothing was claimed')
  const { id, messageIdHeader } = message
  const mark = { id, lease, recipient: 'ann@example.com', messageIdHeader, links: [] }
  const { verdicts } = await world.commands('mark-dots', { marks: [mark] })
  expect(verdicts).toEqual([{ id, ok: true }])
  return message
}
const finish = (id: FinishedMessage['id'], lease: string, outcome: FinishedMessage['outcome']) => {
  const attempt = { stage: 'data', code: null, enhanced: null, response: 'reset', tookMs: 5 } as const
  return world.commands('finish-messages', { finished: [{ id, lease, attempt, outcome }] })
}
const row = () =>
  world.db.sql
    .selectFrom('message')
    .select(['status', 'dot_at', 'lease', 'attempt', 'doubts', 'reason'])
    .executeTakeFirstOrThrow()

test('goes back to the queue without a doubt when the end was provably never pushed, and is sent once', async () => {
  const { id } = await marked('lane')
  await finish(id, 'lane', { kind: 'requeue', notBefore: world.now(), isUnsent: true })
  expect(await row()).toEqual({ status: 'queued', dot_at: null, lease: null, attempt: 0, doubts: 0, reason: null })
  expect(await world.deliver()).toBe(1)
  expect(world.sent).toHaveLength(1)
})

test('is uncertain when nobody can say that the end was not pushed', async () => {
  const { id } = await marked('lane')
  await finish(id, 'lane', { kind: 'requeue', notBefore: world.now() })
  expect(await row()).toMatchObject({ status: 'uncertain', reason: 'connection-lost' })
})

test('only the lease that was marked may say so: a lane of the past changes nothing', async () => {
  const { id } = await marked('lane')
  await finish(id, 'an older lane', { kind: 'requeue', notBefore: world.now(), isUnsent: true })
  expect(await row()).toMatchObject({ status: 'sending', lease: 'lane' })
})
