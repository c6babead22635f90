import { describe, expect, test } from 'vitest'
import type { AttributeType } from '../../../shared/contact/values.ts'
import { rowsOf, typedValue, valueOfMode, withoutValue, withValue } from '../../../web/panels/contact-values.ts'

const known: Readonly<Record<string, AttributeType>> = { plan: 'text', visits: 'number', renewal_on: 'date' }
const typeOf = (attribute: string) => known[attribute] ?? null

describe('what an update of a contact sets', () => {
  test('reads as one row per attribute: a value, a property of the entry event, a deletion', () => {
    const rows = rowsOf({ plan: 'pro', cart: { entry: 'cartId' }, visits: null, is_vip: true }, typeOf)
    expect(rows.map(({ attribute, mode, type }) => [attribute, mode, type])).toEqual([
      ['plan', 'value', 'text'],
      ['cart', 'entry', 'text'],
      ['visits', 'delete', 'number'],
      ['is_vip', 'value', 'boolean'],
    ])
    expect(rows[1]?.entry).toBe('cartId')
  })

  test('is empty for a draft that holds something else', () => {
    expect(rowsOf(['x'], typeOf)).toEqual([])
    expect(rowsOf(null, typeOf)).toEqual([])
  })

  test('takes what is typed as the type of the attribute; what is no number stays as typed', () => {
    expect(typedValue('12', 'number')).toBe(12)
    expect(typedValue('twelve', 'number')).toBe('twelve')
    expect(typedValue('false', 'boolean')).toBe(false)
    expect(typedValue('007', 'text')).toBe('007')
    expect(typedValue('2026-12-24', 'date')).toBe('2026-12-24')
  })

  test('changes its way without keeping what made no sense any more', () => {
    const [row] = rowsOf({ visits: 7 }, typeOf)
    if (row === undefined) throw new RangeError('no row')
    expect(valueOfMode('delete', row)).toBeNull()
    expect(valueOfMode('entry', row)).toEqual({ entry: '' })
    expect(valueOfMode('value', { ...row, mode: 'delete' })).toBe(0)
  })

  test('keeps the other attributes, also one with an odd name', () => {
    const set = withValue({ plan: 'pro' }, '__proto__', 'x')
    expect(Object.entries(set)).toEqual([
      ['plan', 'pro'],
      ['__proto__', 'x'],
    ])
    expect(Object.entries(withoutValue(set, 'plan'))).toEqual([['__proto__', 'x']])
  })
})
