/** Counters that follow a message from one status to the next; a test send counts nowhere. */
import type { OpenMessage } from '../db/hot/store.ts'
import type { Moment } from '../engine/context.ts'

export function countMove(moment: Moment, message: OpenMessage, to: string): void {
  if (message.enrollmentId === null || message.stepNo === null || message.status === to) return
  const step = { workflowId: message.workflowId, version: message.version, stepNo: message.stepNo }
  moment.counters.add(step, message.arrivedHour, `message:${message.status}`, -1)
  moment.counters.add(step, message.arrivedHour, `message:${to}`)
}
