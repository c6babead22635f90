/** What the insert menu offers, as Liquid with a fallback where a value may be missing. Pure. */
import type { Fields } from '../../shared/api/contacts.ts'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'

export type Variable = { name: string; liquid: string; group: 'contact' | 'event' | 'sender' | 'links' }

const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/
/** `contact.first_name`, or `contact["first name"]` when the key is no plain word. */
const path = (root: string, key: string): string =>
  NAME.test(key) ? `${root}.${key}` : `${root}[${JSON.stringify(key)}]`
const quoted = (text: string): string => `"${text.replaceAll('"', '')}"`

/** @param fallback what stands there when the value is missing; empty leaves the mail unsent for people without the value */
export function liquidFor(root: 'contact' | 'event', key: string, fallback: string): string {
  return fallback === '' ? `{{ ${path(root, key)} }}` : `{{ ${path(root, key)} | default: ${quoted(fallback)} }}`
}

/** Properties of the events that start this workflow, as far as any were seen. */
export function entryProperties(document: WorkflowDocument, fields: Fields): string[] {
  const names = document.triggers.flatMap((t) => (t.kind === 'event' && typeof t.event === 'string' ? [t.event] : []))
  return [...new Set(fields.events.filter((e) => names.includes(e.name)).flatMap((e) => e.properties))]
}

export function variablesFor(document: WorkflowDocument, fields: Fields): Variable[] {
  const built = ['email'].map((name): Variable => ({ name, liquid: `{{ contact.${name} }}`, group: 'contact' }))
  const attributes = fields.attributes.map(
    ({ key }): Variable => ({ name: key, liquid: liquidFor('contact', key, ''), group: 'contact' }),
  )
  const properties = entryProperties(document, fields).map(
    (key): Variable => ({ name: key, liquid: liquidFor('event', key, ''), group: 'event' }),
  )
  return [
    ...built,
    ...attributes,
    ...properties,
    { name: 'sender.name', liquid: '{{ sender.name }}', group: 'sender' },
    { name: 'sender.address', liquid: '{{ sender.address }}', group: 'sender' },
    { name: 'unsubscribe_url', liquid: '{{ unsubscribe_url }}', group: 'links' },
  ]
}

/** The line a problem names ("Line 12 …", "line: 12"), or null. */
export function lineOfProblem(message: string): number | null {
  const found = /\bline:?\s+(\d+)/i.exec(message)
  return found?.[1] === undefined ? null : Number(found[1])
}

/** Properties typed as JSON; null when it is not an object. */
export function readProperties(text: string): Record<string, never> | null {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, never>)
      : null
  } catch {
    return null // still being typed
  }
}
