/**
 * One claimed message over one lane, from the recheck to what became of it. A death of the process at any await leaves the row either
 * claimed (safe to send again) or marked (uncertain, and shown): ENGINE.md 3.2.
 */
import { LiquidError } from 'liquidjs'
import { describe } from '../../shared/message/liquid.ts'
import { type AccountVerdict, judge, type SmtpAnswer } from '../../shared/message/replies.ts'
import { nextAttemptAt } from '../../shared/message/retry.ts'
import type { TroubleCode } from '../../shared/message/trouble.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Attempt, ClaimedMessage, Commands, DotMark, FinishedMessage } from '../commands/contract.ts'
import type { Batcher } from '../mail/batcher.ts'
import { giveBack } from '../mail/mail-buffers.ts'
import type { Lane } from '../mail/smtp.ts'
import type { Delivery, Envelope } from '../mail/smtp-transaction.ts'
import { type ComposeDeps, compose } from './compose.ts'
import type { DkimKeys } from './dkim-keys.ts'

export type DeliverDeps = ComposeDeps & {
  commands: Commands
  marks: Batcher<DotMark, boolean>
  /** Waits between tries (`SMTP_RETRY`). */
  retryMs: readonly number[]
  /** Absent: nothing is signed. */
  dkim?: DkimKeys | undefined
}
export type Delivered = {
  /** null: the row is not ours any more, there is nothing to write. */
  finished: FinishedMessage | null
  account: AccountVerdict
  /** The server's words, for a paused account. */
  response: string
  /** What they say about the account. */
  trouble?: TroubleCode | undefined
}

/** A claim older than this is checked again before MAIL FROM (DESIGN.md 6). */
const RECHECK_AFTER_MS = 500

/** Never throws: whatever breaks ends as this message's outcome. */
export async function deliver(deps: DeliverDeps, lane: Lane, message: ClaimedMessage): Promise<Delivered> {
  const startedAt = deps.now()
  const done = (outcome: FinishedMessage['outcome'], attempt: Attempt | null = null): Delivered => ({
    finished: { id: message.id, lease: message.lease, attempt, outcome },
    account: 'ok',
    response: attempt?.response ?? '',
  })
  let isMarked = false
  try {
    const composed = await compose(deps, message)
    if (composed.kind === 'skip') return done({ ...composed, kind: 'skipped' })
    if (composed.kind === 'failed') return done({ kind: 'failed', reason: composed.reason, hardBounce: false })
    const opened = await lane.open()
    if (!opened.ok) return judged(deps, message, opened.answer, startedAt)
    if (deps.now() - message.claimedAt > RECHECK_AFTER_MS) {
      const { ok } = await deps.commands('recheck-message', { id: message.id, lease: message.lease })
      if (!ok) return { finished: null, account: 'ok', response: '' }
    }
    const { recipient, links } = composed
    const { id, lease, messageIdHeader } = message
    const mark: DotMark = { id, lease, recipient, messageIdHeader, links }
    const delivery = await lane.send(composed.envelope, await signed(deps, composed), async () => {
      isMarked = await deps.marks.add(mark)
      return isMarked
    })
    deps.marks.cancel(mark)
    // Its dot was answered, so all of it has left; in any other case the socket may still hold it.
    if (delivery.kind === 'reply' && delivery.stage === 'dot') giveBack(composed.raw)
    return outcomeOf(deps, message, delivery, startedAt)
  } catch (error) {
    const response = describe(error)
    if (isMarked) return done({ kind: 'uncertain', reason: 'internal-error' }, internalAttempt('dot', response))
    if (LiquidError.is(error)) return done({ kind: 'skipped', reason: 'render-error', detail: response })
    // Not the mail's fault as far as we know (a read failed): later perhaps, but not for ever.
    const notBefore = nextAttemptAt({ attempt: Math.max(1, message.attempt), failedAt: deps.now() }, deps.retryMs)
    const reason = 'internal-error'
    const attempt = internalAttempt('connect', response)
    if (notBefore === null) return done({ kind: 'failed', reason, hardBounce: false }, attempt)
    return done({ kind: 'deferred', notBefore, reason }, attempt)
  }
}

/** With the DKIM signature of its From domain before it, where one is switched on. */
async function signed({ dkim }: DeliverDeps, { envelope, raw }: { envelope: Envelope; raw: Buffer }): Promise<Buffer> {
  const signer = (await dkim?.signerFor(envelope.from)) ?? null
  return signer === null ? raw : Buffer.concat([signer.sign(raw), raw])
}

const internalAttempt = (stage: Attempt['stage'], response: string): Attempt => ({
  stage,
  code: null,
  enhanced: null,
  response: response.slice(0, 1_000),
  tookMs: 0,
})

function outcomeOf(deps: DeliverDeps, message: ClaimedMessage, delivery: Delivery, startedAt: Instant): Delivered {
  const { id, lease } = message
  if (delivery.kind === 'aborted') {
    // The mark refused: the command wrote why (unsubscribed meanwhile), or the row belongs to somebody else. If it failed instead, the
    // row is still claimed by us and goes back; the lease in this write makes it a no-op in the first two cases.
    const outcome: FinishedMessage['outcome'] = { kind: 'requeue', notBefore: deps.now(), isUnsent: true }
    const finished: FinishedMessage = { id, lease, attempt: null, outcome }
    const hasFailed = delivery.response.startsWith('the dot mark failed')
    return { finished: hasFailed ? finished : null, account: 'ok', response: delivery.response }
  }
  if (delivery.kind === 'unsupported') {
    const outcome: FinishedMessage['outcome'] = { kind: 'failed', reason: 'no-smtputf8', hardBounce: false }
    const attempt: Attempt = {
      stage: 'mail',
      code: null,
      enhanced: null,
      response: delivery.response,
      tookMs: deps.now() - startedAt,
    }
    return { finished: { id, lease, attempt, outcome }, account: 'ok', response: delivery.response }
  }
  return judged(deps, message, delivery, startedAt)
}

function judged(deps: DeliverDeps, message: ClaimedMessage, answer: SmtpAnswer, startedAt: Instant): Delivered {
  const now = deps.now()
  const verdict = judge(answer)
  const attempt: Attempt = {
    stage: answer.stage,
    code: answer.kind === 'reply' ? answer.code : null,
    enhanced: answer.kind === 'reply' ? answer.enhanced : null,
    response: answer.response.slice(0, 1_000),
    tookMs: now - startedAt,
  }
  const finish = (outcome: FinishedMessage['outcome']): Delivered => ({
    finished: { id: message.id, lease: message.lease, attempt, outcome },
    account: verdict.account,
    response: answer.response,
    trouble: verdict.trouble,
  })
  // `isMarked` is set with the push of the message's end, in one turn; a lane that has given up never pushes it.
  const isUnsent = answer.kind === 'lost' && !answer.isMarked
  if (verdict.message.kind === 'requeue') {
    return finish({ kind: 'requeue', notBefore: now, ...(isUnsent ? { isUnsent: true as const } : {}) })
  }
  if (verdict.message.kind !== 'retry') return finish(verdict.message)
  const { reason } = verdict.message
  const notBefore = nextAttemptAt({ attempt: Math.max(1, message.attempt), failedAt: now }, deps.retryMs)
  if (notBefore === null) return finish({ kind: 'failed', reason: 'too-many-tries', hardBounce: false })
  return finish({ kind: 'deferred', notBefore, reason })
}
