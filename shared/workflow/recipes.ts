/** Ready-made workflows, complete with their emails. What only the user can know (links, offers) stands as an example. */
import { emptyDocument, type Point, type WorkflowDocument } from './document.ts'
import { CATALOGUES, type EmailLocaleName } from './email-words.ts'
import { thankYou } from './recipe-thank-you.ts'
import { welcomeEmails } from './recipe-welcome-emails.ts'

export const RECIPES = ['welcome', 'thank-you'] as const
export type RecipeName = (typeof RECIPES)[number]
export const isRecipe = (name: string): name is RecipeName => RECIPES.some((known) => known === name)

export function recipe(name: RecipeName, locale: EmailLocaleName): WorkflowDocument {
  const builders: Record<RecipeName, (locale: EmailLocaleName) => WorkflowDocument> = { welcome, 'thank-you': thankYou }
  return builders[name](locale)
}

/** Greets people who signed up, tells a story, asks what they like, makes a first offer; stops at the first order. */
function welcome(locale: EmailLocaleName): WorkflowDocument {
  const words = CATALOGUES[locale].recipe.welcome
  const { steps: title, paths } = words
  const clicked = (email: string) => ({ message: email, did: 'clicked' })
  const document = emptyDocument(words.name)
  return {
    ...document,
    settings: { ...document.settings, exitWhen: { event: 'Order placed', within: 'since-entry' } },
    triggers: [
      { id: 'signed-up', kind: 'event', event: 'Signed up', where: null },
      { id: 'by-hand', kind: 'manual' },
    ],
    start: 'hello',
    steps: [
      { id: 'hello', kind: 'send-email', title: title.hello, email: 'hello', next: 'settle' },
      { id: 'settle', kind: 'wait', for: 'P2D', next: 'story' },
      { id: 'story', kind: 'send-email', title: title.story, email: 'story', next: 'read' },
      {
        id: 'read',
        kind: 'wait-until',
        title: title.read,
        paths: [{ id: 'clicked', label: paths.clicked, when: clicked('story'), next: 'breath' }],
        timeout: { after: 'P3D', next: 'topics' },
      },
      { id: 'breath', kind: 'wait', for: 'P1D', next: 'starters' },
      { id: 'topics', kind: 'send-email', title: title.topics, email: 'topics', next: 'days' },
      { id: 'days', kind: 'wait', for: 'P4D', next: 'starters' },
      { id: 'starters', kind: 'send-email', title: title.starters, email: 'starters', next: 'looked' },
      {
        id: 'looked',
        kind: 'wait-until',
        title: title.looked,
        paths: [{ id: 'clicked', label: paths.clicked, when: clicked('starters'), next: 'think' }],
        timeout: { after: 'P3D', next: 'interest' },
      },
      { id: 'think', kind: 'wait', for: 'P1D', next: 'help' },
      { id: 'help', kind: 'send-email', title: title.help, email: 'help', next: null },
      {
        id: 'interest',
        kind: 'branch',
        title: title.interest,
        paths: [
          {
            id: 'warm',
            label: paths.warm,
            when: { any: [clicked('hello'), clicked('topics'), { message: 'starters', did: 'opened' }] },
            next: 'last-day',
          },
        ],
        otherwise: 'peace',
      },
      { id: 'last-day', kind: 'send-email', title: title.lastDay, email: 'last-day', next: null },
      { id: 'peace', kind: 'exit', title: title.peace, reason: words.reason },
    ],
    emails: welcomeEmails(locale),
    layout: WELCOME_LAYOUT,
  }
}

/** Full cards are 68 high, slim ones 40, with 44 between; columns stand 320 apart; what is clicked goes to the left. */
const WELCOME_LAYOUT: Readonly<Record<string, Point>> = {
  'signed-up': { x: -160, y: 0 },
  'by-hand': { x: 160, y: 0 },
  hello: { x: 0, y: 96 },
  settle: { x: 0, y: 208 },
  story: { x: 0, y: 292 },
  read: { x: 0, y: 404 },
  breath: { x: -320, y: 488 },
  topics: { x: 0, y: 488 },
  days: { x: 0, y: 600 },
  starters: { x: 0, y: 684 },
  looked: { x: 0, y: 796 },
  think: { x: -320, y: 880 },
  help: { x: -320, y: 976 },
  interest: { x: 0, y: 880 },
  'last-day': { x: 0, y: 976 },
  peace: { x: 320, y: 976 },
}
