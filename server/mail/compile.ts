/** From MJML to a mail that only lacks its contact: HTML and text with Liquid inside, links numbered, pixel and preheader in place. */

import { escapeHtml, HIDDEN_LINK, PIXEL } from '../../shared/message/links.ts'
import { checkLiquid } from '../../shared/message/liquid.ts'
import type { CompiledEmail } from '../../shared/message/types.ts'
import type { EmailLocale, MessageClass } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { type Masked, maskLiquid } from './liquid-mask.ts'
import { type MjmlFinding, runMjml } from './mjml.ts'
import { numberLinks } from './number-links.ts'
import { plainText } from './plain-text.ts'
import { unbalancedTags } from './tag-balance.ts'

export type MailCompilation =
  | { ok: true; email: CompiledEmail; problems: Problem[] }
  | { ok: false; problems: Problem[] }
export type CompileOptions = { messageClass: MessageClass; postalAddress: string }

/** Problems have no step; their path is relative to the email, such as `mjml`. May take for ever on hostile input: mail-worker.ts. */
export async function compileMail(email: EmailLocale, options: CompileOptions): Promise<MailCompilation> {
  const preheader = email.preheader ?? ''
  const source = withoutComments(email.mjml)
  const before = [...liquidProblems({ subject: email.subject, preheader, mjml: source }), ...sourceProblems(source)]
  if (before.some(isError)) return { ok: false, problems: before }
  // One mask for both, so that the preheader's Liquid comes back out of the HTML too.
  const masked = maskLiquid(`${preheader}\u0000${source}`)
  const cut = masked.text.indexOf('\u0000')
  const result = await runMjml(masked.text.slice(cut + 1))
  if (!result.ok) return { ok: false, problems: [...before, badMjml(masked.unmask(result.message))] }
  const numbered = numberLinks(result.html, masked)
  const problems = [
    ...before,
    ...result.findings.flatMap((finding) => findingProblem(finding, masked)),
    ...linkProblems(numbered),
    ...lostProblems(masked, `${masked.text.slice(0, cut)}${result.html}`),
    ...postalProblems(source, options),
  ]
  const html = masked.unmask(framed(numbered.html, masked.text.slice(0, cut), options.messageClass))
  const text = masked.unmask(await plainText(numbered.html))
  problems.push(...liquidProblems({ mjml: html }), ...liquidProblems({ mjml: text }))
  if (problems.some(isError)) return { ok: false, problems: distinct(problems) }
  return { ok: true, email: { subject: email.subject, preheader, html, text, links: numbered.links }, problems }
}

/** Notes of the author stay at home, line numbers stay true; comments that Outlook reads stay in. */
const withoutComments = (mjml: string): string =>
  mjml.replace(/<!--(?!\[if|<!\[endif)[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]+/g, ''))

/** Preheader first in the body, hidden; pixel last. A marketing mail has a link that only machines see (shared/message/hits.ts). */
function framed(html: string, maskedPreheader: string, messageClass: MessageClass): string {
  const trap = messageClass === 'marketing' ? HIDDEN_LINK : ''
  const hidden =
    'display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all'
  const preheader = maskedPreheader === '' ? '' : `<div style="${hidden}">${escapeHtml(maskedPreheader)}</div>`
  const withPreheader = html.replace(/<body\b(?:[^>"']|"[^"]*"|'[^']*')*>/i, (body) => `${body}${preheader}`)
  return withPreheader.replace(/<\/body>(?![\s\S]*<\/body>)/i, () => `${trap}${PIXEL}</body>`)
}

const isError = ({ severity }: Problem): boolean => severity === 'error'

function problem(
  code: Problem['code'],
  path: string,
  message: string,
  severity: Problem['severity'] = 'error',
): Problem {
  return { code, severity, stepId: null, path, message, params: { detail: message, field: path } }
}
export const badMjml = (message: string, severity: Problem['severity'] = 'error') =>
  problem('bad-mjml', 'mjml', `MJML does not compile: ${message}.`.replace(/\.\.$/, '.'), severity)

function liquidProblems(texts: Readonly<Record<string, string>>): Problem[] {
  return Object.entries(texts).flatMap(([path, text]) => {
    const detail = checkLiquid(text)
    return detail === null ? [] : [problem('bad-liquid', path, `Liquid does not parse: ${detail}.`)]
  })
}

function sourceProblems(mjml: string): Problem[] {
  if (mjml.trim() === '') return [badMjml('the email is empty; expected <mjml>…</mjml>')]
  if (/<mj-include\b/i.test(mjml)) return [badMjml('<mj-include> reads files; put the content into the email itself')]
  if (!/<mjml\b[\s\S]*<mj-body\b/i.test(mjml)) return [badMjml('expected <mjml> with an <mj-body> in it')]
  return unbalancedTags(maskLiquid(mjml).text).map(({ tag, line, kind }) => {
    const what =
      kind === 'unclosed' ? `<${tag}> of line ${line} is never closed` : `</${tag}> in line ${line} closes nothing`
    // Liquid may open one of two HTML tags; the layout's own tags have no such excuse.
    return badMjml(what, tag.startsWith('mj') ? 'error' : 'warning')
  })
}

/** A colour or width that comes from Liquid is not known yet, so MJML cannot judge it. */
function findingProblem({ line, tag, message }: MjmlFinding, masked: Masked): Problem[] {
  if (masked.hasMask(message)) return []
  return [badMjml(`line ${line ?? '?'}, <${tag}>: ${message.trim()}`)]
}

function linkProblems({ refused, relative }: { refused: string[]; relative: string[] }): Problem[] {
  const expected = 'expected an address with https, http, mailto or tel'
  return [
    ...refused.map((url) =>
      badMjml(`the link ${JSON.stringify(url.slice(0, 100))} must not be in a mail; ${expected}`),
    ),
    ...relative.map((url) =>
      badMjml(`the link ${JSON.stringify(url.slice(0, 100))} leads nowhere; ${expected}`, 'warning'),
    ),
  ]
}

/** MJML drops text between its elements: a condition lost there would show its content to everybody. */
function lostProblems(masked: Masked, compiled: string): Problem[] {
  const [lost] = masked.lostTags(compiled)
  return lost === undefined
    ? []
    : [badMjml(`${lost} stands between elements and would be dropped; put it into <mj-raw>`)]
}

function postalProblems(mjml: string, { messageClass, postalAddress }: CompileOptions): Problem[] {
  if (messageClass !== 'marketing' || /sender\.postal_address/.test(mjml)) return []
  const squeeze = (text: string) => text.replace(/<[^>]*>|\s+/g, ' ').replace(/\s+/g, ' ')
  if (postalAddress.trim() !== '' && squeeze(mjml).includes(squeeze(postalAddress).trim())) return []
  const message = 'The mail does not show a postal address. Put {{ sender.postal_address }} into its footer.'
  return [problem('no-postal-address', 'mjml', message, 'warning')]
}

const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((found) => [`${found.path} ${found.message}`, found])).values(),
]
