/**
 * Something about one contact changed: look at that contact's live enrollments and no other row, and advance those where an exit rule, a
 * goal or a wait-until may be hit - in the same transaction as the change (DESIGN.md 6, Changes and waits).
 */
import type { EventFacts } from '../../shared/condition/facts.ts'
import { type Change, matters } from '../../shared/engine/change.ts'
import type { Input } from '../../shared/engine/types.ts'
import { type ContactId, partOf } from '../../shared/ids.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { advanceInto } from './activate.ts'
import { Batch } from './batch.ts'
import type { Moment } from './context.ts'
import { loadFacts } from './facts.ts'
import type { Ready } from './plans.ts'

/** Answers how many enrollments moved. */
export async function react(
  moment: Moment,
  contactId: ContactId,
  change: Change,
  event: EventFacts | null = null,
): Promise<number> {
  const concerned: { row: LiveEnrollment; ready: Ready }[] = []
  for (const row of await moment.tx.store.findLiveEnrollments(partOf(contactId), contactId)) {
    const ready = await moment.engine.plans.version(moment.tx, row.workflowId, row.version)
    if (isConcerned(row, ready, change)) concerned.push({ row, ready })
  }
  return advanceAll(moment, concerned, { kind: 'change' }, event)
}

/** Make these enrollments of one contact leave now. */
export async function exitAll(moment: Moment, rows: readonly LiveEnrollment[], reason: string): Promise<number> {
  const concerned: { row: LiveEnrollment; ready: Ready }[] = []
  for (const row of rows) {
    concerned.push({ row, ready: await moment.engine.plans.version(moment.tx, row.workflowId, row.version) })
  }
  return advanceAll(moment, concerned, { kind: 'exit', reason })
}

async function advanceAll(
  moment: Moment,
  concerned: readonly { row: LiveEnrollment; ready: Ready }[],
  input: Input,
  event: EventFacts | null = null,
): Promise<number> {
  if (concerned.length === 0) return 0
  const facts = await loadFacts(
    moment.tx,
    concerned.map(({ row, ready }) => ({
      contactId: row.contactId,
      enrollment: row,
      dependencies: ready.plan.dependencies,
    })),
  )
  const batch = new Batch(moment)
  for (const { row, ready } of concerned) advanceInto(moment, batch, { row, ready, facts, input }, event)
  const moved = batch.size
  await batch.write()
  return moved
}

function isConcerned(row: LiveEnrollment, { plan, stepOf }: Ready, change: Change): boolean {
  if (matters(change, plan.exitDependencies)) return true
  // While a workflow is paused exit rules act, but nothing completes a wait.
  if (row.status === 'paused') return false
  return stepOf(row.stepNo)?.kind === 'wait-until' && matters(change, plan.dependencies)
}
