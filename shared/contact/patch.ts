/** What a change makes of a contact: attributes merge, null deletes, tags are added and taken away. Pure, wherever the change comes from. */
import type { ContactFacts } from '../condition/facts.ts'
import type { Json, JsonObject } from '../json.ts'

/** Absent: as it was. */
export type ValuePatch = {
  timezone?: string | null | undefined
  locale?: string | null | undefined
  /** Merged; null deletes a value. */
  attributes?: JsonObject | undefined
  /** Replaces all tags. */
  tags?: readonly string[] | undefined
  addTags?: readonly string[] | undefined
  removeTags?: readonly string[] | undefined
}

export function patched(before: ContactFacts, patch: ValuePatch): ContactFacts {
  return {
    ...before,
    timezone: patch.timezone === undefined ? before.timezone : patch.timezone,
    locale: patch.locale === undefined ? before.locale : patch.locale,
    attributes: patchedAttributes(before.attributes, patch.attributes ?? {}),
    tags: patchedTags(before.tags, patch),
  }
}

function patchedAttributes(before: JsonObject, changes: JsonObject): JsonObject {
  const entries = Object.entries(changes)
  if (entries.length === 0) return before
  const attributes: Record<string, Json> = { ...before }
  for (const [key, value] of entries) {
    if (value === null) delete attributes[key]
    // A key may be called `__proto__`.
    else Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true })
  }
  return attributes
}

function patchedTags(before: readonly string[], { tags, addTags, removeTags }: ValuePatch): readonly string[] {
  if (tags === undefined && addTags === undefined && removeTags === undefined) return before
  const after = new Set(tags ?? before)
  for (const tag of addTags ?? []) after.add(tag)
  for (const tag of removeTags ?? []) after.delete(tag)
  return [...after].sort()
}
