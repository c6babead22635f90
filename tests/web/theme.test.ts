import { describe, expect, test } from 'vitest'
import { FAMILIES, FAMILY_COLOURS, MEANINGS, NEUTRALS, type Scheme, SERIES, variablesOf } from '../../web/app/tokens.ts'

/** WCAG 2.2 relative luminance of `#rrggbb`. */
function luminance(hex: string): number {
  const linear = (at: number): number => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5)
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05)
}

const grounds = (scheme: Scheme): string[] => {
  const { paper, surface, raised, sunken } = NEUTRALS[scheme]
  return [paper, surface, raised, sunken]
}
const worst = (colour: string, scheme: Scheme): number =>
  Math.min(...grounds(scheme).map((ground) => contrast(colour, ground)))
/** The stated ratio, which some rows round down: never less by more than a rounding, and not more than the next tenth. */
function expectRatio(found: number, stated: number): void {
  expect(found).toBeGreaterThan(stated - 0.06)
  expect(found).toBeLessThan(stated + 0.1)
}

// [token, light, dark]: the worst of paper, surface, raised and sunken, as the design language says
const neutral: [keyof (typeof NEUTRALS)['light'], number, number][] = [
  ['control', 3.1, 3.7],
  ['edge', 3.1, 3.7],
  ['ink', 12.9, 12.0],
  ['ink2', 6.4, 7.8],
  ['ink3', 4.6, 5.5],
]
const meaning: [keyof (typeof MEANINGS)['light'], number, number][] = [
  ['leaf', 5.4, 7.6],
  ['leaf-text', 6.9, 8.8],
  ['madder', 5.6, 7.2],
  ['honey', 5.6, 8.6],
  ['rain', 5.8, 7.7],
]
const onWash: [
  'leaf-text' | 'madder' | 'honey' | 'rain',
  'leaf-wash' | 'madder-wash' | 'honey-wash' | 'rain-wash',
  number,
  number,
][] = [
  ['leaf-text', 'leaf-wash', 7.0, 8.0],
  ['madder', 'madder-wash', 5.6, 7.4],
  ['honey', 'honey-wash', 5.8, 8.2],
  ['rain', 'rain-wash', 5.9, 7.5],
]
// light on white, paper, wash; dark on raised, paper, wash
const families: Record<(typeof FAMILIES)[number], [number, number, number, number, number, number]> = {
  trigger: [7.4, 6.7, 6.2, 7.8, 9.6, 7.0],
  message: [7.8, 7.2, 6.6, 6.6, 8.1, 6.2],
  time: [6.0, 5.5, 5.0, 7.3, 8.9, 6.6],
  logic: [5.7, 5.2, 4.8, 8.3, 10.2, 7.3],
  action: [7.7, 7.0, 6.4, 5.5, 6.8, 5.3],
  end: [13.1, 12.0, 10.5, 12.6, 15.5, 10.5],
}

describe('contrast of the tokens', () => {
  test.each(neutral)('%s keeps its ratio on every ground', (token, light, dark) => {
    expectRatio(worst(NEUTRALS.light[token], 'light'), light)
    expectRatio(worst(NEUTRALS.dark[token], 'dark'), dark)
  })

  test.each(meaning)('%s keeps its ratio on every ground', (token, light, dark) => {
    expectRatio(worst(MEANINGS.light[token], 'light'), light)
    expectRatio(worst(MEANINGS.dark[token], 'dark'), dark)
  })

  test.each(onWash)('%s is readable on %s', (token, wash, light, dark) => {
    expectRatio(contrast(MEANINGS.light[token], MEANINGS.light[wash]), light)
    expectRatio(contrast(MEANINGS.dark[token], MEANINGS.dark[wash]), dark)
  })

  test('text on the primary fill is readable', () => {
    expectRatio(contrast(MEANINGS.light['on-leaf'], MEANINGS.light.leaf), 6.4)
    expectRatio(contrast(MEANINGS.dark['on-leaf'], MEANINGS.dark.leaf), 8.6)
    for (const scheme of ['light', 'dark'] as const)
      expect(contrast(MEANINGS[scheme]['on-madder'], MEANINGS[scheme].madder)).toBeGreaterThanOrEqual(4.5)
  })

  test.each(FAMILIES)('the family %s keeps its ratios', (family) => {
    const { light, dark } = FAMILY_COLOURS
    const found = [
      contrast(light[family].colour, NEUTRALS.light.raised),
      contrast(light[family].colour, NEUTRALS.light.paper),
      contrast(light[family].colour, light[family].wash),
      contrast(dark[family].colour, NEUTRALS.dark.raised),
      contrast(dark[family].colour, NEUTRALS.dark.paper),
      contrast(dark[family].colour, dark[family].wash),
    ]
    for (const [index, stated] of families[family].entries()) expectRatio(found[index] ?? 0, stated)
  })

  test('series of charts stand out from the ground they are drawn on, 3:1 or more', () => {
    for (const scheme of ['light', 'dark'] as const)
      for (const colour of SERIES[scheme]) expect(contrast(colour, NEUTRALS[scheme].surface)).toBeGreaterThanOrEqual(3)
  })

  test('both schemes name the same variables', () => {
    expect(Object.keys(variablesOf('light'))).toEqual(Object.keys(variablesOf('dark')))
  })
})
