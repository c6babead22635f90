import { type Fill, formatIn } from '../../app/format.ts'
import { isLanguage } from '../../app/language.ts'
import type { DatesFor } from '../../editor/text.ts'

/** Dates in the builder look as on both sides of its links. */
export const pageDates: DatesFor = (language, zone, t) => {
  const fill: Fill = (key, values) => t(`app:${key}`, values)
  const format = formatIn(isLanguage(language) ? language : 'en', zone, fill)
  const ms = (at: number | string): number => new Date(at).getTime()
  return {
    moment: (at) => format.moment(ms(at)),
    listed: (at) => fill('format.dayTime', { day: format.day(ms(at)), time: format.time(ms(at)) }),
    zone: (at) => format.zoneName(ms(at)),
    day: (at) => format.day(ms(at)),
    time: (at) => fill('format.timeZone', { time: format.time(ms(at)), zone: format.zoneName(ms(at)) }),
  }
}
