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

/** A profile decides for whoever is signed in; before that the choice made on this device, the workspace, the browser. */
export function languageToSpeak(
  { user, workspace }: SessionState,
  remembered: Language | null,
  wishes: readonly string[],
): Language {
  if (user !== null) return user.locale
  if (remembered !== null) return remembered
  const ofWorkspace = workspace?.locale ?? ''
  return isLanguage(ofWorkspace) ? ofWorkspace : browserLanguage(wishes)
}
