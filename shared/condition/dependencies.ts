/** What conditions read, so that a change is tested only where it can matter. */
import type { Dependencies } from '../workflow/plan.ts'
import type { Condition } from './schema.ts'

type Found = { [K in keyof Dependencies]: Set<string> }

/** Everything the conditions read, each name once and sorted; null asks for nothing. */
export function dependenciesOf(...conditions: readonly (Condition | null)[]): Dependencies {
  const found: Found = {
    events: new Set(),
    attributes: new Set(),
    tags: new Set(),
    topics: new Set(),
    messages: new Set(),
  }
  for (const condition of conditions) if (condition !== null) collect(condition, found)
  return {
    events: [...found.events].sort(),
    attributes: [...found.attributes].sort(),
    tags: [...found.tags].sort(),
    topics: [...found.topics].sort(),
    messages: [...found.messages].sort(),
  }
}

function collect(condition: Condition, found: Found): void {
  if ('all' in condition) for (const part of condition.all) collect(part, found)
  else if ('any' in condition) for (const part of condition.any) collect(part, found)
  else if ('not' in condition) collect(condition.not, found)
  else if ('attribute' in condition) found.attributes.add(condition.attribute)
  else if ('event' in condition) {
    found.events.add(condition.event)
    if (condition.where !== undefined && condition.where !== null) collect(condition.where, found)
  } else if ('tag' in condition) found.tags.add(condition.tag)
  else if ('consent' in condition) found.topics.add(condition.consent)
  else if ('message' in condition) found.messages.add(condition.message)
  // `property` reads the event at hand or the entry event: it changes with them, never alone.
}
