import { describe, expect, test } from 'vitest'
import { type Fill, formatIn } from '../../../web/app/format.ts'
import { modernZone, zoneNameIn } from '../../../web/app/zone-name.ts'

const fill: Fill = (key, values = {}) => `${key}(${Object.values(values).join('|')})`
const AT = '2026-11-21T08:00:00.000Z'
const NOW = Date.parse('2026-11-21T09:00:00.000Z')
const of = (language: 'en' | 'vi' | 'zh', zone = 'Asia/Ho_Chi_Minh') => formatIn(language, zone, fill)

describe('numbers', () => {
  test('a count is grouped as its readers do', () => {
    expect([of('en').count(4812), of('vi').count(4812), of('zh').count(4812)]).toEqual(['4,812', '4.812', '4,812'])
  })

  test('a share has one decimal, and none without a base', () => {
    expect(of('en').share(142, 1000)).toBe('14.2%')
    expect(of('vi').share(142, 1000)).toBe('14,2%')
    expect(of('en').share(0, 0)).toBe('–')
  })

  test.each([
    [1, '1 byte'],
    [123, '123 bytes'],
    [2_400, '2.4 kB'],
    [2_400_000, '2.4 MB'],
  ])('%d bytes read %s', (size, text) => {
    expect(of('en').bytes(size)).toBe(text)
  })
})

describe('moments', () => {
  test('days are written as their readers write them', () => {
    expect([of('en').day(AT), of('vi').day(AT), of('zh').day(AT)]).toEqual([
      '21 Nov 2026',
      '21/11/2026',
      '2026年11月21日',
    ])
  })

  test('a moment near now says only what is needed', () => {
    expect(of('en').near(AT, NOW)).toBe('format.today(15:00)')
    expect(of('en').near('2026-11-24T08:00:00.000Z', NOW)).toBe('format.dayTime(24 Nov|15:00)')
    expect(of('vi').near('2026-11-24T08:00:00.000Z', NOW)).toBe('format.dayTime(24/11|15:00)')
    expect(of('en').near('2027-01-02T08:00:00.000Z', NOW)).toBe('format.dayTime(2 Jan 2027|15:00)')
  })

  test('the year turns where the reader is', () => {
    expect(of('en').near('2026-12-31T18:00:00.000Z', NOW)).toBe('format.dayTime(1 Jan 2027|01:00)')
  })

  test('relative only under an hour, never into the future', () => {
    expect(of('en').ago('2026-11-21T08:59:56.000Z', NOW)).toBe('4 sec ago')
    expect(of('en').ago('2026-11-21T08:14:00.000Z', NOW)).toBe('46 min ago')
    expect(of('en').ago(AT, NOW)).toBe('format.today(15:00)')
    expect(of('en').ago('2026-11-21T09:01:00.000Z', NOW)).toBe('format.today(16:01)')
  })
})

describe('zones', () => {
  test.each([
    ['en', 'Asia/Ho_Chi_Minh', 'ICT'],
    ['en', 'Asia/Saigon', 'ICT'],
    ['en', 'Europe/Berlin', 'CET'],
    ['en', 'America/New_York', 'EST'],
    ['en', 'Asia/Kathmandu', 'Nepal Time'],
    ['vi', 'Asia/Ho_Chi_Minh', 'giờ Việt Nam'],
    ['zh', 'Asia/Ho_Chi_Minh', '越南时间'],
    ['zh', 'Asia/Shanghai', '北京时间'],
    ['vi', 'UTC', 'UTC'],
  ] as const)('in %s, %s is called %s', (language, zone, name) => {
    expect(zoneNameIn(language, zone, new Date(AT))).toBe(name)
  })

  test('in summer the name is the summer one', () => {
    expect(zoneNameIn('en', 'Europe/Berlin', new Date('2026-07-01T00:00:00Z'))).toBe('CEST')
  })

  test('a zone is listed under the name it has today', () => {
    expect(modernZone('Asia/Saigon')).toBe('Asia/Ho_Chi_Minh')
    expect(modernZone('Europe/Berlin')).toBe('Europe/Berlin')
  })
})
