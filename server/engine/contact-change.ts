/** Values and tags of one contact, written the same way whoever writes them: the API, an import, a step of a workflow. */
import type { ContactFacts } from '../../shared/condition/facts.ts'
import { patched, type ValuePatch } from '../../shared/contact/patch.ts'
import { displayName, foldForSearch, typeOfValue } from '../../shared/contact/values.ts'
import { type Change, changeBetween, tagsAdded } from '../../shared/engine/change.ts'
import type { ContactId } from '../../shared/ids.ts'
import type { JsonObject } from '../../shared/json.ts'
import type { Moment } from './context.ts'
import { contactFacts } from './facts.ts'

export type ContactChanged = { change: Extract<Change, { kind: 'contact' }>; tagsAdded: readonly string[] }

/** Null when there is no such contact (any more). */
export async function changeContact(moment: Moment, id: ContactId, patch: ValuePatch): Promise<ContactChanged | null> {
  const [row] = await moment.tx.store.findContacts([id])
  if (row === undefined) return null
  const before = contactFacts(row)
  const after = patched(before, patch)
  await learnAttributes(moment, patch.attributes ?? {})
  await moment.tx.sql
    .updateTable('contact')
    .set({ ...valueColumns(after), updated_at: moment.now })
    .where('id', '=', id)
    .execute()
  return { change: changeBetween(before, after), tagsAdded: tagsAdded(before, after) }
}

export const valueColumns = ({ attributes, tags, timezone, locale }: ContactFacts) => ({
  name_folded: foldedName(attributes, locale),
  timezone,
  locale,
  attributes: JSON.stringify(attributes),
  tags: JSON.stringify(tags),
})

/** A key keeps the type it was first seen with. */
export async function learnAttributes({ tx, now }: Moment, attributes: JsonObject): Promise<void> {
  for (const [key, value] of Object.entries(attributes)) {
    const type = typeOfValue(value)
    if (type === null) continue
    await tx.sql
      .insertInto('attribute_definition')
      .values({ key, type, created_at: now })
      .onConflict((on) => on.doNothing())
      .execute()
  }
}

/** What a prefix search by name finds: the name as it is shown, folded, so that "nguyen" finds "Nguyễn". */
function foldedName(attributes: JsonObject, locale: string | null): string {
  return foldForSearch(displayName(attributes, locale) ?? '')
}
