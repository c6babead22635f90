/** The emails of the recipe Post-purchase thank you. Links lead to example.com until the user puts in their own; the check says so. */
import type { EmailContent } from './document.ts'
import { CATALOGUES, composeEmail, type EmailLocaleName } from './email-words.ts'

const SITE = 'https://example.com'
const CODE = 'THANKYOU15'

export function thankYouEmails(locale: EmailLocaleName): Record<string, EmailContent> {
  const { thanks, back, regular, best, why, item } = CATALOGUES[locale].recipe['thank-you']
  const about = { why, fill: (text: string) => text.replaceAll('{item}', `{{ event.item | default: "${item}" }}`) }
  return {
    thanks: composeEmail(
      locale,
      thanks,
      (say) => [
        { kind: 'text', text: say(thanks.first) },
        { kind: 'text', text: `<strong>${say(thanks.lead)}</strong>` },
        {
          kind: 'points',
          items: [
            { title: say(thanks.one), text: say(thanks.oneText) },
            { title: say(thanks.two), text: say(thanks.twoText) },
            { title: say(thanks.three), text: say(thanks.threeText) },
          ],
        },
        { kind: 'divider' },
        { kind: 'quiet', text: say(thanks.closing) },
      ],
      about,
    ),
    back: composeEmail(
      locale,
      back,
      (say) => [
        { kind: 'text', text: say(back.first) },
        { kind: 'text', text: say(back.second) },
        { kind: 'button', label: say(back.button), href: `${SITE}/order` },
      ],
      about,
    ),
    regular: composeEmail(
      locale,
      regular,
      (say) => [
        { kind: 'text', text: say(regular.first) },
        { kind: 'code', caption: say(regular.code), code: CODE, note: say(regular.offer) },
        { kind: 'button', label: say(regular.button), href: `${SITE}/shop` },
      ],
      about,
    ),
    best: composeEmail(
      locale,
      best,
      (say) => [
        { kind: 'text', text: say(best.intro) },
        {
          kind: 'points',
          items: [
            { title: say(best.one), text: say(best.oneText) },
            { title: say(best.two), text: say(best.twoText) },
            { title: say(best.three), text: say(best.threeText) },
          ],
        },
        { kind: 'button', label: say(best.button), href: `${SITE}/guide` },
        { kind: 'divider' },
        { kind: 'quiet', text: say(best.closing) },
      ],
      about,
    ),
  }
}
