import { describe, expect, test } from 'vitest'
import { addressKey, passwordThrottle, type Throttle } from '../../../server/auth/throttle.ts'
import type { Commands } from '../../../server/commands/contract.ts'
import { createWorld } from '../../support/world.ts'

describe('a sign-in', () => {
  test.each([
    ['203.0.113.7', 'address:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 'address:2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', 'address:2001:db8:1:2::/64'],
    ['2001:db8::1', 'address:2001:db8:0:0::/64'],
    ['::1', 'address:0:0:0:0::/64'],
  ])('from %s is counted under %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})

describe('a flood of sign-ins from twenty thousand addresses', () => {
  test('is never more than 32 checks at once, and leaves nothing behind but rows of the last 15 minutes', {
    timeout: 60_000,
  }, async () => {
    const world = await createWorld()
    let noted = 0
    const commands = (async (name: never, input: never) => {
      noted += 1
      return world.commands(name, input)
    }) as unknown as Commands
    const throttle = passwordThrottle({ db: world.db, commands, now: world.now })
    const release: (() => void)[] = []
    const check = () => new Promise<null>((done) => release.push(() => done(null)))
    const keysOf = (i: number) => [`account:p${i}@example.com`, `address:10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`]
    const refused: unknown[] = []
    const flood = Array.from({ length: 20_000 }, (_, i) =>
      throttle.guard(keysOf(i), check).catch((error: unknown) => refused.push(error)),
    )
    await expect.poll(() => release.length, { timeout: 15_000 }).toBe(32)
    await expect.poll(() => refused.length, { timeout: 15_000 }).toBe(20_000 - 32)
    expect(refused[0]).toMatchObject({ status: 429, details: { retryAfter: 1 } })
    for (const open of release) open()
    await Promise.all(flood)
    expect(noted).toBe(32)
    const rows = async () => (await world.db.sql.selectFrom('login_failure').select('key').execute()).length
    expect(await rows()).toBe(64)
    // Whoever was held up comes in again, and those of an hour ago are forgotten with the next failure.
    world.setNow(world.now() + 3_600_000)
    expect(await signInOnce(throttle)).toBeNull()
    expect(await rows()).toBe(1)
    await world.close()
  })
})

const signInOnce = (throttle: Throttle) => throttle.guard(['account:mai@example.com'], () => Promise.resolve(null))
