/** The emails of the recipe Welcome. Links lead to example.com until the user puts in their own; the check says so. */
import type { EmailContent } from './document.ts'
import { CATALOGUES, composeEmail, type EmailLocaleName } from './email-words.ts'

const SITE = 'https://example.com'
const CODE = 'WELCOME10'

export function welcomeEmails(locale: EmailLocaleName): Record<string, EmailContent> {
  const { hello, story, topics, starters, help, lastDay, code } = CATALOGUES[locale].recipe.welcome
  return {
    hello: composeEmail(locale, hello, (say) => [
      { kind: 'text', text: say(hello.intro) },
      { kind: 'text', text: `<strong>${say(hello.lead)}</strong>` },
      {
        kind: 'points',
        items: [
          { title: say(hello.one), text: say(hello.oneText) },
          { title: say(hello.two), text: say(hello.twoText) },
          { title: say(hello.three), text: say(hello.threeText) },
        ],
      },
      { kind: 'button', label: say(hello.button), href: `${SITE}/start` },
      { kind: 'divider' },
      { kind: 'quiet', text: say(hello.closing) },
    ]),
    story: composeEmail(locale, story, (say) => [
      { kind: 'text', text: say(story.first) },
      { kind: 'quote', text: say(story.quote) },
      { kind: 'text', text: say(story.second) },
      { kind: 'button', label: say(story.button), href: `${SITE}/story` },
    ]),
    topics: composeEmail(locale, topics, (say) => [
      { kind: 'text', text: say(topics.intro) },
      {
        kind: 'choices',
        items: [
          { title: say(topics.news), text: say(topics.newsText), href: `${SITE}/new` },
          { title: say(topics.ideas), text: say(topics.ideasText), href: `${SITE}/ideas` },
          { title: say(topics.offers), text: say(topics.offersText), href: `${SITE}/offers` },
        ],
      },
      { kind: 'divider' },
      { kind: 'quiet', text: say(topics.closing) },
    ]),
    starters: composeEmail(locale, starters, (say) => [
      { kind: 'text', text: say(starters.intro) },
      {
        kind: 'points',
        items: [
          { title: say(starters.one), text: say(starters.oneText) },
          { title: say(starters.two), text: say(starters.twoText) },
          { title: say(starters.three), text: say(starters.threeText) },
        ],
      },
      { kind: 'code', caption: say(code), code: CODE, note: say(starters.offer) },
      { kind: 'button', label: say(starters.button), href: `${SITE}/shop` },
    ]),
    help: composeEmail(locale, help, (say) => [
      { kind: 'text', text: say(help.first) },
      { kind: 'code', caption: say(code), code: CODE, note: say(help.offer) },
      { kind: 'button', label: say(help.button), href: `${SITE}/shop` },
    ]),
    'last-day': composeEmail(locale, lastDay, (say) => [
      { kind: 'text', text: say(lastDay.first) },
      { kind: 'code', caption: say(code), code: CODE, note: say(lastDay.offer) },
      { kind: 'button', label: say(lastDay.button), href: `${SITE}/shop` },
    ]),
  }
}
