/** What a condition is evaluated against: plain values, loaded before, so that evaluation is pure. */
import type { ContactId, EventId } from '../ids.ts'
import type { Json, JsonObject } from '../json.ts'
import type { Instant } from '../time/instant.ts'
import type { MessageDeed } from './schema.ts'

export type ConsentStatus = 'granted' | 'withdrawn' | 'unknown'
/** `hard`: the address does not exist or complained: nothing at all may go there. `global`: no marketing. */
export type Suppression = 'none' | 'global' | 'hard'

export type ContactFacts = {
  id: ContactId
  email: string | null
  externalId: string | null
  timezone: string | null
  locale: string | null
  createdAt: Instant
  attributes: JsonObject
  tags: readonly string[]
  /** By topic; a topic that is absent is `unknown`. */
  consent: Readonly<Record<string, ConsentStatus>>
  suppression: Suppression
}

export type EventFacts = {
  id: EventId | null
  name: string
  occurredAt: Instant
  properties: JsonObject
  /** How many workflows in a row started each other before this; absent: nobody but the world caused it. */
  chain?: number
}

/** One deed on one email of this enrollment. */
export type MessageFacts = { email: string; did: MessageDeed; machine: boolean; at: Instant }

export type Facts = {
  contact: ContactFacts
  /** The event at hand, if one is being looked at. */
  event: EventFacts | null
  /** The event that started the enrollment; its properties answer `{ "entry": … }` and `property` when no event is at hand. */
  entry: EventFacts | null
  enteredAt: Instant | null
  /** Past events of this contact with the names the plan depends on, any order. */
  events: readonly EventFacts[]
  messages: readonly MessageFacts[]
}

/** The values seen while deciding, kept with the decision for "why?". */
export type Seen = { what: string; value: Json; holds: boolean }
