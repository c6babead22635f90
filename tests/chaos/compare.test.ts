import { describe, expect, test } from 'vitest'
import { compare, keyOf } from './compare.mjs'

type Row = Parameters<typeof compare>[0]['rows'][number]
type Delivery = Parameters<typeof compare>[0]['deliveries'][number]

const id = (key: string) => `${key}.i1@perennial.example`
const row = (key: string, status = 'sent', more: Partial<Row> = {}): Row => ({
  key,
  status,
  reason: null,
  messageId: id(key),
  doubted: false,
  ...more,
})
const delivery = (key: string, more: Partial<Delivery> = {}): Delivery => ({
  messageId: `<${id(key)}>`,
  recipient: 'a@example.com',
  dot: true,
  code: 250,
  dropped: false,
  ...more,
})
const judge = (rows: Row[], deliveries: Delivery[], more: Partial<Parameters<typeof compare>[0]> = {}) =>
  compare({ rows, deliveries, expected: rows.length, kills: 1, connections: 2, policy: 'hold', ...more })

describe('the comparison of outbox and sink', () => {
  test('is content when everything arrived once', () => {
    expect(judge([row('1.1.0'), row('2.1.0')], [delivery('1.1.0'), delivery('2.1.0')])).toMatchObject({
      ok: true,
      sent: 2,
      lost: 0,
      repeated: 0,
    })
  })
  test('misses a mail called sent that never arrived', () => {
    expect(judge([row('1.1.0')], []).problems).toEqual(['1 called sent that the sink never had (1.1.0)'])
  })
  test('does not count a mail cut off before its dot, nor one refused at its dot', () => {
    const cut = delivery('1.1.0', { dot: false, code: null })
    expect(judge([row('1.1.0')], [cut, delivery('1.1.0', { code: 451 }), delivery('1.1.0')])).toMatchObject({
      ok: true,
      cutInData: 1,
      refusedForNow: 1,
    })
  })
  test('finds what arrived twice, under hold in every case', () => {
    const twice = [delivery('1.1.0'), delivery('1.1.0')]
    expect(judge([row('1.1.0')], twice).problems).toEqual(['1 received twice without a report (1.1.0)'])
    expect(judge([row('1.1.0', 'uncertain')], twice).ok).toBe(false)
  })
  test('accepts a repeat under resend when the doubt was recorded, and only then', () => {
    const twice = [delivery('1.1.0'), delivery('1.1.0')]
    expect(judge([row('1.1.0', 'sent', { doubted: true })], twice, { policy: 'resend' }).ok).toBe(true)
    expect(judge([row('1.1.0')], twice, { policy: 'resend' }).unreported).toBe(1)
  })
  test('lets an uncertain mail have arrived or not', () => {
    const rows = [row('1.1.0', 'uncertain'), row('2.1.0', 'uncertain')]
    expect(judge(rows, [delivery('1.1.0')])).toMatchObject({ ok: true, uncertain: 2, uncertainArrived: 1 })
  })
  test('bounds the uncertain by connections per kill and drops', () => {
    const rows = ['1.1.0', '2.1.0', '3.1.0', '4.1.0'].map((key) => row(key, 'uncertain'))
    const dropped = delivery('1.1.0', { code: null, dropped: true })
    expect(judge(rows, [dropped]).problems).toEqual(['4 uncertain, more than 1 kills x 2 connections + 1 drops'])
    expect(judge(rows.slice(1), [dropped], { expected: 3 }).problems).toEqual([
      '1 received that the product knows nothing of (1.1.0)',
    ])
  })
  test('finds a mail that arrived though it is said to be skipped or failed', () => {
    expect(judge([row('1.1.0', 'skipped', { reason: 'suppressed' })], [delivery('1.1.0')]).problems).toEqual([
      '1 received though the product says they were not sent (1.1.0)',
    ])
  })
  test('adds up, with skips by reason, and misses whoever has no message at all', () => {
    const rows = [row('1.1.0', 'failed'), row('2.1.0', 'skipped', { reason: 'suppressed' })]
    expect(judge(rows, [], { expected: 2 })).toMatchObject({ ok: true, failed: 1, skipped: { suppressed: 1 } })
    expect(judge(rows, [], { expected: 3 }).problems).toEqual(['sent + failed + skipped + uncertain is 2, expected 3'])
  })
  test('does not take unfinished work for success, nor a changed Message-ID', () => {
    expect(judge([row('1.1.0', 'queued')], []).problems).toContain('1 still queued')
    expect(judge([row('1.1.0', 'sent', { messageId: '1.1.0.i2@perennial.example' })], [delivery('1.1.0')]).ok).toBe(
      false,
    )
  })
  test('reads the outbox key from a Message-ID', () => {
    expect(keyOf('<12.3.0.abc@example.com>')).toBe('12.3.0')
    expect(keyOf('<something@else>')).toBe('')
  })
})
