/** The file of refused rows in the language of whoever reads it. */
import { app as en } from '../../shared/locales/en/app.ts'
import { app as vi } from '../../shared/locales/vi/app.ts'
import { app as zh } from '../../shared/locales/zh/app.ts'

const CATALOGUES = { en: en.import, vi: vi.import, zh: zh.import }

export type RejectedWords = {
  header: string[]
  /** Our sentence, with the words of the server behind it where they name what was found. */
  reason(row: { code: string; message: string }): string
}

export function rejectedWords(locale: string | undefined, accepted: string | undefined): RejectedWords {
  const { errors, reason } = CATALOGUES[languageOf(locale, accepted)]
  const sentences: Readonly<Record<string, string>> = reason
  return {
    header: [errors.row, errors.column, errors.code, errors.reason, errors.record],
    reason: ({ code, message }) => {
      const sentence = Object.hasOwn(sentences, code) ? sentences[code] : undefined
      const found = /^"(?:[^"\\]|\\.)*"/.exec(message)?.[0]
      if (sentence === undefined) return message
      return found === undefined ? sentence : `${sentence} ${found}`
    },
  }
}

function languageOf(locale: string | undefined, accepted = ''): keyof typeof CATALOGUES {
  for (const tag of [locale ?? '', ...accepted.split(',')]) {
    const base = tag.trim().toLowerCase().slice(0, 2)
    if (base === 'en' || base === 'vi' || base === 'zh') return base
  }
  return 'en'
}
