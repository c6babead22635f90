/** Texts of the catalogues made ready for an email: escaped for MJML, `{name}` and `{sender}` turned into Liquid with fallbacks. */
import { steps as en } from '../locales/en/steps.ts'
import { steps as vi } from '../locales/vi/steps.ts'
import { steps as zh } from '../locales/zh/steps.ts'
import type { EmailContent } from './document.ts'
import { type Block, letter } from './email-kit.ts'

export const CATALOGUES = { en, vi, zh } as const
export type EmailLocaleName = keyof typeof CATALOGUES
export type StepTexts = typeof en

const LANG = { en: 'en', vi: 'vi', zh: 'zh-CN' } as const satisfies Record<EmailLocaleName, string>

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

/** A text with its placeholders as Liquid; not escaped: for subjects and preheaders. */
export function asLiquid(text: string, { email }: Pick<StepTexts, 'email'>): string {
  return text
    .replaceAll('{name}', `{{ contact.first_name | default: "${email.friend}" }}`)
    .replaceAll('{sender}', `{{ sender.name | default: "${email.senderFallback}" }}`)
}

export type EmailWords = { subject: string; preheader: string; heading: string }

/** A complete email: greeting, blocks, footer. `why` they get it, if not for signing up; `fill` puts in what only these emails say. */
export function composeEmail(
  locale: EmailLocaleName,
  words: EmailWords,
  blocks: (say: (text: string) => string) => readonly Block[],
  { why, fill = (text) => text }: { why?: string; fill?: (text: string) => string } = {},
): EmailContent {
  const catalogue = CATALOGUES[locale]
  const liquid = (text: string) => fill(asLiquid(text, catalogue))
  const say = (text: string) => liquid(escaped(text))
  return {
    subject: liquid(words.subject),
    preheader: liquid(words.preheader),
    mjml: letter({
      lang: LANG[locale],
      title: say(words.heading),
      sender: say('{sender}'),
      blocks: [
        { kind: 'heading', text: say(words.heading) },
        { kind: 'text', text: say(catalogue.email.greeting) },
        ...blocks(say),
      ],
      footer: { why: say(why ?? catalogue.email.why), unsubscribe: say(catalogue.email.unsubscribe) },
    }),
  }
}
