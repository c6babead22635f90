/** What may hang on hostile input and so runs where it can be killed: compiling an email, rendering it to be looked at, reading a mail. */
import PostalMime from 'postal-mime'
import { type Shown, showEmail } from '../../shared/message/show.ts'
import type { CompiledEmail, RenderContext } from '../../shared/message/types.ts'
import type { EmailLocale } from '../../shared/workflow/document.ts'
import { type CompileOptions, compileMail, type MailCompilation } from './compile.ts'

export type MailJob =
  | { kind: 'compile'; email: EmailLocale; options: CompileOptions }
  | { kind: 'show'; email: CompiledEmail; context: RenderContext }
  | { kind: 'read'; raw: Uint8Array }
export type MailResult =
  | { kind: 'compiled'; compilation: MailCompilation }
  | { kind: 'seen'; shown: Shown }
  | { kind: 'mail'; mail: ReadMail }
  /** The job itself broke: too deep, too large. */
  | { kind: 'broken'; detail: string }
export type MailRequest = { id: number; job: MailJob }
/** The first word of the thread: it has loaded what it needs. */
export const READY = 'ready'
export type MailReply = { id: number; result: MailResult }

export type ReadMail = { kind: 'read'; headers: { name: string; value: string }[]; text: string; html: string | null }

const LONGEST_HEADER = 10_000
const LONGEST_TEXT = 1_000_000

/** Never throws: what an email holds is its author's, and the author is told. */
export async function runMailJob(job: MailJob): Promise<MailResult> {
  try {
    if (job.kind === 'show') return { kind: 'seen', shown: showEmail(job.email, job.context) }
    if (job.kind === 'read') return { kind: 'mail', mail: await readMail(job.raw) }
    return { kind: 'compiled', compilation: await compileMail(job.email, job.options) }
  } catch (error) {
    // Nested a hundred thousand deep, a parser runs out of stack; nothing of it is kept.
    return {
      kind: 'broken',
      detail: error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 300) : 'unknown',
    }
  }
}

async function readMail(raw: Uint8Array): Promise<ReadMail> {
  const { headers, text = '', html = null } = await PostalMime.parse(raw)
  const shown = headers.map(({ originalKey, value }) => ({ name: originalKey, value: value.slice(0, LONGEST_HEADER) }))
  return { kind: 'read', headers: shown, text: text.slice(0, LONGEST_TEXT), html }
}
