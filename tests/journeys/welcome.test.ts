import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY_MS } from '../../shared/time/instant.ts'
import { welcome } from '../support/documents.ts'
import { createWorld, MONDAY, type World } from '../support/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
// Every story ends with the invariants of ENGINE.md 10.
afterEach(() => world.close())

const state = () =>
  world.db.sql.selectFrom('enrollment').select(['status', 'step_no', 'end_reason', 'due_at', 'seq']).execute()
const counted = async (metric: string) => {
  const rows = await world.db.sql
    .selectFrom('step_stat')
    .select(['step_no', 'n'])
    .where('metric', '=', metric)
    .execute()
  return Object.fromEntries(rows.map((row) => [row.step_no, row.n]))
}

describe('the welcome sequence', () => {
  test('greets, waits, and offers to the pro plan when nothing was ordered', async () => {
    await world.publish(welcome())
    const ada = await world.subscriber('ada@example.com', { plan: 'pro' })
    await world.event(ada, 'Signed up')
    await world.pass(30 * DAY_MS)
    expect(world.sent.map(({ email, at }) => [email, (at - MONDAY) / DAY_MS])).toEqual([
      ['hello', 0],
      ['offer', 5 + 2_000 / DAY_MS],
    ])
    expect(await state()).toMatchObject([{ status: 'completed', end_reason: 'completed', due_at: null }])
  })

  test('ends at once when the order comes during the wait for it', async () => {
    await world.publish(welcome())
    const ada = await world.subscriber('ada@example.com', { plan: 'pro' })
    await world.event(ada, 'Signed up')
    await world.pass(3 * DAY_MS)
    await world.event(ada, 'Order placed')
    expect(await state()).toMatchObject([{ status: 'completed' }])
    expect(await counted('path:yes')).toEqual({ 3: 1 })
    await world.pass(30 * DAY_MS)
    expect(world.sent.map(({ email }) => email)).toEqual(['hello'])
  })

  test('takes an order that came before the step as already met', async () => {
    await world.publish(welcome())
    const ada = await world.subscriber('ada@example.com')
    await world.event(ada, 'Signed up')
    await world.pass(DAY_MS)
    await world.event(ada, 'Order placed')
    await world.pass(DAY_MS)
    expect(await state()).toMatchObject([{ status: 'completed' }])
  })

  test('skips the mail of a contact without consent, says so, and goes on', async () => {
    await world.publish(welcome())
    const bob = await world.contact({ email: 'bob@example.com' })
    await world.event(bob, 'Signed up')
    await world.pass(DAY_MS)
    expect(world.sent).toEqual([])
    const messages = await world.db.sql.selectFrom('message').select(['status', 'reason']).execute()
    expect(messages).toEqual([{ status: 'skipped', reason: 'no-consent' }])
    expect(await state()).toMatchObject([{ status: 'active', step_no: 2 }])
    expect(await counted('message:skipped')).toEqual({ 1: 1 })
  })

  test('an unsubscribe in the middle of the wait ends it and no mail follows', async () => {
    await world.publish(welcome())
    const ada = await world.subscriber('ada@example.com', { plan: 'pro' })
    await world.event(ada, 'Signed up')
    await world.pass(DAY_MS)
    const gone = { contactId: ada, messageId: null, topic: null, source: 'page', reason: null }
    expect(await world.commands('unsubscribe', gone)).toEqual({ changed: true })
    expect(await world.commands('unsubscribe', gone)).toEqual({ changed: false })
    expect(await state()).toMatchObject([{ status: 'exited', end_reason: 'unsubscribed' }])
    expect(await counted('exited:unsubscribed')).toEqual({ 0: 1, 2: 1 })
    await world.pass(30 * DAY_MS)
    expect(world.sent).toHaveLength(1)
  })

  test('an exit rule acts in the middle of the wait, by event or by attribute', async () => {
    await world.publish(
      welcome({
        exitWhen: { any: [{ event: 'Complained' }, { attribute: 'plan', is: 'equals', value: 'none' }] },
      }),
    )
    const [ada, bob] = [await world.subscriber('ada@example.com'), await world.subscriber('bob@example.com')]
    for (const id of [ada, bob]) await world.event(id, 'Signed up')
    await world.pass(DAY_MS)
    await world.event(ada, 'Complained')
    await world.contact({ email: 'BOB@example.com', attributes: { plan: 'none' } })
    expect(await state()).toMatchObject([
      { status: 'exited', end_reason: 'exit-rule' },
      { status: 'exited', end_reason: 'exit-rule' },
    ])
  })
})
