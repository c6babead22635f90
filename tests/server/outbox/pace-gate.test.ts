/** The gate of a rate, against a server that reads late and a process that is killed: what counts is when things arrive there. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Lane } from '../../../server/mail/smtp.ts'
import { PaceGate } from '../../../server/outbox/pace-gate.ts'
import { pacedLane } from '../../../server/outbox/paced-lane.ts'
import { SECOND_MS } from '../../../shared/time/instant.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const busiest = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + SECOND_MS).length))

/** A server that now and then stands still: what comes meanwhile is read when it goes on. */
function server(stalls: readonly { everyMs: number; forMs: number }[]) {
  const arrived = { mails: [] as number[], dots: [] as number[] }
  const readAt = (at: number): number =>
    stalls.reduce((t, { everyMs, forMs }) => (t % everyMs < forMs ? t + forMs - (t % everyMs) : t), at)
  const arrive = async (kind: 'mails' | 'dots', wayMs: number) => {
    const at = readAt(Date.now() + 1 + wayMs)
    // On the wire already: it arrives whatever becomes of who sent it.
    arrived[kind].push(at)
    await sleep(at - Date.now() + 1)
  }
  return { arrived, arrive }
}

type Process = { isAlive: boolean }
const laneOf = (process: Process, { arrive }: ReturnType<typeof server>, wayMs: () => number): Lane => ({
  open: () => Promise.resolve({ ok: true }),
  isOpen: () => true,
  close: () => undefined,
  async send(_envelope, _message, beforeDot) {
    const lost = { kind: 'lost', stage: 'data', response: '', isMarked: false, isTls: false } as const
    if (!process.isAlive) return lost
    await arrive('mails', wayMs())
    if (!(await beforeDot()) || !process.isAlive) return lost
    await arrive('dots', wayMs())
    return { kind: 'reply', stage: 'dot', code: 250, enhanced: null, response: '250' }
  },
})

const run = fc.record({
  rate: fc.integer({ min: 1, max: 20 }),
  lanes: fc.integer({ min: 1, max: 12 }),
  /** How long commits of marks take: several lanes are released by one. */
  commitEveryMs: fc.constantFrom(1, 20, 400),
  stallMs: fc.constantFrom(0, 300, 700),
  waysMs: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }),
  lives: fc.array(fc.integer({ min: 3_000, max: 6_000 }), { minLength: 1, maxLength: 4 }),
  newRunnerAfterMs: fc.integer({ min: 2_000, max: 6_000 }),
})

test('never more than the rate arrive in any second, however late the server reads and however often the sender is killed', async () => {
  await fc.assert(
    fc.asyncProperty(run, async ({ rate, lanes, commitEveryMs, stallMs, waysMs, lives, newRunnerAfterMs }) => {
      const target = server(stallMs === 0 ? [] : [{ everyMs: 1_900, forMs: stallMs }])
      let ways = 0
      const wayMs = () => waysMs[ways++ % waysMs.length] ?? 0
      for (const livesMs of lives) {
        const process = { isAlive: true }
        const startedAt = Date.now()
        const gate = () => new PaceGate(rate, () => Date.now() - startedAt)
        const gates = { mails: gate(), dots: gate() }
        const work = async () => {
          const lane = pacedLane(laneOf(process, target, wayMs), gates)
          const marked = async () => {
            await sleep(commitEveryMs - (Date.now() % commitEveryMs))
            return process.isAlive
          }
          const envelope = { from: 'a@shop.example', to: 'b@example.com', needsSmtpUtf8: false }
          while (process.isAlive) await lane.send(envelope, Buffer.alloc(0), marked)
        }
        const working = Array.from({ length: lanes }, work)
        // Settings changed: more lanes, the same account.
        setTimeout(() => working.push(work()), newRunnerAfterMs)
        await vi.advanceTimersByTimeAsync(livesMs)
        process.isAlive = false
      }
      expect(busiest(target.arrived.dots)).toBeLessThanOrEqual(rate)
      expect(busiest(target.arrived.mails)).toBeLessThanOrEqual(rate)
      expect(target.arrived.dots.length).toBeGreaterThan(0)
      vi.clearAllTimers()
    }),
    { numRuns: 60 },
  )
})

test('a server that always takes its time gets the whole rate all the same', async () => {
  const startedAt = Date.now()
  const gate = new PaceGate(10, () => Date.now() - startedAt + 60_000)
  let left = 0
  const lane = async () => {
    for (;;) {
      const place = await gate.take()
      place.leave()
      left += 1
      await sleep(400)
      place.answer()
    }
  }
  for (let n = 0; n < 20; n++) void lane()
  await vi.advanceTimersByTimeAsync(20_000)
  const before = left
  await vi.advanceTimersByTimeAsync(10_000)
  expect(left - before).toBeGreaterThan(95)
  expect(left - before).toBeLessThanOrEqual(100)
})

test('one that hangs, and one that is given up before its turn, stop nobody', async () => {
  const startedAt = Date.now()
  const gate = new PaceGate(1, () => Date.now() - startedAt + 60_000)
  const first = await gate.take()
  first.leave()
  let second = Number.POSITIVE_INFINITY
  const taken = gate.take().then((place) => {
    second = Date.now() - startedAt
    place.cancel()
  })
  await vi.advanceTimersByTimeAsync(7_000)
  await taken
  expect(second).toBeGreaterThan(5_000)
  expect(second).toBeLessThan(7_000)
  const third = gate.take()
  await vi.advanceTimersByTimeAsync(1)
  await expect(third).resolves.toBeDefined()
})
