import i18next from 'i18next'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { SessionState } from '../../../shared/api/session.ts'
import { readCatalogue, speak, startI18n } from '../../../web/app/i18n.ts'
import { browserLanguage, LANGUAGES, type Language, languageToSpeak } from '../../../web/app/language.ts'

const OF_SENDING: Record<Language, string> = { en: 'Sending', vi: 'Gửi thư', zh: '发送' }
const root = { lang: 'en' }
let isReachable = true

beforeEach(async () => {
  vi.stubGlobal('document', { documentElement: root })
  isReachable = true
  await startI18n('en', (language, namespace) =>
    isReachable ? readCatalogue(language, namespace) : Promise.reject(new Error('the chunk is gone')),
  )
})

const session = (user: Language | null, workspace: Language | null): SessionState => ({
  needsSetup: false,
  user: user === null ? null : { id: '1', email: 'a@example.com', name: 'A', role: 'owner', locale: user },
  workspace:
    workspace === null
      ? null
      : { name: 'W', timezone: 'UTC', locale: workspace, senderName: '', senderEmail: '', postalAddress: '' },
})

describe('which language is spoken', () => {
  test.each(LANGUAGES)('%s in the profile wins over device, workspace and browser', (language) => {
    for (const other of LANGUAGES) expect(languageToSpeak(session(language, other), other, [other])).toBe(language)
  })

  test('before signing in the choice on this device counts, then the workspace, then the browser', () => {
    expect(languageToSpeak(session(null, 'vi'), 'zh', ['en'])).toBe('zh')
    expect(languageToSpeak(session(null, 'vi'), null, ['en'])).toBe('vi')
    expect(languageToSpeak(session(null, null), null, ['zh-Hans-CN', 'en'])).toBe('zh')
  })

  test('a browser that wishes for none of ours gets English', () => {
    expect(browserLanguage(['de-DE', 'fr'])).toBe('en')
    expect(browserLanguage(['de-DE', 'vi-VN'])).toBe('vi')
  })
})

describe('speaking', () => {
  test('a language whose catalogues cannot be loaded is not spoken by half, and is asked for again', async () => {
    isReachable = false
    expect(await speak('zh')).toBe(false)
    expect([i18next.language, root.lang, i18next.t('app:settings.sending')]).toEqual(['en', 'en', 'Sending'])
    isReachable = true
    expect(await speak('zh')).toBe(true)
    expect([i18next.language, root.lang, i18next.t('app:settings.sending')]).toEqual(['zh', 'zh', '发送'])
  })

  test.each(LANGUAGES)('%s: words, formats and the page agree', async (language) => {
    expect(await speak(language)).toBe(true)
    expect(i18next.language).toBe(language)
    expect(root.lang).toBe(language)
    expect(i18next.t('app:settings.sending')).toBe(OF_SENDING[language])
  })
})
