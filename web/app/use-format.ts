import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../api/session.ts'
import { type Format, formatIn } from './format.ts'
import { isLanguage } from './language.ts'

/** Formatters in the interface's language; without a zone of their own in the workspace's. */
export function useFormat(zone?: string | null): Format {
  const { t, i18n } = useTranslation('app')
  const session = useSession()
  const used = zone ?? session.data?.workspace?.timezone ?? 'UTC'
  const language = isLanguage(i18n.language) ? i18n.language : 'en'
  return useMemo(() => formatIn(language, used, (key, values) => t(key, values ?? {})), [language, used, t])
}
