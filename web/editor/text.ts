/** The builder's words, and numbers and dates as the interface language writes them. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Say } from '../../shared/condition/words.ts'

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

export function formatsFor(language: string, timeZone: string): Formats {
  const locale = INTL[language] ?? language
  const count = new Intl.NumberFormat(locale)
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const moment = new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const day = new Intl.DateTimeFormat(locale, { timeZone, day: 'numeric', month: 'short', year: 'numeric' })
  const time = new Intl.DateTimeFormat(locale, {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })
  const listed = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' })
  const zone = new Intl.DateTimeFormat(locale, {
    timeZone,
    timeZoneName: locale.startsWith('en') ? 'short' : 'shortGeneric',
  })
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    count: (value) => count.format(value),
    share: (value) => share.format(value),
    moment: (at) => moment.format(new Date(at)),
    listed: (at) => listed.format(new Date(at)),
    zone: (at) => zone.formatToParts(new Date(at)).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone,
    day: (at) => day.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    either: (words) => either.format(words),
    list: (words) => list.format(words),
  }
}

export type BuilderText = { t: Translate; formats: Formats; language: string }

/** Sentences of conditions and durations. */
export const sayWords =
  ({ t }: Pick<BuilderText, 't'>): Say =>
  (key, values) =>
    t(`words:${key}`, values)

type Dates = Pick<Formats, 'moment' | 'listed' | 'zone' | 'day' | 'time'>
/** Dates as the pages around the builder write them; `t` reads their templates. */
export type DatesFor = (language: string, zone: string, t: Translate) => Dates

/** @param zone of the workspace: dates are shown in it, whoever looks from wherever */
export function useBuilderText(zone: string, datesFor: DatesFor): BuilderText {
  const { t: translate, i18n } = useTranslation(['builder', 'app', 'words', 'problem', 'why', 'steps'])
  return useMemo(() => {
    const language = i18n.resolvedLanguage ?? i18n.language
    const t: Translate = (key, params) => String(translate(key, { ...params }))
    return { t, formats: { ...formatsFor(language, zone), ...datesFor(language, zone, t) }, language }
  }, [translate, i18n.resolvedLanguage, i18n.language, zone, datesFor])
}
