/** Rates and quotas in the real claim: what is in the row counts, whoever asks and however often the sender starts again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import { HOUR_MS, SECOND_MS } from '../../../shared/time/instant.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

async function queued(world: World, people: number): Promise<void> {
  world.deliver = () => Promise.resolve(0)
  await world.publish(twoMails())
  for (let n = 0; n < people; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  while ((await activateSlice(world.db, world.engine, 500)).claimed > 0);
}
const limits = (world: World, change: { rate_per_second?: number; quota_per_day?: number }) =>
  world.db.sql.updateTable('sending_account').set(change).execute()
const used = async (world: World): Promise<number> =>
  (await world.db.sql.selectFrom('sending_account').select('day_used').executeTakeFirstOrThrow()).day_used

type Claim = Awaited<ReturnType<typeof claim>>
let leases = 0
async function claim(world: World, limit: number) {
  const lease = `lease-${++leases}`
  const { messages } = await world.commands('claim-messages', { accountId: await world.accountId(), limit, lease })
  return messages
}
async function send(world: World, messages: Claim): Promise<void> {
  await world.commands('mark-dots', {
    marks: messages.map(({ id, lease, messageIdHeader }) => ({
      id,
      lease,
      recipient: 'x',
      messageIdHeader,
      links: [],
    })),
  })
  await world.commands('finish-messages', {
    finished: messages.map(({ id, lease }) => ({
      id,
      lease,
      attempt: { stage: 'dot', code: 250, enhanced: null, response: '250', tookMs: 1 },
      outcome: { kind: 'sent' },
    })),
  })
}
const requeue = (world: World, messages: Claim) =>
  world.commands('finish-messages', {
    finished: messages.map(({ id, lease }) => ({
      id,
      lease,
      attempt: null,
      outcome: { kind: 'requeue', notBefore: world.now() },
    })),
  })

/** What four workers do in a while: claim, send, give back, crash and start again. */
const deed = fc.record({
  waitMs: fc.integer({ min: 0, max: 700 }),
  limit: fc.integer({ min: 1, max: 20 }),
  end: fc.constantFrom('send', 'send', 'send', 'requeue', 'crash'),
})

test('never more than 14 in any second nor the quota of the day leave, whoever claims and crashes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 15, maxLength: 30 }), async (deeds) => {
      const world = await createWorld()
      await queued(world, 45)
      await limits(world, { rate_per_second: 14, quota_per_day: 25 })
      const left: number[] = []
      for (const { waitMs, limit, end } of deeds) {
        world.setNow(world.now() + waitMs)
        const messages = await claim(world, limit)
        if (end === 'requeue') await requeue(world, messages)
        else if (end === 'crash') await world.recover()
        else {
          left.push(...messages.map(({ leaveAt }) => Math.max(leaveAt ?? 0, world.now())))
          await send(world, messages)
        }
      }
      for (const from of left) {
        expect(left.filter((at) => at >= from && at < from + SECOND_MS).length).toBeLessThanOrEqual(14)
      }
      expect(left.length).toBeLessThanOrEqual(25)
      await world.close()
    }),
    { numRuns: 4 },
  )
})

test('the quota begins anew at midnight of the workspace, with what is still on the wire', async () => {
  const world = await createWorld({ start: Date.parse('2026-03-02T09:00:00Z'), timezone: 'Asia/Ho_Chi_Minh' })
  await queued(world, 30)
  await limits(world, { quota_per_day: 10 })
  const first = await claim(world, 20)
  expect(first).toHaveLength(10)
  expect(await claim(world, 20)).toEqual([])
  await send(world, first.slice(0, 7))
  await requeue(world, first.slice(7))
  expect(await used(world)).toBe(7)
  const [onTheWire] = [await claim(world, 20)]
  expect(onTheWire).toHaveLength(3)

  world.setNow(Date.parse('2026-03-02T16:59:59Z'))
  expect(await claim(world, 20)).toEqual([])
  world.setNow(Date.parse('2026-03-02T17:00:00Z'))
  expect(await claim(world, 20)).toHaveLength(7)
  expect(await used(world)).toBe(10)
  await world.close()
})

test('what was claimed says when it may leave, and nothing without a rate', async () => {
  const world = await createWorld()
  await queued(world, 5)
  expect((await claim(world, 1)).map(({ leaveAt }) => leaveAt)).toEqual([null])
  await limits(world, { rate_per_second: 10 })
  const slots = (await claim(world, 10)).map(({ leaveAt }) => (leaveAt ?? 0) - world.now())
  expect(slots).toEqual([0, 105, 210, 315])
  await world.close()
})

test('a queue under a quota is told when to ask again', async () => {
  const world = await createWorld()
  await queued(world, 3)
  await limits(world, { quota_per_day: 1 })
  await send(world, await claim(world, 5))
  const { nextAt } = await world.commands('claim-messages', {
    accountId: await world.accountId(),
    limit: 5,
    lease: 'x',
  })
  expect(nextAt).toBe(world.now() + 15 * HOUR_MS)
  await world.close()
})

test('what a pause, or a look before it leaves, takes off the wire is not on the day’s bill', async () => {
  const world = await createWorld()
  await queued(world, 3)
  await limits(world, { quota_per_day: 10 })
  const [barred, held, left] = await claim(world, 3)
  if (barred === undefined || held === undefined || left === undefined) throw new Error('not claimed')
  const look = ({ id, lease }: typeof held) => world.commands('recheck-message', { id, lease })
  await world.db.sql.updateTable('contact').set({ suppression: 'hard' }).where('id', '=', barred.contact.id).execute()
  expect([await look(barred), await look(left)]).toEqual([{ ok: false }, { ok: true }])
  expect(await used(world)).toBe(2)
  await world.commands('pause-workflow', { id: held.workflowId })
  expect([await look(held), await look(left)]).toEqual([{ ok: false }, { ok: false }])
  expect(await used(world)).toBe(0)
  await world.close()
})
