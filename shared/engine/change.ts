/** Something about a contact changed. Can it matter to a plan? */
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
