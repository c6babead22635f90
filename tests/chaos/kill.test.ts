import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWithoutDotMark } from './control.mjs'
import { runKillTest } from './kill.mjs'

// The long form is `npm run chaos`: 4,000 contacts, 20 kills, and its report in docs/reports/chaos.md.
describe('the built product, killed while mail flows', () => {
  test('loses nobody, mails nobody twice, and owns up to what it cannot know', { timeout: 90_000 }, async () => {
    const report = await runKillTest({ contacts: 250, kills: 3 })
    expect(report.problems).toEqual([])
    expect(report).toMatchObject({ lost: 0, repeated: 0, unreported: 0 })
    expect(report.boots).toHaveLength(4)
  })
})

describe('the control: the same product whose dot mark is not written', () => {
  let control: Awaited<ReturnType<typeof buildWithoutDotMark>>
  beforeAll(async () => {
    control = await buildWithoutDotMark()
  })
  afterAll(() => control.remove())

  test('is caught by the same comparison', { timeout: 90_000 }, async () => {
    const report = await runKillTest({ contacts: 120, kills: 3, command: control.command })
    expect(report.unreported).toBeGreaterThan(0)
    expect(report.ok).toBe(false)
  })
})
