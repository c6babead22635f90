/** What is wrong with the emails a workflow sends. MJML itself is compiled by the server; here it is only looked at as a text. */
import { checkLiquid, variablesOf } from '../message/render.ts'
import type { EmailContent, EmailLocale, WorkflowDocument } from './document.ts'
import { emailKeyOf, emailOf, titleOf } from './draft.ts'
import { error, type Place, under, warning } from './findings.ts'
import type { Problem } from './problem.ts'

/** Every email some step sends, with the first such step and its name. An email nobody sends stops nothing. */
function usedEmails(doc: WorkflowDocument): { key: string; stepId: string; name: string; email: EmailContent }[] {
  const seen = new Set<string>()
  return doc.steps.flatMap((step) => {
    const key = emailKeyOf(step)
    const email = emailOf(doc, key)
    if (key === null || email === null || seen.has(key)) return []
    seen.add(key)
    return [{ key, stepId: step.id, name: titleOf(step) || key, email }]
  })
}

/** Parsing Liquid costs some 60 microseconds a placeholder: enough for any real workflow, too little to keep a thread busy. */
const MOST_PLACEHOLDERS = 20_000

/** Letters of a workflow, each language one: all are compiled on every publish, 22 to 313 ms each. */
export const MOST_EMAILS = 200

/** Counted apart from what the steps send: a document is as large as what it holds. */
export function countEmails({ emails }: Pick<WorkflowDocument, 'emails'>): number {
  return Object.values(emails).reduce((sum, { locales }) => sum + 1 + Object.keys(locales ?? {}).length, 0)
}

export function emailProblems(doc: WorkflowDocument): Problem[] {
  const found = countEmails(doc)
  if (found > MOST_EMAILS) {
    const message = `There are ${found} emails, each language counted; expected at most ${MOST_EMAILS}. Remove some.`
    return [error('too-many-emails', { stepId: null, path: 'emails' }, message, { found, most: MOST_EMAILS })]
  }
  const isMarketing = doc.settings.messageClass !== 'transactional'
  let placeholders = 0
  return usedEmails(doc).flatMap(({ key, stepId, name, email }) => {
    const at: Place = { stepId, path: `emails/${key}` }
    const locales = Object.entries(email.locales ?? {})
    placeholders += [email, ...locales.map(([, text]) => text)].reduce((sum, text) => sum + placeholdersIn(text), 0)
    if (placeholders > MOST_PLACEHOLDERS) {
      const detail = `the emails hold more than ${MOST_PLACEHOLDERS} placeholders; use fewer`
      return [
        error('bad-liquid', under(at, 'mjml'), `Liquid was not read: ${detail}.`, {
          email: name,
          field: 'mjml',
          detail,
        }),
      ]
    }
    return [
      ...localeProblems(email, at, name, isMarketing),
      ...locales.flatMap(([locale, text]) =>
        localeProblems(text, under(under(at, 'locales'), locale), `${name} (${locale})`, isMarketing),
      ),
      ...fallbackProblems([email, ...locales.map(([, text]) => text)], at, name),
    ]
  })
}

function localeProblems(text: EmailLocale, at: Place, name: string, isMarketing: boolean): Problem[] {
  const found: Problem[] = []
  const looks = lookAt(text)
  const params = { email: name }
  if (text.subject.trim() === '') {
    found.push(error('no-subject', under(at, 'subject'), `The email ${JSON.stringify(name)} has no subject.`, params))
  }
  if (text.mjml.trim() === '') {
    const message = `The email ${JSON.stringify(name)} is empty. Write it, or start from the template.`
    found.push(error('bad-mjml', under(at, 'mjml'), message, { ...params, context: 'empty', detail: '' }))
  } else if (isMarketing && !looks.hasUnsubscribe) {
    const message = `The email ${JSON.stringify(name)} has no way out. Put a link to {{ unsubscribe_url }} into it.`
    found.push(error('no-unsubscribe', under(at, 'mjml'), message, params))
  }
  for (const [field, detail] of looks.liquid) {
    found.push(error('bad-liquid', under(at, field), `Liquid does not parse: ${detail}.`, { ...params, field, detail }))
  }
  if (looks.exampleLink !== null) {
    const message = `The email ${JSON.stringify(name)} links to ${looks.exampleLink}. Put in the address of your own page.`
    found.push(warning('example-link', under(at, 'mjml'), message, { ...params, link: looks.exampleLink }))
  }
  return found
}

function fallbackProblems(texts: readonly EmailLocale[], at: Place, name: string): Problem[] {
  const bare = [...new Set(texts.flatMap((text) => lookAt(text).bare))]
  if (bare.length === 0) return []
  const variables = bare.join(', ')
  const message = `Without ${variables} the email ${JSON.stringify(name)} is not sent to that person. Add a fallback, as in {{ ${bare[0]} | default: "friend" }}.`
  return [warning('variable-without-fallback', at, message, { email: name, variables, count: bare.length })]
}

const placeholdersIn = ({ subject, preheader = '', mjml }: EmailLocale): number =>
  [subject, preheader, mjml].reduce((sum, text) => sum + text.split('{{').length + text.split('{%').length - 2, 0)

type Looks = {
  liquid: readonly (readonly ['subject' | 'preheader' | 'mjml', string])[]
  /** Variables of the contact or the event that would hold the mail back when they have no value. */
  bare: readonly string[]
  hasUnsubscribe: boolean
  exampleLink: string | null
}

/** An email is checked again with each edit of the document, so what was seen is kept as long as the very same text. */
const seenBefore = new WeakMap<EmailLocale, Looks>()

function lookAt(text: EmailLocale): Looks {
  const known = seenBefore.get(text)
  if (known !== undefined) return known
  const mjml = withoutComments(text.mjml)
  const fields = [
    ['subject', text.subject],
    ['preheader', text.preheader ?? ''],
    ['mjml', text.mjml],
  ] as const
  const checked = fields.map(([field, liquid]) => [field, liquid, checkLiquid(liquid)] as const)
  const looks: Looks = {
    liquid: checked.flatMap(([field, , detail]) => (detail === null ? [] : [[field, detail] as const])),
    bare: checked.flatMap(([, liquid, detail]) => (detail === null ? bareVariables(liquid) : [])),
    hasUnsubscribe: /\{\{-?\s*unsubscribe_url\b/.test(mjml),
    exampleLink: /https?:\/\/(?:www\.)?example\.(?:com|org|net)\b[^"'\s<]*/.exec(mjml)?.[0] ?? null,
  }
  seenBefore.set(text, looks)
  return looks
}

/** By hand, because a pattern would take minutes over a megabyte of comments that never end. */
function withoutComments(mjml: string): string {
  const kept: string[] = []
  let from = 0
  for (let open = mjml.indexOf('<!--'); open !== -1; open = mjml.indexOf('<!--', from)) {
    kept.push(mjml.slice(from, open))
    const close = mjml.indexOf('-->', open + 4)
    if (close === -1) return kept.join('')
    from = close + 3
  }
  return kept.join('') + mjml.slice(from)
}

/** The address itself is never missing: without one there is no mail. */
const bareVariables = (liquid: string): string[] =>
  variablesOf(liquid).flatMap(({ name, hasDefault }) =>
    hasDefault || name === 'contact.email' || !/^(contact|event)\s*[.[]/.test(name) ? [] : [name],
  )
