import { describe, expect, test } from 'vitest'
import { addressKey } from '../../../server/auth/throttle.ts'

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
