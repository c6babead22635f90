/** Which language the interface speaks: the person's, else the workspace's, else the browser's. */
import { LOCALES, type SessionState } from '../../shared/api/session.ts'

export type Language = (typeof LOCALES)[number]
export const LANGUAGES: readonly Language[] = LOCALES
/** Each language by its own name, for the picker. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', vi: 'Tiếng Việt', zh: '简体中文' }

export const isLanguage = (value: string): value is Language => LANGUAGES.some((language) => language === value)

/** The first of the browser's wishes that we speak, else English. */
export function browserLanguage(wishes: readonly string[]): Language {
  for (const wish of wishes) {
    const primary = wish.toLowerCase().split('-')[0] ?? ''
    if (isLanguage(primary)) return primary
  }
  return 'en'
}

export function languageOf(session: SessionState | undefined, wishes: readonly string[]): Language {
  if (session?.user) return session.user.locale
  const ofWorkspace = session?.workspace?.locale ?? ''
  return isLanguage(ofWorkspace) ? ofWorkspace : browserLanguage(wishes)
}
