import type { Contact } from '../../shared/api/contacts.ts'
import { displayName } from '../../shared/contact/values.ts'

type Named = Pick<Contact, 'attributes'> & Partial<Pick<Contact, 'locale'>>

/** What to call a contact, by the rule the search goes by (family first where the language does); null when nobody told us. */
export const nameOf = ({ attributes, locale }: Named): string | null => displayName(attributes, locale ?? null)
