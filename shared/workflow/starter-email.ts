/** The email a new email step starts with: complete and presentable, every text asking to be replaced. */
import type { EmailContent } from './document.ts'
import { CATALOGUES, composeEmail, type EmailLocaleName } from './email-words.ts'

export function starterEmail(locale: EmailLocaleName): EmailContent {
  const words = CATALOGUES[locale].starter
  return composeEmail(locale, words, (say) => [
    { kind: 'text', text: say(words.first) },
    { kind: 'text', text: say(words.second) },
    { kind: 'button', label: say(words.button), href: 'https://example.com/' },
    { kind: 'divider' },
    { kind: 'quiet', text: say(words.closing) },
  ])
}
