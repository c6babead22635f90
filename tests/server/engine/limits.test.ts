/** What keeps dot marks from waiting and the log from growing, on a clock that only the test moves. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Store } from '../../../server/db/hot/store.ts'
import { createCheckpointer, type WriteAheadLog } from '../../../server/engine/checkpoint.ts'
import { type SchedulerOptions, startScheduler } from '../../../server/engine/scheduler.ts'
import { twoMails } from '../../support/documents.ts'
import { createWorld, type World } from '../../support/world.ts'

/** Of the machine: the clock that is measured stands still while it is busy. */
const PATIENCE_MS = 60_000
vi.setConfig({ testTimeout: 2 * PATIENCE_MS, hookTimeout: PATIENCE_MS })

describe('slices', () => {
  const PEOPLE = 700
  const ROW_MS = 0.1
  let world: World
  let clock = 0
  let slices: number[] = []
  beforeEach(async () => {
    world = await createWorld()
    clock = 10_000
    slices = []
    await world.publish(twoMails())
    for (let n = 0; n < PEOPLE; n++) await world.event(await world.subscriber(`p${n}@example.com`), 'Signed up')
  })
  afterEach(() => world.close())

  /** Every row takes a tenth of a millisecond, by the clock of the test. */
  function start(over: Partial<SchedulerOptions>) {
    const timed = (store: Store): Store => ({
      ...store,
      async claimDueEnrollments(now, limit) {
        const rows = await store.claimDueEnrollments(now, limit)
        clock += rows.length * ROW_MS
        if (rows.length > 0) slices.push(rows.length * ROW_MS)
        return rows
      },
    })
    return startScheduler({
      db: { ...world.db, storeIn: (sql) => timed(world.db.storeIn(sql)) },
      engine: world.engine,
      drained: () => Promise.resolve(),
      lastSenderAt: () => Number.NEGATIVE_INFINITY,
      onCommit: () => undefined,
      between: () => undefined,
      mayActivate: () => true,
      ticks: () => clock,
      ...over,
    })
  }
  const everybody = () =>
    expect.poll(() => Math.round(slices.reduce((a, b) => a + b, 0) / ROW_MS), { timeout: PATIENCE_MS }).toBe(PEOPLE)

  test('a mark never waits for more than 4 ms of activation, from the first slice on', async () => {
    const scheduler = start({ lastSenderAt: () => clock })
    await everybody()
    await scheduler.stop()
    expect(Math.max(...slices)).toBeLessThanOrEqual(4)
    // Nor are they so small that people wait for ever.
    expect(slices.slice(1, -1).every((ms) => ms > 1)).toBe(true)
  })

  test('without senders they fill 10 to 15 ms, and the first after a sender came is short at once', async () => {
    let isSending = false
    const scheduler = start({
      lastSenderAt: () => (isSending ? clock : Number.NEGATIVE_INFINITY),
      onCommit: () => {
        isSending = slices.length >= 3
      },
    })
    await everybody()
    await scheduler.stop()
    expect(Math.max(...slices.slice(1, 3))).toBeLessThanOrEqual(15)
    expect(Math.min(...slices.slice(1, 3))).toBeGreaterThanOrEqual(10)
    expect(Math.max(...slices.slice(3))).toBeLessThanOrEqual(4)
  })

  test('nobody is activated while the log is too long; when it was written back, everybody is', async () => {
    let isTooLong = true
    const told: boolean[] = []
    const scheduler = start({ mayActivate: () => !isTooLong, between: (isIdle) => told.push(isIdle) })
    await expect.poll(() => told.length, { timeout: PATIENCE_MS }).toBeGreaterThan(0)
    expect(told[0]).toBe(true)
    expect(slices).toEqual([])
    isTooLong = false
    scheduler.wake()
    await everybody()
    await scheduler.stop()
  })
})

describe('the write-ahead log', () => {
  const MB = 1024 * 1024

  function fixture() {
    let now = 0
    const log = { bytes: 0, isReaderInTheWay: false, modes: [] as string[] }
    const fake: WriteAheadLog = {
      bytes: () => log.bytes,
      checkpoint(mode) {
        log.modes.push(mode)
        if (mode === 'TRUNCATE' && !log.isReaderInTheWay) log.bytes = 0
        return { busy: log.isReaderInTheWay ? 1 : 0, log: 10, checkpointed: log.isReaderInTheWay ? 5 : 10 }
      },
    }
    const checkpointer = createCheckpointer(fake, () => now)
    /** One batch is committed, a quarter of a second passes. */
    const batch = (bytes: number, isIdle = false) => {
      checkpointer.note()
      log.bytes = bytes
      now += 250
      checkpointer.between(isIdle)
    }
    return { log, checkpointer, batch, pass: (ms: number) => (now += ms) }
  }

  test('is written back between batches, not after each, and not when nothing was written', () => {
    const { log, checkpointer, batch, pass } = fixture()
    batch(MB)
    checkpointer.note()
    pass(100)
    checkpointer.between(false)
    expect(log.modes).toEqual(['PASSIVE'])
    checkpointer.between(true)
    checkpointer.between(true)
    expect(log.modes).toEqual(['PASSIVE', 'PASSIVE'])
  })

  test('is cut when it is longer than 64 MB, also while there is work', () => {
    const { log, batch } = fixture()
    batch(64 * MB)
    batch(64 * MB + 1)
    expect(log.modes).toEqual(['PASSIVE', 'PASSIVE'])
    batch(64 * MB + 1)
    expect(log.modes.at(-1)).toBe('TRUNCATE')
    expect(log.bytes).toBe(0)
    batch(MB)
    expect(log.modes.at(-1)).toBe('PASSIVE')
  })

  test('stops activations above 512 MB and lets them go on when a reader is out of the way', () => {
    const { log, checkpointer, batch } = fixture()
    log.isReaderInTheWay = true
    batch(512 * MB)
    expect(checkpointer.mayActivate()).toBe(true)
    batch(512 * MB + 1)
    expect(checkpointer.mayActivate()).toBe(false)
    checkpointer.between(true)
    expect(checkpointer.mayActivate()).toBe(false)
    log.isReaderInTheWay = false
    checkpointer.between(true)
    expect(log.modes.at(-1)).toBe('TRUNCATE')
    expect(checkpointer.mayActivate()).toBe(true)
  })
})
