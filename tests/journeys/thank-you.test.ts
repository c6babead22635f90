/** The recipe Post-purchase thank you, run on the virtual clock. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContactId } from '../../shared/ids.ts'
import { DAY_MS, HOUR_MS } from '../../shared/time/instant.ts'
import { recipe } from '../../shared/workflow/recipes.ts'
import { createWorld, MONDAY, type World } from '../support/world.ts'

let world: World
let ada: ContactId
beforeEach(async () => {
  world = await createWorld()
  await world.publish(recipe('thank-you', 'en'))
  ada = await world.subscriber('ada@example.com')
})
afterEach(() => world.close())

const sent = () => world.sent.map(({ email, at }) => [email, (at - MONDAY) / DAY_MS])
const order = (properties = {}) => world.event(ada, 'Order placed', properties)

describe('thanks for an order', () => {
  test('the first, the second and the third are thanked in their own way', async () => {
    for (let n = 0; n < 3; n++) {
      await order()
      await world.pass(20 * DAY_MS)
    }
    expect(world.sent.map(({ email }) => email)).toEqual(['thanks', 'best', 'back', 'best', 'regular', 'best'])
    const row = await world.db.sql.selectFrom('contact').select('tags').executeTakeFirstOrThrow()
    expect(JSON.parse(row.tags)).toEqual(['regular'])
  })

  test('comes an hour after it, and the tips three days after it arrived', async () => {
    await order()
    await world.pass(4 * DAY_MS)
    await world.event(ada, 'Order delivered')
    await world.pass(30 * DAY_MS)
    expect(sent()).toEqual([
      ['thanks', 1 / 24],
      ['best', 7],
    ])
  })

  test('comes at most once in ten days, however many orders', async () => {
    await order()
    await world.pass(3 * DAY_MS)
    await order()
    await world.pass(7 * DAY_MS)
    await order()
    await world.pass(DAY_MS)
    expect(sent().filter(([email]) => email !== 'best')).toEqual([
      ['thanks', 1 / 24],
      ['regular', 10 + 1 / 24],
    ])
  })

  test('ends with a refund, also while the first mail waits', async () => {
    await order()
    await world.pass(HOUR_MS / 2)
    await world.event(ada, 'Order refunded')
    await world.pass(20 * DAY_MS)
    expect(world.sent).toEqual([])
    const [row] = await world.db.sql.selectFrom('enrollment').select(['status', 'end_reason']).execute()
    expect(row).toEqual({ status: 'exited', end_reason: 'exit-rule' })
  })

  test('is not for a gift that came back', async () => {
    await order({ isGiftReturn: true })
    await world.pass(2 * DAY_MS)
    expect(world.sent).toEqual([])
  })
})
