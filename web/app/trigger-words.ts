import type { Fill } from './format.ts'

/** When a workflow starts, as a sentence. */
export function triggerWords(kind: string | null, text: string | null, fill: Fill): string {
  if (kind === 'event')
    return text === null ? fill('workflows.trigger.event') : fill('workflows.trigger.eventNamed', { name: text })
  if (kind === 'manual') return fill('workflows.trigger.manual')
  if (kind === 'contact-created') return fill('workflows.trigger.contactCreated')
  if (kind === 'tag-added')
    return text === null ? fill('workflows.trigger.tag') : fill('workflows.trigger.tagNamed', { name: text })
  return kind === null ? fill('workflows.trigger.none') : fill('workflows.trigger.other', { kind })
}
