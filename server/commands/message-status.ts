/** Counters that follow a message from one status to the next; a test send counts nowhere. */
import type { FinishWrite, OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'
import { endOf, FIRST_COPY } from '../engine/doubt.ts'

type Ending = Pick<FinishWrite, 'reason' | 'detail' | 'response'> & { status: 'failed' | 'skipped' }

/** The end of a message that did not leave this time; one whose first copy may have arrived is uncertain instead. */
export function unsent({ now }: Moment, message: OpenMessage, ending: Ending): FinishWrite {
  const { id, notBefore, dotAt, doubtedAt } = message
  const common = { id, notBefore, response: ending.response, doubt: 0, attemptDelta: 0 } as const
  const status = endOf(message, ending.status)
  return status === 'uncertain'
    ? {
        ...common,
        status,
        reason: FIRST_COPY,
        detail: ending.reason,
        finishedAt: null,
        dotAt: doubtedAt ?? dotAt ?? now,
      }
    : { ...ending, ...common, finishedAt: now, dotAt: status === 'failed' ? dotAt : null }
}

/** Back in the queue as if it had never been claimed. */
export const unclaimed = ({ id, notBefore }: OpenMessage): FinishWrite => ({
  id,
  status: 'queued',
  reason: null,
  detail: null,
  notBefore,
  response: null,
  finishedAt: null,
  dotAt: null,
  doubt: 0,
  attemptDelta: -1,
})

export function countMove(moment: Moment, message: OpenMessage, to: string): void {
  if (message.enrollmentId === null || message.stepNo === null || message.status === to) return
  const step = { workflowId: message.workflowId, version: message.version, stepNo: message.stepNo }
  moment.counters.add(step, message.arrivedHour, `message:${message.status}`, -1)
  moment.counters.add(step, message.arrivedHour, `message:${to}`)
}
