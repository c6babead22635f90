import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { giveBack, lendCopy } from '../../../server/mail/mail-buffers.ts'

const mail = (fill: number, length = 40_000) => new Uint8Array(length).fill(fill)

describe('the memory of mails on the wire', () => {
  test('is used again once it was given back', () => {
    const first = lendCopy(mail(1))
    giveBack(first)
    expect(lendCopy(mail(2, 39_000)).buffer).toBe(first.buffer)
  })

  test('goes to one mail only, even when it is given back twice', () => {
    const mine = lendCopy(mail(3))
    giveBack(mine)
    giveBack(mine)
    expect(lendCopy(mail(4)).buffer).not.toBe(lendCopy(mail(5)).buffer)
  })

  test('that nobody lent is left alone', () => {
    const own = Buffer.from(mail(6))
    giveBack(own)
    expect(lendCopy(mail(7)).buffer).not.toBe(own.buffer)
  })

  test('never changes under a mail that is still out', () => {
    const step = fc.record({ length: fc.integer({ min: 1, max: 100_000 }), isReturned: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const out = steps.flatMap(({ length, isReturned }, n) => {
          const wanted = mail(n % 256, length)
          const lent = lendCopy(wanted)
          if (isReturned) giveBack(lent)
          return isReturned ? [] : [{ lent, wanted }]
        })
        for (const { lent, wanted } of out) expect(lent.equals(wanted)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })
})
