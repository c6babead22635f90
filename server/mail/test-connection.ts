/** "Test connection": connects, greets, signs in, says RSET and QUIT, and tells what the server answered. Sends nothing. */
import type { ConnectionTest } from '../../shared/api/settings.ts'
import type { SmtpAnswer } from '../../shared/message/replies.ts'
import { after, openSession } from './smtp-session.ts'
import { type LaneSettings, RFC_TIMEOUTS } from './smtp-settings.ts'

/** A person is waiting: shorter than the RFC's minutes. */
const PATIENCE_MS = 10_000

/** Never throws: a refusal is an answer. */
export async function testConnection(
  settings: Pick<LaneSettings, 'host' | 'port' | 'security' | 'username' | 'password'>,
  { ticks = () => performance.now(), patienceMs = PATIENCE_MS } = {},
): Promise<ConnectionTest> {
  const startedAt = ticks()
  const replies: string[] = []
  const timeouts = { ...RFC_TIMEOUTS, greetingMs: patienceMs, mailMs: patienceMs }
  const opened = await openSession(settings, timeouts, (reply) => replies.push(reply.trim()))
  const result = (ok: boolean, stage: ConnectionTest['stage'], secure: boolean, own: string): ConnectionTest => {
    const last = replies.toReversed().flatMap((reply) => reply.split(/\r?\n/).toReversed())
    const answer = [...(own === '' || last.some((line) => own.includes(line)) ? [] : [own]), ...last].join('\n')
    return { ok, stage, secure, tookMs: Math.round(ticks() - startedAt), answer: answer.slice(0, 4_000) }
  }
  if ('answer' in opened) return result(false, stageOf(opened.answer), false, opened.answer.response)
  const { connection } = opened
  const reset = new Promise<Error | null>((resolve) => connection.reset((error) => resolve(error ?? null)))
  const slow = after(patienceMs, new Error('no answer to RSET'))
  const refused = await Promise.race([reset, slow.promise])
  slow.cancel()
  const { secure } = connection
  connection.quit()
  return refused === null ? result(true, 'done', secure, '') : result(false, 'auth', secure, refused.message)
}

function stageOf(answer: SmtpAnswer): ConnectionTest['stage'] {
  if (answer.kind === 'lost' && answer.isTls) return 'tls'
  if (answer.stage === 'auth' || answer.stage === 'greeting' || answer.stage === 'connect') return answer.stage
  return 'greeting'
}
