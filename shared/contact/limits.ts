/** How much one contact may hold: every mail, page and condition reads all of it. */
import type { ContactFacts } from '../condition/facts.ts'
import type { JsonObject } from '../json.ts'

export const MOST_ATTRIBUTES = 1_000
export const MOST_TAGS = 200
export const MOST_TOPICS = 100

type Held = Pick<ContactFacts, 'tags' | 'consent'> & { attributes: JsonObject }

/** What there would be too much of, as a sentence; null: it fits. Who had more before may change it, but not add to it. */
export function tooMuch(before: Held, after: Held): string | null {
  const counts = [
    ['attributes', Object.keys(before.attributes).length, Object.keys(after.attributes).length, MOST_ATTRIBUTES],
    ['tags', before.tags.length, after.tags.length, MOST_TAGS],
    ['consent topics', Object.keys(before.consent).length, Object.keys(after.consent).length, MOST_TOPICS],
  ] as const
  const found = counts.find(([, had, has, most]) => has > most && has > had)
  if (found === undefined) return null
  const [what, , has, most] = found
  return `The contact would have ${has} ${what}; expected at most ${most}.`
}
