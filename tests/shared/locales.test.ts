import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const LOCALES = join(ROOT, 'shared/locales')
const LANGUAGES = ['en', 'vi', 'zh'] as const
type Language = (typeof LANGUAGES)[number]
type Catalogue = { [key: string]: string | Catalogue }

const namespacesOf = (language: Language): string[] =>
  readdirSync(join(LOCALES, language))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()

async function load(language: Language, namespace: string): Promise<Map<string, string>> {
  const module = (await import(join(LOCALES, language, `${namespace}.ts`))) as Record<string, Catalogue | undefined>
  // `public` is a reserved word and cannot name a constant: a file's only export is its catalogue.
  const catalogue = module[namespace] ?? Object.values(module)[0]
  if (catalogue === undefined) throw new Error(`${language}/${namespace}.ts exports no "${namespace}"`)
  return new Map(flatten(catalogue, ''))
}

const flatten = (catalogue: Catalogue, path: string): [string, string][] =>
  Object.entries(catalogue).flatMap(([key, value]) => {
    const at = path === '' ? key : `${path}.${key}`
    return typeof value === 'string' ? [[at, value] as [string, string]] : flatten(value, at)
  })

/** vi and zh have one plural form: what English says in `_one` and `_other` they say in `_other`. */
const keysOf = (texts: Map<string, string>): string[] =>
  [...texts.keys()].filter((key) => !/_(one|two|few|many|zero)$/.test(key)).sort()
const placeholdersOf = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{?-?\s*(\w+)/g)].map(([, name]) => name ?? ''))].sort()

/** A text without letters, or of names and symbols alone, is the same in every language. */
const NAMES =
  /\b(?:Perennial|SMTP|SMTP_URL|STARTTLS|TLS|API|CSV|MJML|Liquid|HTML|URL|ID|UTC|Markdown|JSON|Ctrl|Cmd|Alt|Shift|Enter|Esc)\b/g
/** English words that Vietnamese or Chinese writers use as they are. */
const SAME_ON_PURPOSE = new Set(['Email', 'email', 'OK'])
const isSayable = (text: string): boolean =>
  /\p{L}/u.test(text.replace(/\{\{?.*?\}?\}/g, '').replace(NAMES, '')) && !SAME_ON_PURPOSE.has(text)

const namespaces = namespacesOf('en')

describe('catalogues', () => {
  test.each(['vi', 'zh'] as const)('%s has every namespace', (language) => {
    expect(namespacesOf(language)).toEqual(namespaces)
  })

  describe.each(namespaces)('%s', (namespace) => {
    test.each(['vi', 'zh'] as const)('says the same things in %s', async (language) => {
      const [english, other] = [await load('en', namespace), await load(language, namespace)]
      expect(keysOf(other)).toEqual(keysOf(english))
    })

    test.each(['vi', 'zh'] as const)('keeps the placeholders in %s', async (language) => {
      const [english, other] = [await load('en', namespace), await load(language, namespace)]
      const differing = keysOf(english).filter(
        (key) => placeholdersOf(english.get(key) ?? '').join() !== placeholdersOf(other.get(key) ?? '').join(),
      )
      expect(differing).toEqual([])
    })

    test.each(['vi', 'zh'] as const)('is translated into %s, not copied', async (language) => {
      const [english, other] = [await load('en', namespace), await load(language, namespace)]
      const copied = [...english].filter(([key, text]) => other.get(key) === text && isSayable(text))
      expect(copied).toEqual([])
    })

    test.each(LANGUAGES)('leaves no text empty in %s', async (language) => {
      const empty = [...(await load(language, namespace))].filter(([, text]) => text.trim() === '')
      expect(empty).toEqual([])
    })
  })
})

describe('texts on the pages', () => {
  const sources = ['web/app', 'web/pages'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('workflow/'))
      .map((name) => join(folder, name)),
  )

  test('every key the pages name is in the catalogue', async () => {
    const known = await load('en', 'app')
    const missing = sources.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\b(?:t|fill)\(\s*'([a-zA-Z][\w.-]*)'/g)]
        .map(([, key]) => key ?? '')
        .filter((key) => !known.has(key) && !known.has(`${key}_other`))
        .map((key) => `${file}: ${key}`),
    )
    expect(missing).toEqual([])
  })
})
