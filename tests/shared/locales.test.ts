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

  /** `t('key')` speaks of the catalogues its file uses, `t('catalogue:key')` of that one. */
  test('every key the pages name is in the catalogue', async () => {
    const catalogues = new Map(
      await Promise.all(namespaces.map(async (name) => [name, await load('en', name)] as const)),
    )
    const has = (name: string, key: string): boolean => {
      const known = catalogues.get(name)
      return known?.has(key) === true || known?.has(`${key}_other`) === true
    }
    const missing = sources.flatMap((file) => {
      const text = readFileSync(join(ROOT, file), 'utf8')
      const used = [...new Set([...text.matchAll(/useTranslation\('(\w+)'\)/g)].map(([, name = '']) => name))]
      return [...text.matchAll(/\b(?:t|fill)\(\s*'(?:(\w+):)?([a-zA-Z][\w.-]*)'/g)]
        .map(([, name, key = '']) => ({ key, names: name === undefined ? (used.length > 0 ? used : ['app']) : [name] }))
        .filter(({ key, names }) => !names.some((name) => has(name, key)))
        .map(({ key, names }) => `${file}: ${names.join('|')}:${key}`)
    })
    expect(missing).toEqual([])
  })
})
