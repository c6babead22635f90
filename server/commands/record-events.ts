/** Things that happened, each at most once per idempotency key: completes waits, exits, enrolls - with the event, in one transaction. */
import type { EventFacts } from '../../shared/condition/facts.ts'
import { notFound } from '../../shared/errors.ts'
import { type ContactId, partOf } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import { enrollByContact, enrollByEvent } from '../engine/enroll.ts'
import { react } from '../engine/react.ts'
import { findContactRef } from './contact-identity.ts'
import { writeContact } from './contact-write.ts'
import type { CommandInput, CommandOutput, ContactRef, NewEvent, RecordedEvent } from './contract.ts'

const MOST_PROPERTIES_LEARNED = 100

export async function recordEvents(
  moment: Moment,
  input: CommandInput<'record-events'>,
): Promise<CommandOutput<'record-events'>> {
  const events: RecordedEvent[] = []
  for (const event of input.events) events.push(await recordEvent(moment, event))
  return { events }
}

async function recordEvent(moment: Moment, event: NewEvent): Promise<RecordedEvent> {
  const { tx, now } = moment
  const contactId = await contactOf(moment, event.contact)
  const occurredAt = event.occurredAt ?? now
  const id = await tx.store.insertEvent({
    part: partOf(contactId),
    contactId,
    name: event.name,
    properties: JSON.stringify(event.properties),
    occurredAt,
    recordedAt: now,
    idemKey: event.idemKey,
  })
  if (id === null) return { status: 'duplicate', id: null, contactId }
  await learnEvent(moment, event)
  const facts: EventFacts = { id, name: event.name, occurredAt, properties: event.properties }
  await react(moment, contactId, { kind: 'event', name: event.name }, facts)
  await enrollByEvent(moment, contactId, facts)
  return { status: 'recorded', id, contactId }
}

/** An event for an address or key nobody has yet makes a contact, whose consent is unknown. @throws 404 for an unknown id */
async function contactOf(moment: Moment, ref: ContactRef): Promise<ContactId> {
  const known = await findContactRef(moment, ref)
  if (known !== null) return known
  if ('id' in ref) throw notFound('contact', ref.id)
  const { id } = await writeContact(moment, 'email' in ref ? { email: ref.email } : { externalId: ref.externalId })
  await enrollByContact(moment, id, { isCreated: true, tagsAdded: [] }, false)
  return id
}

async function learnEvent({ tx, now }: Moment, { name, properties }: NewEvent): Promise<void> {
  const known = await tx.sql
    .selectFrom('event_definition')
    .select(['properties', 'last_seen_at'])
    .where('name', '=', name)
    .executeTakeFirst()
  const before = known === undefined ? [] : (JSON.parse(known.properties) as string[])
  const fresh = Object.keys(properties).filter((key) => !before.includes(key))
  // A definition is written when it says something new, or once a minute: not once per event.
  if (known !== undefined && fresh.length === 0 && now - known.last_seen_at < 60_000) return
  const learned = JSON.stringify([...before, ...fresh].slice(0, MOST_PROPERTIES_LEARNED))
  await tx.sql
    .insertInto('event_definition')
    .values({ name, properties: learned, first_seen_at: now, last_seen_at: now })
    .onConflict((on) => on.column('name').doUpdateSet({ properties: learned, last_seen_at: now }))
    .execute()
}
