/** Emails compiled and shown, and mails read, in a thread that hostile ones cannot hold for long. */
import type { Shown } from '../../shared/message/show.ts'
import type { CompiledEmail, RenderContext } from '../../shared/message/types.ts'
import type { EmailLocale } from '../../shared/workflow/document.ts'
import type { Problem } from '../../shared/workflow/problem.ts'
import { badMjml, type CompileOptions, type MailCompilation } from './compile.ts'
import type { MailResult, ReadMail } from './mail-job.ts'
import { inlineMail, mailWorker, type Patience } from './mail-worker.ts'

/** `isGivenUp`: it took the whole time there is; whoever has more of them asks no further. */
export type Compilation = MailCompilation | { ok: false; problems: Problem[]; isGivenUp: boolean }
export type MailCompiler = {
  /** Problems have no step; their path is relative to the email, such as `mjml`. Never throws for what an email may contain. */
  compile(email: EmailLocale, options: CompileOptions): Promise<Compilation>
  /** One contact's view of it. Never throws for what an email or a contact may contain. */
  show(email: CompiledEmail, context: RenderContext): Promise<Shown>
  /** A mail as it came over SMTP; it may be none. */
  read(raw: Uint8Array): Promise<ReadMail | { kind: 'failed'; detail: string }>
  close(): Promise<void>
}

/** An email of a shop takes 22 to 313 ms; nobody waits longer than 5 s for an answer. */
const TIMEOUT_MS = 3_000
const START_WITHIN_MS = 15_000

/** @param options.workerUrl  the built server/threads/mjml.ts; without it jobs run in this thread, for tests only */
export function createMailCompiler(options: { workerUrl?: URL } & Partial<Patience> = {}): MailCompiler {
  const { workerUrl, timeoutMs = TIMEOUT_MS, startWithinMs = START_WITHIN_MS } = options
  const runner = workerUrl === undefined ? inlineMail : mailWorker(workerUrl, { startWithinMs, timeoutMs })
  const broken = (result: MailResult | 'given-up'): string => {
    if (result === 'given-up') return `it was given up after ${timeoutMs / 1_000} s`
    return result.kind === 'broken' ? result.detail : `it ended as ${result.kind}`
  }
  return {
    async compile(email, how) {
      const result = await runner.run({ kind: 'compile', email, options: how })
      if (result !== 'given-up' && result.kind === 'compiled') return result.compilation
      const message = `${broken(result)}; expected a layout that is smaller or less deeply nested`
      return { ok: false, problems: [badMjml(message)], isGivenUp: result === 'given-up' }
    },
    async show(email, context) {
      const result = await runner.run({ kind: 'show', email, context })
      if (result !== 'given-up' && result.kind === 'seen') return result.shown
      return { kind: 'failed', detail: `${broken(result)}; expected Liquid that does less` }
    },
    async read(raw) {
      const result = await runner.run({ kind: 'read', raw })
      return result !== 'given-up' && result.kind === 'mail' ? result.mail : { kind: 'failed', detail: broken(result) }
    },
    close: () => runner.close(),
  }
}
