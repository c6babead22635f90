/** The catalogues, one chunk per language and namespace, loaded when a language is first spoken. */
import i18next, { type BackendModule, type ResourceKey } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { LANGUAGES, type Language } from './language.ts'

const files = import.meta.glob<Record<string, ResourceKey>>('../../shared/locales/{en,vi,zh}/*.ts')
const partsOf = (path: string): { language: string; namespace: string } => {
  const [language = '', file = ''] = path.split('/').slice(-2)
  return { language, namespace: file.replace(/\.ts$/, '') }
}
const namespaces = [...new Set(Object.keys(files).map((path) => partsOf(path).namespace))]

export type ReadCatalogue = (language: string, namespace: string) => Promise<ResourceKey>

export const readCatalogue: ReadCatalogue = async (language, namespace) => {
  const load = files[`../../shared/locales/${language}/${namespace}.ts`]
  if (load === undefined) throw new Error(`no catalogue ${language}/${namespace}`)
  const loaded = await load()
  // `public` is a reserved word and cannot name a constant: a file's only export is its catalogue.
  return loaded[namespace] ?? Object.values(loaded)[0] ?? {}
}

const missingIn = (language: Language): string[] =>
  namespaces.filter((namespace) => !i18next.hasResourceBundle(language, namespace))

/**
 * Speak another language, all of it or not at all: words of one language beside the dates of another help nobody.
 *
 * @returns false when a catalogue could not be loaded; then the language from before goes on. Asking again tries again.
 */
export async function speak(language: Language): Promise<boolean> {
  await i18next.loadLanguages(language)
  const missing = missingIn(language)
  if (missing.length > 0) await i18next.reloadResources([language], missing) // a failed one is not asked for again by itself
  if (missingIn(language).length > 0) return false
  await i18next.changeLanguage(language)
  return true
}

export async function startI18n(language: Language, read: ReadCatalogue = readCatalogue): Promise<void> {
  const catalogues: BackendModule = { type: 'backend', init() {}, read }
  i18next.on('languageChanged', (spoken) => {
    document.documentElement.lang = spoken
  })
  await i18next
    .use(catalogues)
    .use(initReactI18next)
    .init({
      lng: 'en', // the one that stands in for what another lacks is loaded in any case
      fallbackLng: 'en',
      supportedLngs: [...LANGUAGES],
      ns: namespaces,
      defaultNS: 'app',
      interpolation: { escapeValue: false }, // React escapes
      react: { useSuspense: true },
    })
  if (language !== 'en') await speak(language)
}
