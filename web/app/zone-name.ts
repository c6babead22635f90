/** What people call a time zone, and under which of its names it is listed. Pure. */
import type { Language } from './language.ts'

/** Names that everybody there uses and Intl does not give: the standard's abbreviation, or the capital's time. */
const COMMON_NAMES: Record<Language, Readonly<Record<string, string>>> = {
  en: {
    'Asia/Ho_Chi_Minh': 'ICT',
    'Asia/Bangkok': 'ICT',
    'Asia/Phnom_Penh': 'ICT',
    'Asia/Vientiane': 'ICT',
    'Asia/Tokyo': 'JST',
    'Asia/Seoul': 'KST',
    'Asia/Hong_Kong': 'HKT',
    'Asia/Singapore': 'SGT',
    'Asia/Jakarta': 'WIB',
  },
  vi: {},
  zh: { 'Asia/Shanghai': '北京时间' },
}

/** Where an abbreviation depends on the reader's region, the first that has one wins. */
const LOCALES: Record<Language, readonly string[]> = { en: ['en-GB', 'en-US'], vi: ['vi-VN'], zh: ['zh-CN'] }
const IS_OFFSET = /^(?:GMT|UTC)[+\-−]/

/** "ICT", "CET", "EST"; "giờ Việt Nam"; "北京时间". An offset only where a language has no name at all. */
export function zoneNameIn(language: Language, zone: string, at: Date): string {
  if (zone === 'UTC' || zone === 'Etc/UTC') return 'UTC'
  const common = COMMON_NAMES[language][modernZone(zone)]
  if (common !== undefined) return common
  const found =
    language === 'en'
      ? (named(LOCALES.en, 'short', zone, at) ?? named(LOCALES.en, 'shortGeneric', zone, at))
      : (named(LOCALES[language], 'shortGeneric', zone, at) ?? named(LOCALES[language], 'long', zone, at))
  const name = found ?? partOf(LOCALES[language][0] ?? 'en-GB', 'short', zone, at)
  return language === 'vi' ? name.replace(/^Giờ/, 'giờ') : name
}

type NameStyle = 'short' | 'shortGeneric' | 'long'

const named = (locales: readonly string[], style: NameStyle, zone: string, at: Date): string | null =>
  locales.map((locale) => partOf(locale, style, zone, at)).find((name) => !IS_OFFSET.test(name)) ?? null

const makers = new Map<string, Intl.DateTimeFormat>()

function partOf(locale: string, timeZoneName: NameStyle, timeZone: string, at: Date): string {
  const key = `${locale} ${timeZoneName} ${timeZone}`
  const maker = makers.get(key) ?? new Intl.DateTimeFormat(locale, { timeZone, timeZoneName })
  makers.set(key, maker)
  return maker.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? timeZone
}

/** Browsers list some zones under the name they had decades ago; the database itself has renamed them. */
const RENAMED: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** The name a zone has today, "Asia/Ho_Chi_Minh" for "Asia/Saigon". */
export const modernZone = (zone: string): string => RENAMED[zone] ?? zone
