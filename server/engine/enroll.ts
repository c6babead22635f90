/** The one way into a workflow: the entry rules decide, the unique keys have the last word, the first activation is due now. */
import type { EventFacts, Facts } from '../../shared/condition/facts.ts'
import { decideEntry } from '../../shared/engine/entry.ts'
import { type ContactId, type EnrollmentId, partOf } from '../../shared/ids.ts'
import type { PlanTrigger } from '../../shared/workflow/plan.ts'
import type { EntryRow } from '../db/hot/store.ts'
import type { Moment } from './context.ts'
import { loadFacts } from './facts.ts'
import type { LiveWorkflow } from './plans.ts'

export type Entered =
  | { enrolled: true; id: EnrollmentId }
  /** A code of EntryRefusal. */
  | { enrolled: false; reason: string }

export type Door = {
  workflow: LiveWorkflow
  trigger: PlanTrigger
  contactId: ContactId
  event: EventFacts | null
  bulk: boolean
}

/** Let one contact in by one trigger, or say why not. */
export async function enter(moment: Moment, door: Door, loaded?: Facts): Promise<Entered> {
  const { workflow, trigger, contactId, event, bulk } = door
  const facts = loaded ?? (await entryFacts(moment, workflow, contactId, event))
  const part = partOf(contactId)
  const history = await moment.tx.store.entryHistory(part, workflow.id, contactId)
  const decision = decideEntry({
    plan: workflow.plan,
    trigger,
    facts,
    history: historyOf(history),
    now: moment.now,
    workspaceZone: moment.settings.timezone,
  })
  if (!decision.enter) return { enrolled: false, reason: decision.reason }
  const last = history.at(-1)?.entryNo ?? 0
  const id = await moment.tx.store.insertEnrollment({
    part,
    contactId,
    workflowId: workflow.id,
    version: workflow.version,
    // `once` can only ever write 1: a race that decideEntry did not see ends at the unique key.
    entryNo: workflow.plan.settings.reentry === 'once' ? 1 : last + 1,
    slot: decision.entryKey,
    stepNo: workflow.plan.start,
    enteredAt: moment.now,
    entryEvent: event === null ? null : JSON.stringify(event),
    bulk: bulk ? 1 : 0,
  })
  if (id === null) return { enrolled: false, reason: last === 0 ? 'concurrency' : 'reentry' }
  const step = { workflowId: workflow.id, version: workflow.version }
  moment.counters.add({ ...step, stepNo: 0 }, moment.now, 'entered')
  moment.counters.add({ ...step, stepNo: workflow.plan.start }, moment.now, 'entered')
  moment.tx.hints.due = true
  return { enrolled: true, id }
}

/** What the entry rules may read of a contact; throws when there is no such contact. */
export async function entryFacts(
  moment: Moment,
  workflow: LiveWorkflow,
  contactId: ContactId,
  event: EventFacts | null,
): Promise<Facts> {
  const subject = { contactId, enrollment: null, dependencies: workflow.plan.dependencies }
  return (await loadFacts(moment.tx, [subject])).of(subject, event)
}

function historyOf(rows: readonly EntryRow[]) {
  const live = rows.filter((row) => row.status === 'active' || row.status === 'paused')
  return {
    entries: rows.length,
    lastEnteredAt: rows.at(-1)?.enteredAt ?? null,
    activeSlots: live.flatMap((row) => (row.slot === null ? [] : [row.slot])),
    hasActive: live.length > 0,
  }
}

/** Enroll by every live workflow that this event starts; each at most once, by its first trigger that admits the contact. */
export async function enrollByEvent(moment: Moment, contactId: ContactId, event: EventFacts): Promise<void> {
  const { byEvent } = await moment.engine.plans.live(moment.tx)
  for (const workflow of byEvent.get(event.name) ?? []) {
    const facts = await entryFacts(moment, workflow, contactId, event)
    for (const trigger of workflow.plan.triggers) {
      if (trigger.kind !== 'event' || trigger.event !== event.name) continue
      const entered = await enter(moment, { workflow, trigger, contactId, event, bulk: false }, facts)
      if (entered.enrolled) break
    }
  }
}

/** Names of the entry events that a change of the contact makes; `event.tag` is there for mails and for one passage per tag. */
const CREATED = 'contact-created'
const TAGGED = 'tag-added'

/**
 * Enroll by every live workflow that a new contact or a new tag starts; each at most once per change, by its first trigger that admits
 * the contact. `bulk`: one of many, whose mail lets others pass. `chain`: how many workflows started each other before this change.
 */
export async function enrollByContact(
  moment: Moment,
  contactId: ContactId,
  { isCreated, tagsAdded }: { isCreated: boolean; tagsAdded: readonly string[] },
  bulk: boolean,
  chain = 0,
): Promise<void> {
  const { byCreation, byTag } = await moment.engine.plans.live(moment.tx)
  const concerned = new Set([...(isCreated ? byCreation : []), ...tagsAdded.flatMap((tag) => byTag.get(tag) ?? [])])
  const fact = (name: string, properties: EventFacts['properties']): EventFacts => ({
    id: null,
    name,
    occurredAt: moment.now,
    properties,
    ...(chain > 0 && { chain }),
  })
  for (const workflow of concerned) {
    for (const trigger of workflow.plan.triggers) {
      const isTagged = trigger.kind === 'tag-added' && tagsAdded.includes(trigger.tag)
      if (!isTagged && !(trigger.kind === 'contact-created' && isCreated)) continue
      const event = isTagged ? fact(TAGGED, { tag: trigger.tag }) : fact(CREATED, {})
      const entered = await enter(moment, { workflow, trigger, contactId, event, bulk })
      if (entered.enrolled) break
    }
  }
}
