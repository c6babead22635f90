import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session.ts'
import { isLanguage, type Language, languageOf } from './language.ts'

const STORED_AS = 'perennial.language'

/** What was picked on this device before anybody signed in; null when nothing was. */
export function rememberedLanguage(): Language | null {
  const stored = localStorage.getItem(STORED_AS) ?? ''
  return isLanguage(stored) ? stored : null
}

/** Speak what the session says. A choice on this device stands in for a profile until somebody signs in. */
export function useSessionLanguage(): void {
  const { data: session } = useSession()
  const { i18n } = useTranslation()
  useEffect(() => {
    if (session === undefined) return
    const remembered = session.user === null ? rememberedLanguage() : null
    const spoken = remembered ?? languageOf(session, navigator.languages)
    if (spoken !== i18n.language) void i18n.changeLanguage(spoken)
  }, [session, i18n])
}

export function useLanguageChoice(): { language: Language; choose: (language: Language) => void } {
  const { i18n } = useTranslation()
  return {
    language: isLanguage(i18n.language) ? i18n.language : 'en',
    choose: (language) => {
      localStorage.setItem(STORED_AS, language)
      void i18n.changeLanguage(language)
    },
  }
}
