import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from '../../../server/db/queries/page.ts'

const written = (json: string) => Buffer.from(json).toString('base64url')

describe('a cursor', () => {
  test('comes back as it was given out', () => {
    expect(decodeCursor(encodeCursor(['ann', 'ánn', 7]), ['string', 'string', 'number'])).toEqual(['ann', 'ánn', 7])
    expect(decodeCursor('', ['number'])).toBeNull()
  })

  test.each([
    '[1e308]',
    '[9007199254740993]',
    '[-9223372036854775808]',
    '[1e999]',
    '[0.5]',
    '["7"]',
    '[null]',
    '[1,2]',
    '{"0":1,"length":1}',
    'nonsense',
  ])('of %s, where a number stands, is refused in a sentence', (json) => {
    expect(() => decodeCursor(written(json), ['number'])).toThrow(/^The cursor is .*; expected the nextCursor/)
  })

  test.each(['["\\u0000"]', '["a\\u0000b"]', '["\\ud800"]', '["x\\udc00y"]', '[5]', '[["a"]]'])(
    'of %s, where a text stands, is refused: no database could look for it',
    (json) => {
      expect(() => decodeCursor(written(json), ['string'])).toThrow(/^The cursor is /)
    },
  )
})
