/** Opt out and back in, by the person's own hand. */
import { partOf } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import { exitAll, react } from '../engine/react.ts'
import { withdrawMessages } from '../engine/withdraw.ts'
import { readContact, writeConsents } from './contact-write.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

const MARKETING = 'marketing'

/**
 * Withdraw one topic, or with null everything (global suppression). From this commit on no marketing mail leaves: people leave their
 * marketing workflows and what was queued is skipped. Safe to repeat.
 */
export async function unsubscribe(
  moment: Moment,
  input: CommandInput<'unsubscribe'>,
): Promise<CommandOutput<'unsubscribe'>> {
  const { contactId, topic } = input
  const contact = await readContact(moment, contactId)
  const withdrawn = topic ?? MARKETING
  const isGone = topic === null ? contact.suppression !== 'none' : contact.consent[withdrawn] === 'withdrawn'
  if (isGone && contact.consent[withdrawn] === 'withdrawn') return { changed: false }
  const change = {
    status: 'withdrawn',
    source: input.source,
    text: input.reason,
    at: null,
    address: contact.email,
  } as const
  const { byTopic } = await writeConsents(moment, contact, { [withdrawn]: change }, false)
  await moment.tx.sql
    .updateTable('contact')
    .set({
      consent: JSON.stringify(byTopic),
      updated_at: moment.now,
      ...(topic === null && contact.suppression === 'none' ? { suppression: 'global' } : {}),
    })
    .where('id', '=', contactId)
    .execute()
  await noteUnsubscribed(moment, input)
  if (withdrawn !== MARKETING) {
    await react(moment, contactId, { kind: 'contact', attributes: [], tags: [], topics: [withdrawn] })
    return { changed: true }
  }
  await leaveMarketing(moment, contactId, 'unsubscribed')
  return { changed: true }
}

async function leaveMarketing(moment: Moment, contactId: CommandInput<'unsubscribe'>['contactId'], reason: string) {
  const { tx, engine } = moment
  const part = partOf(contactId)
  const marketing = []
  for (const row of await tx.store.findLiveEnrollments(part, contactId)) {
    const { plan } = await engine.plans.version(tx, row.workflowId, row.version)
    if (plan.settings.messageClass === 'marketing') marketing.push(row)
  }
  await exitAll(moment, marketing, reason)
  await withdrawMessages(moment, { kind: 'contact', part, contactId, marketingOnly: true }, reason)
  // Transactional workflows may ask about the consent too.
  await react(moment, contactId, { kind: 'contact', attributes: [], tags: [], topics: [MARKETING] })
}

async function noteUnsubscribed({ tx, now }: Moment, input: CommandInput<'unsubscribe'>): Promise<void> {
  if (input.messageId === null) return
  const [message] = await tx.store.findMessages([input.messageId])
  if (message === undefined || message.contactId !== input.contactId) return
  await tx.sql
    .insertInto('message_event')
    .values({
      part: message.part,
      contact_id: message.contactId,
      message_id: message.id,
      enrollment_id: message.enrollmentId,
      email_key: message.emailKey,
      kind: 'unsubscribed',
      machine: 0,
      link_no: null,
      url: null,
      user_agent: null,
      at: now,
    })
    .execute()
}

/** Lifts a global opt-out, never a hard suppression. */
export async function resubscribe(moment: Moment, input: CommandInput<'resubscribe'>): Promise<null> {
  const { contactId, topic, source } = input
  const contact = await readContact(moment, contactId)
  const change = { status: 'granted', source, text: null, at: null, address: contact.email } as const
  const { byTopic, topics } = await writeConsents(moment, contact, { [topic]: change }, false)
  await moment.tx.sql
    .updateTable('contact')
    .set({
      consent: JSON.stringify(byTopic),
      updated_at: moment.now,
      suppression: contact.suppression === 'global' ? 'none' : contact.suppression,
    })
    .where('id', '=', contactId)
    .execute()
  await react(moment, contactId, { kind: 'contact', attributes: [], tags: [], topics })
  return null
}
