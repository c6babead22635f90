import { describe, expect, test } from 'vitest'
import { recipe } from '../../../shared/workflow/recipes.ts'
import { fittedView, LEFT, PLATE, type View } from '../../../web/canvas/fit.ts'
import type { Box } from '../../../web/canvas/geometry.ts'
import { toFlow } from '../../../web/canvas/to-flow.ts'
import { formatsFor } from '../../../web/editor/text.ts'

const text = { t: (key: string) => key, formats: formatsFor('en', 'UTC'), language: 'en' }
const SMALL = { width: 1280, height: 748 }
const onScreen = (box: Box, { x, y, zoom }: View) => ({
  left: box.x * zoom + x,
  top: box.y * zoom + y,
  right: (box.x + box.width) * zoom + x,
  bottom: (box.y + box.height) * zoom + y,
})
const welcome = (): Box[] =>
  toFlow({ document: recipe('welcome', 'en'), problems: [], stats: null, selection: [], text }).nodes.map((node) => ({
    ...node.position,
    width: node.width ?? 0,
    height: node.height ?? 0,
  }))

describe('a workflow opens', () => {
  test.each([
    ['at 1280', SMALL],
    ['beside the panel', { width: 940, height: 748 }],
    ['at 1440', { width: 1440, height: 848 }],
  ])('whole, readable, clear of palette and plate %s', (_, area) => {
    const view = fittedView(welcome(), area)
    expect(view.zoom).toBeGreaterThan(0.6)
    for (const box of welcome().map((card) => onScreen(card, view))) {
      expect(box.left).toBeGreaterThanOrEqual(LEFT)
      expect(box.right).toBeLessThanOrEqual(area.width)
      expect(box.top).toBeGreaterThanOrEqual(0)
      expect(box.bottom).toBeLessThanOrEqual(area.height)
      expect(box.right > area.width - PLATE.width && box.top < PLATE.height).toBe(false)
      expect(box.left < 262 && box.bottom > area.height - 50).toBe(false)
    }
  })
  test('at its beginning when the whole could not be read', () => {
    const tall = Array.from({ length: 40 }, (_, n): Box => ({ x: 0, y: n * 112, width: 252, height: 68 }))
    const view = fittedView(tall, SMALL)
    const [first] = tall
    expect(view.zoom).toBeGreaterThan(0.6)
    expect(first === undefined ? null : onScreen(first, view).top).toBeGreaterThan(0)
  })
  test('empty, with room for a first card', () => expect(fittedView([], SMALL).zoom).toBe(1))
})
