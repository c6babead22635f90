import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session.ts'
import { speak } from './i18n.ts'
import { isLanguage, type Language, languageToSpeak } from './language.ts'

const STORED_AS = 'perennial.language'

/** What was last spoken or picked on this device; null when nothing was. */
export function rememberedLanguage(): Language | null {
  const stored = localStorage.getItem(STORED_AS) ?? ''
  return isLanguage(stored) ? stored : null
}

const remember = (language: Language): void => localStorage.setItem(STORED_AS, language)

/** Speak what the session says, and remember it, so that the next visit begins in it. */
export function useSessionLanguage(): void {
  const { data: session } = useSession()
  const { i18n } = useTranslation()
  useEffect(() => {
    if (session === undefined) return
    const language = languageToSpeak(session, rememberedLanguage(), navigator.languages)
    if (session.user !== null) remember(language)
    if (language !== i18n.language) void speak(language)
  }, [session, i18n])
}

export function useLanguageChoice(): { language: Language; choose: (language: Language) => void } {
  const { i18n } = useTranslation()
  return {
    language: isLanguage(i18n.language) ? i18n.language : 'en',
    choose: (language) => {
      remember(language)
      void speak(language)
    },
  }
}
