/** The preference page and RFC 8058 one-click. GET shows and changes nothing; POST acts and never redirects. */
import { type Context, Hono } from 'hono'
import type { ContactId, MessageId } from '../../shared/ids.ts'
import { findTracked } from '../db/queries/messages.ts'
import { findPreferences, type Preferences } from '../db/queries/preferences.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import { note, type TrackingDeps } from './links.ts'
import { escapeText, failurePage, type PublicLocale, page, publicLocale, word } from './page.ts'

/** The topic of every marketing mail, until there are more. */
const TOPIC = 'marketing'
/** The buttons of the page, or a mail program speaking for the person. */
type Choice = 'topic' | 'everything' | 'undo' | 'one-click'
type Link = { contactId: ContactId; messageId: MessageId | null; isTest: boolean }

export function unsubscribeRoutes(deps: TrackingDeps) {
  const linkOf = (c: Context): Link | null => {
    const payload = deps.signer.verify(c.req.param('token') ?? '')
    return payload?.kind === 'unsubscribe' ? payload : null
  }
  return new Hono()
    .get('/u/:token', async (c) => {
      const link = linkOf(c)
      if (link === null) return failurePage(c, 404, 'unknownLink')
      await noteLook(deps, c, link)
      return preferencePage(deps, c, link, null)
    })
    .post('/u/:token', async (c) => {
      const link = linkOf(c)
      if (link === null) return failurePage(c, 404, 'unknownLink')
      const choice = await choiceOf(c)
      try {
        if (!link.isTest) await act(deps, link, choice)
      } catch (error) {
        deps.log.error({ err: error, contactId: link.contactId }, 'an unsubscribe could not be saved')
        return failurePage(c, 503, 'failed')
      }
      return preferencePage(deps, c, link, choice)
    })
}

/** A look is kept, because whoever fetches every link of a mail fetches this one too. */
async function noteLook(deps: TrackingDeps, c: Context, { messageId }: Link): Promise<void> {
  const message = messageId === null ? null : await findTracked(deps.db, messageId)
  if (message !== null) await note(deps, c, message, { kind: 'seen', target: 'u', linkNo: null, url: null })
}

/** What the page's own buttons say; whatever else is posted here is a one-click, in either encoding (RFC 8058 3.2). */
async function choiceOf(c: Context): Promise<Choice> {
  try {
    const { choice } = await c.req.parseBody()
    return choice === 'everything' || choice === 'undo' || choice === 'topic' ? choice : 'one-click'
  } catch (error) {
    // A body that cannot be read does not take the opt-out back: the address alone says whom it is about.
    if (error instanceof Error) return 'one-click'
    throw error
  }
}

/** How the withdrawal came, for the consent ledger. */
const SOURCES = { topic: 'unsubscribe', everything: 'preferences', 'one-click': 'one-click' } as const

/** A contact who is gone gets nothing any more: there is nothing to do, and that is a success. */
async function act(deps: TrackingDeps, { contactId, messageId }: Link, choice: Choice): Promise<void> {
  const preferences = await findPreferences(deps.db, contactId)
  if (preferences === null) return
  if (choice === 'undo') {
    if (preferences.suppression !== 'hard')
      await deps.commands('resubscribe', { contactId, topic: TOPIC, source: 'preferences' })
    return
  }
  const source = SOURCES[choice]
  const topic = choice === 'everything' ? null : TOPIC
  await deps.commands('unsubscribe', { contactId, messageId, topic, source, reason: null })
  deps.hints.changed(null)
}

async function preferencePage(deps: TrackingDeps, c: Context, link: Link, done: Choice | null): Promise<Response> {
  const preferences = await findPreferences(deps.db, link.contactId)
  const workspace = await findWorkspace(deps.db)
  const locale = publicLocale(preferences?.locale, workspace?.locale)
  const sender = workspace?.senderName || workspace?.name || ''
  const parts = [
    sender === '' ? '' : quiet(word(locale, 'from', { sender })),
    heading(headingOf(locale, preferences, link.isTest ? null : done)),
    preferences?.email == null ? '' : quiet(word(locale, 'address', { address: masked(preferences.email) })),
    link.isTest ? `<p>${escapeText(word(locale, 'testNote'))}</p>` : '',
    buttons(locale, preferences),
  ]
  return page(c, { status: 200, locale, title: word(locale, 'title'), body: parts.join('') })
}

const isOut = (preferences: Preferences | null): boolean =>
  preferences === null || preferences.marketing === 'withdrawn' || preferences.suppression !== 'none'

function headingOf(locale: PublicLocale, preferences: Preferences | null, done: Choice | null): string {
  if (preferences?.suppression === 'hard') return word(locale, 'undeliverable')
  if (preferences === null || preferences.suppression === 'global') return word(locale, 'doneAll')
  if (preferences.marketing === 'withdrawn') return word(locale, 'doneTopic')
  return word(locale, done === 'undo' ? 'undone' : 'ask')
}

function buttons(locale: PublicLocale, preferences: Preferences | null): string {
  if (preferences === null || preferences.suppression === 'hard') return ''
  const stopAll = `${button(locale, 'everything', 'stopAll', '')}${quiet(word(locale, 'stopAllHint'))}`
  if (!isOut(preferences)) return `${button(locale, 'topic', 'stopTopic', 'main')}${stopAll}`
  const undo = button(locale, 'undo', 'undo', '')
  return preferences.suppression === 'global' ? undo : `${undo}${stopAll}`
}

/** Without an action a form posts to its own address, token and all. */
const button = (
  locale: PublicLocale,
  choice: Choice,
  key: 'stopTopic' | 'stopAll' | 'undo',
  kind: '' | 'main',
): string =>
  `<form method="post"><input type="hidden" name="choice" value="${choice}"><button type="submit"${kind === '' ? '' : ` class="${kind}"`}>${escapeText(word(locale, key))}</button></form>`

const heading = (text: string): string => `<h1>${escapeText(text)}</h1>`
const quiet = (text: string): string => `<p class="quiet">${escapeText(text)}</p>`

/** Enough to recognise one's own address, too little for others to learn it. */
const masked = (email: string): string => email.replace(/^(.).*(?=@)/u, '$1***')
