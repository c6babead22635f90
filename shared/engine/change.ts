/** Something about a contact changed. Can it matter to a plan? */
import type { ContactFacts } from '../condition/facts.ts'
import type { MessageDeed } from '../condition/schema.ts'
import type { Dependencies } from '../workflow/plan.ts'

export type Change =
  | { kind: 'event'; name: string }
  /** Keys of attributes (and fields of the contact), tags and consent topics that were written. */
  | { kind: 'contact'; attributes: readonly string[]; tags: readonly string[]; topics: readonly string[] }
  | { kind: 'message'; email: string; did: MessageDeed }

/** Whether a plan that reads `dependencies` has to be tested after this change. */
export function matters(change: Change, dependencies: Dependencies): boolean {
  switch (change.kind) {
    case 'event':
      return dependencies.events.includes(change.name)
    case 'contact':
      return (
        change.attributes.some((key) => dependencies.attributes.includes(key)) ||
        change.tags.some((tag) => dependencies.tags.includes(tag)) ||
        change.topics.some((topic) => dependencies.topics.includes(topic))
      )
    case 'message':
      return dependencies.messages.includes(change.email)
  }
}

const FIELDS = ['email', 'externalId', 'timezone', 'locale'] as const

/** What differs between a contact before and after, for those who wait for it. */
export function changeBetween(
  before: ContactFacts,
  after: ContactFacts,
  topics: readonly string[] = [],
): Extract<Change, { kind: 'contact' }> {
  const keys = new Set([...Object.keys(before.attributes), ...Object.keys(after.attributes)])
  const attributes = [...keys].filter(
    (key) => JSON.stringify(before.attributes[key]) !== JSON.stringify(after.attributes[key]),
  )
  for (const field of FIELDS) if (before[field] !== after[field]) attributes.push(field)
  const tags = [...before.tags.filter((tag) => !after.tags.includes(tag)), ...tagsAdded(before, after)]
  return { kind: 'contact', attributes, tags, topics }
}

export const tagsAdded = (before: ContactFacts, after: ContactFacts): string[] =>
  after.tags.filter((tag) => !before.tags.includes(tag))

export const isNoChange = ({ attributes, tags, topics }: Extract<Change, { kind: 'contact' }>): boolean =>
  attributes.length === 0 && tags.length === 0 && topics.length === 0
