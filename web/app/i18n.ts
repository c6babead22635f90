/** The catalogues, one chunk per language and namespace, loaded when a language is first spoken. */
import i18next, { type BackendModule, type ResourceKey } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { LANGUAGES } from './language.ts'

const files = import.meta.glob<Record<string, ResourceKey>>('../../shared/locales/{en,vi,zh}/*.ts')
const partsOf = (path: string): { language: string; namespace: string } => {
  const [language = '', file = ''] = path.split('/').slice(-2)
  return { language, namespace: file.replace(/\.ts$/, '') }
}
const namespaces = [...new Set(Object.keys(files).map((path) => partsOf(path).namespace))]

const catalogues: BackendModule = {
  type: 'backend',
  init() {},
  async read(language, namespace) {
    const load = files[`../../shared/locales/${language}/${namespace}.ts`]
    if (load === undefined) throw new Error(`no catalogue ${language}/${namespace}`)
    const loaded = await load()
    // `public` is a reserved word and cannot name a constant: a file's only export is its catalogue.
    return loaded[namespace] ?? Object.values(loaded)[0] ?? {}
  },
}

export async function startI18n(language: string): Promise<void> {
  i18next.on('languageChanged', (spoken) => {
    document.documentElement.lang = spoken
  })
  await i18next
    .use(catalogues)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: 'en',
      supportedLngs: [...LANGUAGES],
      ns: namespaces,
      defaultNS: 'app',
      interpolation: { escapeValue: false }, // React escapes
      react: { useSuspense: true },
    })
}
