/** "Test connection": connects, greets, signs in, says RSET and QUIT, and tells step by step what the server answered. Sends nothing. */
import type { ConnectionTest } from '../../shared/api/settings.ts'
import { type SmtpAnswer, troubleOf } from '../../shared/message/replies.ts'
import { after, encryptionOf, openSession, type SessionPhase } from './smtp-session.ts'
import { type LaneSettings, RFC_TIMEOUTS } from './smtp-settings.ts'

/** A person is waiting: shorter than the RFC's minutes. */
const PATIENCE_MS = 10_000
const STEPS = ['connect', 'greeting', 'tls', 'auth'] as const
type Step = (typeof STEPS)[number]
type Settings = Pick<LaneSettings, 'host' | 'port' | 'security' | 'username' | 'password' | 'trusted'>
type Heard = { reply: string; phase: SessionPhase }

/** Never throws: a refusal is an answer. */
export async function testConnection(
  settings: Settings,
  { ticks = () => performance.now(), patienceMs = PATIENCE_MS } = {},
): Promise<ConnectionTest> {
  const startedAt = ticks()
  const heard: Heard[] = []
  const timeouts = { ...RFC_TIMEOUTS, greetingMs: patienceMs, mailMs: patienceMs }
  const opened = await openSession(settings, timeouts, (reply, phase) => heard.push({ reply: reply.trim(), phase }))
  const took = () => Math.round(ticks() - startedAt)
  if ('answer' in opened) {
    const { answer } = opened
    const stage = stageOf(answer)
    const steps = stepsOf(settings, heard, { failedAt: stage, said: answer.response, encryption: null })
    const words = wordsOf(heard, answer.response)
    const trouble = troubleOf(answer)
    return { ok: false, stage, secure: false, tookMs: took(), answer: words, trouble, steps, encryption: null }
  }
  const { connection } = opened
  const reset = new Promise<Error | null>((resolve) => connection.reset((error) => resolve(error ?? null)))
  const slow = after(patienceMs, new Error('no answer to RSET'))
  const refused = await Promise.race([reset, slow.promise])
  slow.cancel()
  const { secure } = connection
  const encryption = encryptionOf(opened)
  connection.quit()
  const certificateUntil = encryption?.validTo == null ? null : new Date(encryption.validTo).toISOString()
  const said = refused?.message ?? ''
  return {
    ok: refused === null,
    stage: refused === null ? 'done' : 'auth',
    secure,
    tookMs: took(),
    answer: wordsOf(heard, said),
    trouble: refused === null ? null : 'dropped',
    steps: stepsOf(settings, heard, { failedAt: refused === null ? null : 'auth', said, encryption }),
    encryption: encryption === null ? null : { protocol: encryption.protocol, certificateUntil },
  }
}

function stageOf(answer: SmtpAnswer): Step {
  if (answer.kind === 'lost' && answer.isTls) return 'tls'
  if (answer.stage === 'auth' || answer.stage === 'greeting' || answer.stage === 'connect') return answer.stage
  return 'greeting'
}

type Found = { failedAt: Step | null; said: string; encryption: { protocol: string } | null }

function stepsOf(
  settings: Settings,
  heard: readonly Heard[],
  { failedAt, said, encryption }: Found,
): ConnectionTest['steps'] {
  const lastOf = (phase: SessionPhase): string =>
    heard.findLast((one) => one.phase === phase)?.reply.split(/\r?\n/)[0] ?? ''
  const words: Record<Step, string> = {
    connect: lastOf('connect'),
    greeting: lastOf('greeting'),
    tls: encryption?.protocol ?? '',
    auth: heard.find((one) => one.phase === 'auth' && one.reply.startsWith('235'))?.reply ?? '',
  }
  const isDone = (step: Step): boolean => {
    if (step === 'tls') return encryption !== null
    return step !== 'auth' || settings.username !== ''
  }
  // TLS from the first byte comes before the greeting; a failed handshake has reached the server all the same.
  const order: readonly Step[] = settings.security === 'tls' ? ['connect', 'tls', 'greeting', 'auth'] : STEPS
  const failed = failedAt === null ? order.length : order.indexOf(failedAt)
  return order.map((step, i) => {
    if (i === failed) return { step, outcome: 'failed', said: said.slice(0, 1_000) }
    const isPassed =
      i < failed &&
      (isDone(step) ||
        (failedAt !== null && step === 'tls' && settings.security !== 'none' && settings.security !== 'opportunistic'))
    return { step, outcome: isPassed ? 'passed' : 'skipped', said: isPassed ? words[step].slice(0, 1_000) : '' }
  })
}

/** Last line first; the system's own error on top of it. */
function wordsOf(heard: readonly Heard[], own: string): string {
  const lines = heard.toReversed().flatMap(({ reply }) => reply.split(/\r?\n/).toReversed())
  const isNews = own !== '' && !lines.some((line) => own.includes(line))
  return [...(isNews ? [own] : []), ...lines].join('\n').slice(0, 4_000)
}
