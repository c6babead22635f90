import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import { addArm, armsOf, removeArm, shareOf, sharesOf, updateArm } from '../../../web/editor/arms.ts'

const split = {
  id: 's',
  kind: 'split',
  arms: [
    { id: 'a', label: 'Short', weight: 1, next: null },
    { id: 'b', label: '', weight: 3, next: null },
  ],
}
const document = { ...emptyDocument('Test'), steps: [split] }
const armsIn = (doc: typeof document | ReturnType<typeof addArm>) => armsOf(doc.steps[0] ?? split)

describe('the shares of a split', () => {
  test('are the weights as parts of the whole', () => {
    expect(sharesOf([50, 50])).toEqual([0.5, 0.5])
    expect(sharesOf([1, 3])).toEqual([0.25, 0.75])
  })

  test('add up to exactly one, whatever the weights', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(weights, (list) => {
        const tenths = sharesOf(list).map((share) => Math.round(share * 1_000))
        const sum = tenths.reduce((a, b) => a + b, 0)
        expect(sum).toBe(list.some((weight) => weight > 0) ? 1_000 : 0)
      }),
    )
  })

  test('three equal ways differ by no more than a tenth of a percent', () => {
    expect(sharesOf([1, 1, 1])).toEqual([0.334, 0.333, 0.333])
  })

  test('a way that weighs nothing gets nobody', () => {
    expect(sharesOf([2, 0])).toEqual([1, 0])
  })

  test('there are none as long as nothing weighs anything', () => {
    expect(sharesOf([0, 0])).toEqual([0, 0])
    expect(shareOf({ ...split, arms: [{ id: 'a', weight: 0 }] }, 'a')).toBeNull()
  })

  test('belong to splits only', () => {
    expect(shareOf(split, 'b')).toBe(0.75)
    expect(shareOf(split, 'gone')).toBeNull()
    expect(shareOf({ ...split, kind: 'branch' }, 'b')).toBeNull()
  })
})

describe('the ways of a split in a draft', () => {
  test('are read from anything a draft may hold', () => {
    const odd = { ...split, arms: [null, 'x', { weight: 3 }, { id: 'c', weight: '2', label: 7 }] }
    expect(armsOf(odd)).toEqual([{ id: 'c', label: '', weight: 0, next: null }])
    expect(armsOf({ ...split, arms: 'none' })).toEqual([])
  })

  test('a new one weighs as much as the others do on average, so equal ways stay equal', () => {
    const more = addArm(document, 's', 'c')
    expect(armsIn(more).at(-1)).toEqual({ id: 'c', label: '', weight: 2, next: null })
    const halves = updateArm(updateArm(document, 's', 'a', { weight: 0.5 }), 's', 'b', { weight: 0.5 })
    expect(armsIn(addArm(halves, 's', 'c')).map(({ weight }) => weight)).toEqual([0.5, 0.5, 0.5])
  })

  test('one is renamed and weighed without touching the others, and nothing changed is the same document', () => {
    const changed = updateArm(document, 's', 'b', { label: 'Long', weight: 1 })
    expect(armsIn(changed)).toEqual([
      { id: 'a', label: 'Short', weight: 1, next: null },
      { id: 'b', label: 'Long', weight: 1, next: null },
    ])
    expect(updateArm(changed, 's', 'b', { label: 'Long' })).toBe(changed)
    expect(updateArm(document, 's', 'gone', { weight: 2 })).toBe(document)
  })

  test('one is removed by its id', () => {
    expect(armsIn(removeArm(document, 's', 'a')).map((arm) => arm.id)).toEqual(['b'])
    expect(removeArm(document, 's', 'gone')).toBe(document)
  })
})
