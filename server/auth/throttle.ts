/** At most so many failed passwords per account and per address; those still being checked count as failures until they are known. */
import { RequestError } from '../../shared/errors.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '../../shared/time/instant.ts'
import type { Commands } from '../commands/contract.ts'
import type { Db } from '../db/open.ts'
import { worstLoginFailures } from '../db/queries/sessions.ts'

const MOST_FAILURES = 10
const FAILURE_WINDOW_MS = 15 * MINUTE_MS
/** Each costs 80 ms of a core and 32 MB while it runs: a flood from a thousand addresses must not make an owner wait for minutes. */
const MOST_AT_ONCE = 32

type Deps = { db: Db; commands: Commands; now: () => Instant }
export type Throttle = {
  /**
   * Run `check` unless one of the keys has failed too often; a failure is noted under all of them.
   * @throws RequestError 429 with `retryAfter`
   */
  guard<T>(keys: readonly string[], check: () => Promise<T | null>): Promise<T | null>
}

export function passwordThrottle({ db, commands, now }: Deps): Throttle {
  /** A hundred at once would all pass before the first of them is noted. */
  const underWay = new Map<string, number>()
  let checks = 0
  const move = (keys: readonly string[], by: 1 | -1) => {
    for (const key of keys) {
      const n = (underWay.get(key) ?? 0) + by
      if (n === 0) underWay.delete(key)
      else underWay.set(key, n)
    }
  }
  return {
    async guard(keys, check) {
      if (checks >= MOST_AT_ONCE) throw tooManyAtOnce()
      checks += 1
      const pending = Math.max(...keys.map((key) => underWay.get(key) ?? 0))
      move(keys, 1)
      try {
        const worst = await worstLoginFailures(db, keys, now() - FAILURE_WINDOW_MS)
        if (worst.failures + pending >= MOST_FAILURES) throw tooMany(worst, now())
        const result = await check()
        if (result === null) await commands('note-login-failure', { keys, windowMs: FAILURE_WINDOW_MS })
        return result
      } finally {
        checks -= 1
        move(keys, -1)
      }
    },
  }
}

const tooManyAtOnce = () =>
  new RequestError(
    'too-many-attempts',
    429,
    `There are ${MOST_AT_ONCE} sign-ins being checked at this moment; try again in a second.`,
    { retryAfter: 1 },
  )

function tooMany({ failures, firstAt }: { failures: number; firstAt: Instant }, now: Instant): RequestError {
  const opensAt = failures >= MOST_FAILURES ? firstAt + FAILURE_WINDOW_MS : now + SECOND_MS
  const retryAfter = Math.max(1, Math.ceil((opensAt - now) / SECOND_MS))
  return new RequestError(
    'too-many-attempts',
    429,
    `There were ${MOST_FAILURES} failed sign-ins; try again in ${retryAfter} seconds.`,
    { retryAfter },
  )
}

/** Whom an address is counted as: of IPv6 the /64, which is what one customer is given. */
export function addressKey(address: string): string {
  if (!address.includes(':')) return `address:${address}`
  const [head = '', tail = ''] = address.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = address.includes('::')
    ? [...left, ...new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `address:${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
