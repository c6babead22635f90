import { describe, expect, test } from 'vitest'
import { type AlarmFacts, alarmsOf } from '../../../server/ops/alarms.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../shared/time/instant.ts'

const NOW = Date.parse('2026-03-02T09:00:00Z')
const calm: AlarmFacts = {
  dueLagMs: 0,
  mailStuckSince: null,
  uncertain: 0,
  oldestUncertainAt: null,
  accounts: [],
  inboxSince: null,
  contacts: 10,
  writerHeardAt: NOW - 5 * SECOND_MS,
  disk: { freeBytes: 40e9, totalBytes: 100e9, since: NOW },
  notWritable: null,
  clockJump: null,
}
const account = (changes: Partial<AlarmFacts['accounts'][number]> = {}) => ({
  id: 1,
  name: 'Main',
  kind: 'smtp',
  status: 'active',
  paused_reason: null,
  paused_at: null,
  trouble_code: null,
  trouble_since: null,
  retry_at: null,
  quota_per_day: null,
  day_used: 0,
  day_ends_at: 0,
  quota_used_since: null,
  ...changes,
})
const codes = (changes: Partial<AlarmFacts>) => alarmsOf({ ...calm, ...changes }, NOW).map(({ code }) => code)

describe('alarms', () => {
  test('are silent while all is well', () => {
    expect(codes({ accounts: [account()] })).toEqual([])
  })

  test.each<[string, Partial<AlarmFacts>]>([
    ['lag', { dueLagMs: MINUTE_MS + 1 }],
    ['lag', { mailStuckSince: NOW - 2 * MINUTE_MS }],
    ['writer-stuck', { writerHeardAt: NOW - MINUTE_MS }],
    ['account-paused', { accounts: [account({ status: 'paused', paused_at: NOW, paused_reason: 'auth-refused' })] }],
    ['account-unreachable', { accounts: [account({ trouble_code: 'no-connection', trouble_since: NOW })] }],
    [
      'quota-used',
      {
        accounts: [
          account({ quota_per_day: 200, day_used: 200, day_ends_at: NOW + HOUR_MS, quota_used_since: NOW - HOUR_MS }),
        ],
      },
    ],
    ['uncertain', { uncertain: 3, oldestUncertainAt: NOW }],
    ['disk', { disk: { freeBytes: 100e6, totalBytes: 100e9, since: NOW } }],
    ['not-writable', { notWritable: { since: NOW, problem: 'database or disk is full' } }],
    ['clock-jumped', { clockJump: { at: NOW - MINUTE_MS, byMs: -HOUR_MS } }],
    ['embedded-inbox', { inboxSince: NOW }],
  ])('say %s', (code, changes) => {
    expect(codes(changes)).toEqual([code])
  })

  test('name the account, what is wrong with it, and since when', () => {
    const paused = account({ status: 'paused', paused_at: NOW - HOUR_MS, trouble_code: 'auth-refused' })
    expect(alarmsOf({ ...calm, accounts: [paused] }, NOW)).toEqual([
      {
        code: 'account-paused',
        severity: 'problem',
        since: new Date(NOW - HOUR_MS).toISOString(),
        values: { account: 'Main', reason: 'auth-refused' },
      },
    ])
  })

  test('say nothing of a minute that is not over, of yesterday’s quota, or of a clock put right an hour ago', () => {
    expect(codes({ dueLagMs: MINUTE_MS, mailStuckSince: NOW - MINUTE_MS })).toEqual([])
    expect(codes({ accounts: [account({ quota_per_day: 200, day_used: 200, day_ends_at: NOW })] })).toEqual([])
    expect(codes({ clockJump: { at: NOW - HOUR_MS, byMs: HOUR_MS } })).toEqual([])
  })
})
