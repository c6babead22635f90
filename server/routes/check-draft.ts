/** What a document is checked against here, and its emails compiled on the way to a version. */
import type { CheckContext } from '../../shared/workflow/check.ts'
import { checkWorkflow } from '../../shared/workflow/check.ts'
import type { EmailContent, EmailLocale, WorkflowDocument } from '../../shared/workflow/document.ts'
import { countEmails, MOST_EMAILS } from '../../shared/workflow/email-problems.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import type { CompiledEmailInput } from '../commands/contract.ts'
import { attributeTypes } from '../db/queries/contacts.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import type { RouteDeps } from './deps.ts'

type ShownProblem = Omit<Problem, 'params'> & { params?: Record<string, string | number> }

export async function checkContext({ db }: RouteDeps): Promise<CheckContext> {
  const workspace = await findWorkspace(db)
  const sender = workspace === null ? null : { email: workspace.senderEmail, postalAddress: workspace.postalAddress }
  return { attributes: await attributeTypes(db), sender }
}

/** What compile says of a document, without MJML. */
export async function checkDraft(deps: RouteDeps, document: WorkflowDocument): Promise<ShownProblem[]> {
  return shownProblems(checkWorkflow(document, await checkContext(deps)))
}

export const shownProblems = (problems: readonly Problem[]): ShownProblem[] =>
  problems.map(({ params, ...rest }) => (params === undefined ? rest : { ...rest, params: { ...params } }))

export const hasErrors = (problems: readonly { severity?: string | undefined }[]): boolean =>
  problems.some(({ severity }) => severity !== 'warning')

/** Compile every email that a step sends, in every language it has; none of too many, and none after one that takes for ever. */
export async function compileEmails(
  deps: RouteDeps,
  document: WorkflowDocument,
): Promise<{ emails: CompiledEmailInput[]; problems: Problem[] }> {
  const { postalAddress } = (await findWorkspace(deps.db)) ?? { postalAddress: '' }
  const emails: CompiledEmailInput[] = []
  const problems: Problem[] = []
  // The check of the document says so (email-problems.ts).
  if (countEmails(document) > MOST_EMAILS) return { emails, problems }
  for (const [key, content] of Object.entries(document.emails)) {
    const step = document.steps.find(({ kind, email }) => kind === 'send-email' && email === key)
    if (step === undefined) continue
    for (const [locale, email] of languagesOf(content)) {
      const compiled = await deps.compiler.compile(email, {
        messageClass: document.settings.messageClass,
        postalAddress,
      })
      const at = locale === '' ? `emails/${key}` : `emails/${key}/locales/${locale}`
      problems.push(
        ...compiled.problems.map((problem) => ({ ...problem, stepId: step.id, path: `${at}/${problem.path}` })),
      )
      if (compiled.ok) emails.push(emailInput(key, locale, compiled.email))
      if (!compiled.ok && compiled.isGivenUp === true) return { emails, problems }
    }
  }
  return { emails, problems }
}

export const emailInput = (
  key: string,
  locale: string,
  email: Omit<CompiledEmailInput, 'key' | 'locale'>,
): CompiledEmailInput => ({
  key,
  locale,
  subject: email.subject,
  preheader: email.preheader,
  html: email.html,
  text: email.text,
  links: email.links,
})

const languagesOf = (content: EmailContent): [string, EmailLocale][] => [
  ['', content],
  ...Object.entries(content.locales ?? {}),
]

/** The content for one language: the exact one, its base language, else the default. */
export function inLanguage(content: EmailContent, locale: string | null | undefined): EmailLocale {
  const locales = content.locales ?? {}
  if (locale == null) return content
  const base = locale.split('-')[0] ?? locale
  return Object.hasOwn(locales, locale)
    ? (locales[locale] ?? content)
    : Object.hasOwn(locales, base)
      ? (locales[base] ?? content)
      : content
}
