import { describe, expect, test } from 'vitest'
import { emptyDocument } from '../../../shared/workflow/document.ts'
import { RECIPES, recipe } from '../../../shared/workflow/recipes.ts'
import { SKETCH, sketchOf } from '../../../web/pages/workflows/sketch.ts'

describe('the sketch of a recipe', () => {
  test.each(RECIPES)('%s fits its card, begins with one seed and leaves no step out', (name) => {
    const document = recipe(name, 'en')
    const { nodes, lines } = sketchOf(document)
    expect(nodes.filter((node) => node.family === 'trigger')).toHaveLength(1)
    expect(nodes).toHaveLength(document.steps.length + 1)
    for (const { x, y } of nodes) {
      expect(x).toBeGreaterThanOrEqual(8)
      expect(x).toBeLessThanOrEqual(SKETCH.width - 8)
      expect(y).toBeGreaterThanOrEqual(8)
      expect(y).toBeLessThanOrEqual(SKETCH.height - 8)
    }
    expect(lines.length).toBeGreaterThanOrEqual(document.steps.length)
  })

  test('reads from left to right', () => {
    const { nodes } = sketchOf(recipe('welcome', 'en'))
    const at = (id: string) => nodes.find((node) => node.id === id)?.x ?? Number.NaN
    expect([at('trigger'), at('hello'), at('settle'), at('story')].toSorted((a, b) => a - b)).toEqual([
      at('trigger'),
      at('hello'),
      at('settle'),
      at('story'),
    ])
  })

  test('no two steps stand on each other', () => {
    for (const name of RECIPES) {
      const places = sketchOf(recipe(name, 'en')).nodes.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)
      expect(new Set(places).size).toBe(places.length)
    }
  })

  test('of nothing is nothing', () => {
    expect(sketchOf(emptyDocument('Empty'))).toMatchObject({ nodes: [], lines: [] })
  })
})
