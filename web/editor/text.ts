/** The builder's words, and numbers and dates as the interface language writes them. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Say } from '../../shared/condition/words.ts'
import { type Fill, formatIn } from '../app/format.ts'
import { isLanguage } from '../app/language.ts'

export type Params = Readonly<Record<string, string | number>>
/** Key of a catalogue (`builder` unless the key names another, e.g. `problem:no-trigger`) to a sentence. */
export type Translate = (key: string, params?: Params) => string

export type Formats = {
  count(value: number): string
  /** 0 to 1 in, one decimal out. */
  share(value: number): string
  moment(at: number | string): string
  /** Without weekday and zone, for lists that name the zone once. */
  listed(at: number | string): string
  zone(at: number | string): string
  day(at: number | string): string
  time(at: number | string): string
  /** "Ordered, Clicked or Opened" as the language joins words. */
  either(words: readonly string[]): string
  list(words: readonly string[]): string
}

const INTL: Readonly<Record<string, string>> = { zh: 'zh-CN', vi: 'vi-VN', en: 'en-GB' }

/** Where no catalogue says in which order day, time and zone stand. */
const plain: Fill = (_, values = {}) => Object.values(values).join(' ')

/** @param fill reads the templates of the pages around, so that a date looks the same on both sides of a link */
export function formatsFor(language: string, timeZone: string, fill: Fill = plain): Formats {
  const locale = INTL[language] ?? language
  const format = formatIn(isLanguage(language) ? language : 'en', timeZone, fill)
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  const ms = (at: number | string): number => new Date(at).getTime()
  return {
    count: format.count,
    share: (value) => share.format(value),
    moment: (at) => format.moment(ms(at)),
    listed: (at) => fill('format.dayTime', { day: format.day(ms(at)), time: format.time(ms(at)) }),
    zone: (at) => format.zoneName(ms(at)),
    day: (at) => format.day(ms(at)),
    time: (at) => fill('format.timeZone', { time: format.time(ms(at)), zone: format.zoneName(ms(at)) }),
    either: (words) => either.format(words),
    list: format.list,
  }
}

export type BuilderText = { t: Translate; formats: Formats; language: string }

/** Sentences of conditions and durations. */
export const sayWords =
  ({ t }: Pick<BuilderText, 't'>): Say =>
  (key, values) =>
    t(`words:${key}`, values)

/** @param zone of the workspace: dates are shown in it, whoever looks from wherever */
export function useBuilderText(zone: string): BuilderText {
  const { t, i18n } = useTranslation(['builder', 'app', 'words', 'problem', 'why', 'steps'])
  return useMemo(() => {
    const language = i18n.resolvedLanguage ?? i18n.language
    return {
      t: (key, params) => String(t(key, { ...params })),
      formats: formatsFor(language, zone, (key, values) => String(t(`app:${key}`, { ...values }))),
      language,
    }
  }, [t, i18n.resolvedLanguage, i18n.language, zone])
}
