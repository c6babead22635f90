/** Scenario S15: what stands still is said within two minutes, in the product, to whoever watches it, and to Prometheus. */
import type { Updateable } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SendingAccountTable } from '../../../server/db/schema.ts'
import type { Alarm } from '../../../shared/api/settings.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../shared/time/instant.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { twoMails, welcome } from '../../support/documents.ts'
import { MONDAY } from '../../support/world.ts'

const SMTP = {
  kind: 'smtp',
  host: '127.0.0.1',
  port: 25,
  security: 'none',
  username: '',
  maxConnections: 2,
  ratePerSecond: null,
  ratePerHour: null,
  quotaPerDay: null,
} as const

let t: TestApp
beforeEach(async () => {
  t = await testApp()
})
afterEach(() => t.close())

const alarms = async () => (await t.call<{ alarms: Alarm[] }>('GET', '/api/v1/status')).body.alarms
const codes = async () => (await alarms()).map(({ code }) => code)
const ready = () => t.raw('GET', '/readyz')
const metrics = async () => (await t.call('GET', '/metrics')).text

describe('a stall of five minutes', () => {
  test('is said before two of them are over, with its beginning, and ends by itself', async () => {
    await t.world.publish(welcome())
    await t.world.event(await t.world.subscriber('ann@example.com'), 'Signed up')
    const stalledAt = t.now()
    t.pass(2 * MINUTE_MS)
    const [lag] = (await alarms()).filter(({ code }) => code === 'lag')
    expect(lag).toMatchObject({ severity: 'problem', since: new Date(stalledAt).toISOString() })
    expect((await ready()).body).toMatchObject({ status: 'ready', alarms: expect.arrayContaining(['lag']) })
    expect(await metrics()).toMatch(/perennial_alarm\{code="lag"\} 1/)
    await t.world.settle()
    expect(await codes()).not.toContain('lag')
    expect(await metrics()).toMatch(/perennial_alarm\{code="lag"\} 0/)
  })
})

describe('a mail server that refuses the password', () => {
  test('is an alarm at once, with the name of the account', async () => {
    const { id } = await t.commands('save-account', {
      id: null,
      settings: { ...SMTP, name: 'Main', username: 'ann' },
    })
    await t.commands('set-account-status', { id, status: 'paused', reason: 'auth-refused', response: '535 no' })
    t.pass(2 * MINUTE_MS)
    expect(await alarms()).toMatchObject([{ code: 'account-paused', values: { account: 'Main' } }])
  })
})

describe('a mail server out of reach', () => {
  test('is an alarm until it answers', async () => {
    const id = await t.world.accountId()
    const trouble = { code: 'no-connection', response: 'refused', retryAt: t.now() + MINUTE_MS } as const
    await t.commands('note-account', { id, trouble })
    expect(await codes()).toEqual(['account-unreachable'])
    expect(await metrics()).toMatch(/perennial_account_up\{account="\d+"\} 0/)
    await t.commands('note-account', { id, trouble: null })
    expect(await codes()).toEqual([])
  })
})

describe('the embedded inbox', () => {
  test('is mentioned once live workflows have more people than one tries a product with', async () => {
    await t.world.publish(twoMails())
    for (let n = 0; n < 24; n += 1) await t.world.subscriber(`p${n}@example.com`)
    expect(await codes()).toEqual([])
    await t.world.subscriber('ann@example.com')
    expect(await alarms()).toMatchObject([{ code: 'embedded-inbox', severity: 'information', values: { count: 25 } }])
  })
})

describe('/readyz', () => {
  test('tells codes and nothing about anybody', async () => {
    await t.world.publish(twoMails())
    await t.world.subscriber('ann@example.com')
    const { text } = await ready()
    expect(text).not.toMatch(/ann|Garden|contacts/)
  })
})

describe('/metrics', () => {
  test('needs a key with the scope metrics', async () => {
    expect((await t.raw('GET', '/metrics')).status).toBe(401)
    const made = await t.call<{ key: string }>('POST', '/api/v1/api-keys', { name: 'x', scopes: ['contacts:read'] })
    const other = await t.raw('GET', '/metrics', { headers: { authorization: `Bearer ${made.body.key}` } })
    expect(other.status).toBe(403)
  })

  test('names no contact, no workflow, no address, and only routes of ours', async () => {
    await t.world.publish(welcome())
    const ann = await t.world.subscriber('ann@example.com')
    await t.world.event(ann, 'Signed up')
    await t.world.settle()
    for (const path of [`/api/v1/contacts/${ann}`, '/api/v1/contacts?q=ann', '/nowhere/ann@example.com', '/t/c/abc'])
      await t.call('GET', path)
    const text = await metrics()
    expect(text).not.toMatch(/ann@|"\/api\/v1\/contacts\/\d|nowhere/)
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/contacts\/:id",status="2xx"\} 1/,
    )
    expect(text).toMatch(/route="other",status="4xx"/)
    expect(text).toMatch(/perennial_enrollments\{state="active"\} 1/)
    expect(text).toMatch(/perennial_messages\{status="sent"\} 1/)
    expect(text).toMatch(/perennial_scheduler_lag_seconds 0/)
    expect(text).toMatch(/process_resident_memory_bytes \d+/)
  })

  test('stays a few hundred lines, whoever asks for what', async () => {
    for (let i = 0; i < 50; i += 1) await t.call('GET', `/api/v1/${'x'.repeat(i)}/${i}`)
    expect((await metrics()).split('\n').length).toBeLessThan(600)
  })
})

describe('mail that is ready and does not move, beside an account that has nothing to do', () => {
  /** @param first  what is known of the account that has the mail */
  async function codesAfterTwoMinutes(first: Partial<Updateable<SendingAccountTable>>) {
    const { threadReports } = await import('../../../server/ops/thread-reports.ts')
    const { createWatch } = await import('../../../server/ops/watch.ts')
    t.world.deliver = () => Promise.resolve(0)
    for (const name of ['Busy', 'Idle']) await t.commands('save-account', { id: null, settings: { ...SMTP, name } })
    const busy = await t.world.accountId()
    await t.world.publish(twoMails())
    await t.world.event(await t.world.subscriber('ann@example.com'), 'Signed up')
    await t.world.settle()
    await t.db.sql.updateTable('sending_account').set(first).where('id', '=', busy).execute()
    const reports = threadReports(t.now)
    const watch = createWatch({ db: t.db, now: t.now, ticks: t.now, dataDir: t.dataDir, reports })
    const writer = { queue: 0, commands: 0, slices: { counts: [], sumMs: 0 }, totals: {} }
    const look = async () => {
      reports.heard('writer', { kind: 'report', loop: { lagMs: 0, utilization: 0 }, writer })
      return watch.alarms()
    }
    await look()
    t.pass(2 * MINUTE_MS)
    return (await look()).map(({ code }) => code)
  }
  const tomorrow = { day_ends_at: MONDAY + HOUR_MS }

  test('is late where the account could send it', async () => {
    expect(await codesAfterTwoMinutes({ name: 'Works' })).toEqual(['lag'])
  })

  test('is late where yesterday used its quota up', async () => {
    expect(await codesAfterTwoMinutes({ quota_per_day: 5, day_used: 5, day_ends_at: 0 })).toEqual(['lag'])
  })

  test.each<[string, Partial<Updateable<SendingAccountTable>>, string[]]>([
    ['used its quota up', { quota_per_day: 5, day_used: 5, ...tomorrow }, ['quota-used']],
    ['sends a few an hour', { rate_per_hour: 2 }, []],
    ['cannot reach its server', { trouble_code: 'no-connection', trouble_since: MONDAY }, ['account-unreachable']],
    ['is paused', { status: 'paused', paused_at: MONDAY }, ['account-paused']],
  ])('waits where the account %s', async (_, first, codes) => {
    expect(await codesAfterTwoMinutes(first)).toEqual(codes)
  })
})

test('a quota that is used up says since when, until the next day', async () => {
  const spent = { quota_per_day: 5, day_used: 5, day_ends_at: t.now() + 60 * MINUTE_MS }
  await t.db.sql.updateTable('sending_account').set(spent).execute()
  const began = new Date(t.now()).toISOString()
  expect(await alarms()).toMatchObject([{ code: 'quota-used', since: began }])
  t.pass(30 * MINUTE_MS)
  expect(await alarms()).toMatchObject([{ code: 'quota-used', since: began }])
  t.pass(30 * MINUTE_MS)
  expect(await alarms()).toEqual([])
  await t.db.sql
    .updateTable('sending_account')
    .set({ day_ends_at: t.now() + 60 * MINUTE_MS })
    .execute()
  expect(await alarms()).toMatchObject([{ code: 'quota-used', since: new Date(t.now()).toISOString() }])
})

test('a writer that has been silent for a minute is stuck, and the product is not ready', async () => {
  const { threadReports } = await import('../../../server/ops/thread-reports.ts')
  const { createWatch } = await import('../../../server/ops/watch.ts')
  const reports = threadReports(t.now)
  const watch = createWatch({ db: t.db, now: t.now, ticks: t.now, dataDir: t.dataDir, reports })
  const loop = { lagMs: 0, utilization: 0 }
  const writer = { queue: 0, commands: 0, slices: { counts: [], sumMs: 0 }, totals: {} }
  reports.heard('writer', { kind: 'report', loop, writer })
  expect((await watch.alarms()).map(({ code }) => code)).toEqual([])
  t.pass(MINUTE_MS)
  expect((await watch.alarms()).map(({ code }) => code)).toEqual(['writer-stuck'])
})

test('a database that cannot be written is an alarm until it can', async () => {
  const { createWatch } = await import('../../../server/ops/watch.ts')
  const watch = createWatch({ db: t.db, now: t.now, ticks: t.now, dataDir: t.dataDir, reports: null })
  const full = watch.watched(async () => {
    throw Object.assign(new Error('database or disk is full'), { name: 'SqliteError' })
  })
  await expect(full('clear-inbox', null)).rejects.toThrow('full')
  t.pass(30 * SECOND_MS)
  expect(await watch.alarms()).toMatchObject([{ code: 'not-writable' }])
  await watch.watched(t.commands)('clear-inbox', null)
  expect(await watch.alarms()).toEqual([])
})

test('a write that failed stops being an alarm when nothing has failed for two minutes, though no command comes', async () => {
  const { createWatch } = await import('../../../server/ops/watch.ts')
  const watch = createWatch({ db: t.db, now: t.now, ticks: t.now, dataDir: t.dataDir, reports: null })
  const full = watch.watched(async () => {
    throw new Error('database or disk is full')
  })
  const began = new Date(t.now()).toISOString()
  for (let i = 0; i < 3; i += 1) {
    await expect(full('clear-inbox', null)).rejects.toThrow('full')
    t.pass(2 * MINUTE_MS - SECOND_MS)
    expect(await watch.alarms()).toMatchObject([{ code: 'not-writable', since: began }])
  }
  t.pass(SECOND_MS)
  expect(await watch.alarms()).toEqual([])
})

test('a clock that is put an hour forward is an alarm, one that drifts is not', async () => {
  const { createWatch } = await import('../../../server/ops/watch.ts')
  let ticks = 0
  const watch = createWatch({ db: t.db, now: t.now, ticks: () => ticks, dataDir: t.dataDir, reports: null })
  for (let i = 0; i < 100; i += 1) {
    ticks += 59_000
    t.pass(MINUTE_MS)
    expect(await watch.alarms()).toEqual([])
  }
  t.pass(60 * MINUTE_MS)
  expect(await watch.alarms()).toMatchObject([{ code: 'clock-jumped', values: { minutes: 60 } }])
})
