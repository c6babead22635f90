/** Clicks that were held for a moment, and what waits for them. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { activateSlice } from '../../../server/engine/scheduler.ts'
import type { MessageId } from '../../../shared/ids.ts'
import { holdMs } from '../../../shared/message/hits.ts'
import { DAY_MS } from '../../../shared/time/instant.ts'
import { workflow } from '../../support/documents.ts'
import { failingUpdate } from '../../support/failing-update.ts'
import { createWorld, MONDAY, type World } from '../../support/world.ts'

const HOLD_MS = holdMs(DAY_MS, 0)
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0'

let world: World
beforeEach(async () => {
  world = await createWorld()
  // Mail that leaves the machine: nobody scans the embedded inbox.
  await world.db.sql.updateTable('sending_account').set({ kind: 'smtp' }).execute()
  await world.publish(
    workflow({
      steps: [
        { id: 'hello', kind: 'send-email', email: 'hello', next: 'until' },
        {
          id: 'until',
          kind: 'wait-until',
          paths: [{ id: 'yes', label: 'Clicked', when: { message: 'hello', did: 'clicked' }, next: 'keen' }],
          timeout: { after: 'P2D', next: null },
        },
        { id: 'keen', kind: 'update-contact', addTags: ['keen'], next: null },
      ],
    }),
  )
  await world.event(await world.subscriber('ada@example.com'), 'Signed up')
  await world.settle()
})
afterEach(() => world.close())

async function click(): Promise<void> {
  const { id } = await world.db.sql.selectFrom('message').select('id').executeTakeFirstOrThrow()
  const hit = { kind: 'clicked', target: null, linkNo: 0, url: null, isPrefetch: false, source: null } as const
  await world.commands('record-hit', { messageId: id as MessageId, hit: { ...hit, userAgent: BROWSER } })
}
const numbers = async (metrics: readonly string[]) => {
  const rows = await world.db.sql.selectFrom('step_stat').select(['metric', 'n']).where('step_no', '>', 0).execute()
  return metrics.map((metric) => rows.filter((row) => row.metric === metric).reduce((sum, { n }) => sum + n, 0))
}

describe('a held click', () => {
  test('whose hold is over when the wait for it times out comes first', async () => {
    const { due_at } = await world.db.sql.selectFrom('enrollment').select('due_at').executeTakeFirstOrThrow()
    const dueAt = due_at ?? 0
    world.setNow(dueAt - HOLD_MS)
    await click()
    world.setNow(dueAt)
    await activateSlice(world.db, world.engine, 100)
    expect(await numbers(['path:yes', 'path:timeout'])).toEqual([1, 0])
  })

  test('whose consequences cannot be written counts once, and moves nobody', async () => {
    world.setNow(MONDAY + DAY_MS)
    await click()
    world.setNow(MONDAY + DAY_MS + HOLD_MS)
    const { hints } = await activateSlice(failingUpdate(world.db), world.engine, 100)
    expect(await numbers(['clicked', 'path:yes', 'completed'])).toEqual([1, 0, 0])
    expect(hints.tally.get('activations') ?? 0).toBe(0)
    const events = await world.db.sql.selectFrom('message_event').select(['reason', 'held_until']).execute()
    expect(events).toEqual([{ reason: 'error', held_until: null }])
  })
})
