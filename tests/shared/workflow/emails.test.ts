import mjml2html from 'mjml'
import { describe, expect, test } from 'vitest'
import { problem as en } from '../../../shared/locales/en/problem.ts'
import { steps as enSteps } from '../../../shared/locales/en/steps.ts'
import { problem as vi } from '../../../shared/locales/vi/problem.ts'
import { steps as viSteps } from '../../../shared/locales/vi/steps.ts'
import { problem as zh } from '../../../shared/locales/zh/problem.ts'
import { steps as zhSteps } from '../../../shared/locales/zh/steps.ts'
import { variablesOf } from '../../../shared/message/render.ts'
import { parseDocument } from '../../../shared/workflow/document.ts'
import { letter } from '../../../shared/workflow/email-kit.ts'
import { stepKinds, triggerKinds } from '../../../shared/workflow/kinds.ts'
import { outlineOf } from '../../../shared/workflow/outline.ts'
import { PROBLEM_CODES } from '../../../shared/workflow/problem.ts'
import { isRecipe, RECIPES, recipe } from '../../../shared/workflow/recipes.ts'
import { starterEmail } from '../../../shared/workflow/starter-email.ts'
import { check } from './support.ts'

const LOCALES = ['en', 'vi', 'zh'] as const

async function compile(mjml: string): Promise<string> {
  const { html, errors } = await mjml2html(mjml, { validationLevel: 'soft' })
  expect(errors).toEqual([])
  return html
}

const BROUGHT_ALONG = LOCALES.flatMap((locale) => RECIPES.map((name) => ({ name, locale })))

describe.each(BROUGHT_ALONG)('the emails of $name, in $locale', ({ name, locale }) => {
  const doc = recipe(name, locale)
  const emails = Object.entries({ ...doc.emails, starter: starterEmail(locale) })

  test.each(emails)('%s compiles, is complete and can be left', async (_key, email) => {
    const html = await compile(email.mjml)
    expect(html).toContain(`lang="${locale === 'zh' ? 'zh-CN' : locale}"`)
    expect(html).toContain('{{ unsubscribe_url }}')
    expect(html).toContain('{{ sender.postal_address }}')
    expect(html).toContain('name="color-scheme"')
    expect(html).toMatch(/<h1[ >]/)
    expect(email.subject.length).toBeGreaterThan(5)
    expect(email.preheader?.length).toBeGreaterThan(8)
    expect(html.length).toBeLessThan(90_000) // Gmail clips at 102 KB
    const bare = variablesOf(`${email.subject}${email.preheader}${email.mjml}`).filter(
      (variable) => !variable.hasDefault,
    )
    expect(bare.map((variable) => variable.name).sort()).toEqual(['sender.postal_address', 'unsubscribe_url'])
    expect(`${email.subject}${email.preheader}${email.mjml}`).not.toMatch(
      /\{(name|sender|item)\}|undefined|!(?!important|-|DOCTYPE)/,
    )
  })

  test('the recipe has no error, and warns only of links the user must put in', () => {
    expect(new Set(check(doc).map((problem) => problem.code))).toEqual(new Set(['example-link']))
  })
  test('every step and trigger of the recipe has its place, and none covers another', () => {
    const ids = [...doc.triggers, ...doc.steps].map((item) => item.id)
    expect(Object.keys(doc.layout).sort()).toEqual([...ids].sort())
    const places = Object.values(doc.layout)
    const covers = places.filter((a, at) =>
      places.some((b, other) => other > at && Math.abs(a.x - b.x) < 252 && Math.abs(a.y - b.y) < 68),
    )
    expect(covers).toEqual([])
  })
  test('the recipe is a document like any other', () => {
    expect(parseDocument(JSON.parse(JSON.stringify(doc)))).toEqual(doc)
    expect(outlineOf(doc).filter((row) => row.kind === 'step')).toHaveLength(doc.steps.length)
  })
})

test('recipes are known by name', () => {
  expect([isRecipe('welcome'), isRecipe('thank-you'), isRecipe('constructor')]).toEqual([true, true, false])
})

test('every colour of the design can be read on its ground, light and dark', () => {
  const pairs = [
    ['#22271F', '#F6F5F0'],
    ['#22271F', '#FFFFFF'],
    ['#22271F', '#EEF5EC'],
    ['#5A6054', '#F6F5F0'],
    ['#5A6054', '#FFFFFF'],
    ['#5A6054', '#EEF5EC'],
    ['#24593B', '#F6F5F0'],
    ['#24593B', '#FFFFFF'],
    ['#FFFFFF', '#2D6A47'],
    ['#ECEAE1', '#161916'],
    ['#ECEAE1', '#1E221E'],
    ['#ECEAE1', '#21352A'],
    ['#BEC0B4', '#161916'],
    ['#BEC0B4', '#21352A'],
    ['#9BD8B2', '#1E221E'],
    ['#0F2417', '#86CBA0'],
  ] as const
  const design = letter({
    lang: 'en',
    title: 'x',
    sender: 'x',
    footer: { why: 'x', unsubscribe: 'x' },
    blocks: [
      { kind: 'code', caption: 'x', code: 'x', note: 'x' },
      { kind: 'quiet', text: 'x' },
    ],
  })
  for (const [ink, ground] of pairs) {
    expect(design, `${ink} and ${ground} are in the design`).toEqual(expect.stringContaining(ink))
    expect(design).toContain(ground)
    expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light + 0.05) / (dark + 0.05)
}
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

describe('the catalogues', () => {
  const leaves = (value: unknown, path = ''): [string, string][] =>
    typeof value === 'string'
      ? [[path, value]]
      : Object.entries(value as object).flatMap(([key, below]) => leaves(below, `${path}.${key}`))

  test.each([
    ['en', en],
    ['vi', vi],
    ['zh', zh],
  ])('%s has a sentence for every problem, with the same values in it', (_locale, catalogue) => {
    expect(PROBLEM_CODES.filter((code) => !(code in catalogue))).toEqual([])
    const values = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort()
    for (const [key, text] of Object.entries(catalogue)) {
      expect(values(text), key).toEqual(values(en[key as keyof typeof en]))
    }
  })
  test.each([
    ['vi', viSteps],
    ['zh', zhSteps],
  ])('%s says all of the steps in its own words', (_locale, catalogue) => {
    const english = new Map(leaves(enSteps))
    for (const [path, text] of leaves(catalogue)) {
      expect(text, path).not.toBe(english.get(path))
      expect([...text.matchAll(/\{\w+\}/g)].map(String).sort(), path).toEqual(
        [...(english.get(path) ?? '').matchAll(/\{\w+\}/g)].map(String).sort(),
      )
    }
    expect(leaves(catalogue).map(([path]) => path)).toEqual([...english.keys()])
  })
  test('every kind has a name, a line about it and a title to start with', () => {
    for (const kind of Object.keys(stepKinds)) {
      expect(leaves(enSteps).map(([path]) => path)).toEqual(
        expect.arrayContaining([`.kind.${kind}`, `.about.${kind}`, `.untitled.${kind}`]),
      )
    }
    expect(Object.keys(enSteps.trigger)).toEqual(Object.keys(triggerKinds))
  })
})
