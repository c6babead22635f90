/**
 * Something about one contact changed: look at that contact's live enrollments and no other row, and advance those where an exit rule, a
 * goal or a wait-until may be hit - in the same transaction as the change (DESIGN.md 6, Changes and waits).
 */
import type { EventFacts } from '../../shared/condition/facts.ts'
import { type Change, isNoChange, matters } from '../../shared/engine/change.ts'
import type { Input } from '../../shared/engine/types.ts'
import { type ContactId, partOf } from '../../shared/ids.ts'
import type { LiveEnrollment } from '../db/hot/store.ts'
import { advanceInto } from './advance-into.ts'
import { Batch, type ContactUpdate } from './batch.ts'
import { changeContact } from './contact-change.ts'
import type { Moment } from './context.ts'
import { enrollByContact } from './enroll.ts'
import { loadFacts } from './facts.ts'
import { thawOne } from './freeze.ts'
import type { Ready } from './plans.ts'

/** Enrollments of one person that wait for each other's changes may follow each other this often in one transaction. */
const MOST_ROUNDS = 50
const ENDLESS = new RangeError('Enrollments of one contact kept changing what others wait for.')

/** Answers how many enrollments moved. */
export async function react(
  moment: Moment,
  contactId: ContactId,
  change: Change,
  event: EventFacts | null = null,
): Promise<number> {
  return reactInRound(moment, contactId, change, { event, round: 0 })
}

/**
 * Write what steps have said about contacts, and let those follow who wait for it: enrollments of the same contact at once, new ones by
 * its tags at their own turn. Call it after the batch was written.
 */
export async function applyUpdates(moment: Moment, updates: readonly ContactUpdate[], round = 0): Promise<void> {
  for (const { contactId, patch, bulk, chain } of updates) {
    const changed = await changeContact(moment, contactId, patch)
    if (changed === null || isNoChange(changed.change)) continue
    await reactInRound(moment, contactId, changed.change, { event: null, round: round + 1 })
    await enrollByContact(moment, contactId, { isCreated: false, tagsAdded: changed.tagsAdded }, bulk, chain)
  }
}

type Round = { event: EventFacts | null; round: number }

async function reactInRound(
  moment: Moment,
  contactId: ContactId,
  change: Change,
  { event, round }: Round,
): Promise<number> {
  const { paused } = await moment.engine.plans.live(moment.tx)
  const concerned: Concerned[] = []
  for (const found of await moment.tx.store.findLiveEnrollments(partOf(contactId), contactId)) {
    const ready = await moment.engine.plans.version(moment.tx, found.workflowId, found.version)
    // Not frozen yet, or not thawed yet: the state of the workflow decides, not how far its job has come.
    const row: LiveEnrollment = paused.has(found.workflowId) ? { ...found, status: 'paused' } : found
    if (!isConcerned(row, ready, change)) continue
    const awake = row.status === 'paused' && !paused.has(row.workflowId) ? await thawOne(moment, row) : row
    concerned.push({ row: awake, ready })
  }
  return advanceAll(moment, concerned, { kind: 'change' }, { event, round })
}

/** Make these enrollments of one contact leave now. */
export async function exitAll(moment: Moment, rows: readonly LiveEnrollment[], reason: string): Promise<number> {
  const concerned: Concerned[] = []
  for (const row of rows) {
    concerned.push({ row, ready: await moment.engine.plans.version(moment.tx, row.workflowId, row.version) })
  }
  return advanceAll(moment, concerned, { kind: 'exit', reason }, { event: null, round: 0 })
}

type Concerned = { row: LiveEnrollment; ready: Ready }

async function advanceAll(
  moment: Moment,
  concerned: readonly Concerned[],
  input: Input,
  { event, round }: Round,
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
  for (const { row, ready } of concerned) {
    if (round > MOST_ROUNDS) batch.park(row, input.kind, ENDLESS)
    else advanceInto(moment, batch, { row, ready, facts, input }, event)
  }
  const moved = batch.size
  await batch.write()
  await applyUpdates(moment, batch.updates, round)
  return moved
}

function isConcerned(row: LiveEnrollment, { plan, stepOf }: Ready, change: Change): boolean {
  if (matters(change, plan.exitDependencies)) return true
  return stepOf(row.stepNo)?.kind === 'wait-until' && matters(change, plan.dependencies)
}
