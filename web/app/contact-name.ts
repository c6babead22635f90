import type { Contact } from '../../shared/api/contacts.ts'

/** What to call a contact: their name as far as we know it, null when we do not. */
export function nameOf({ attributes }: Pick<Contact, 'attributes'>): string | null {
  const text = (key: string): string => {
    const value = attributes[key]
    return typeof value === 'string' ? value.trim() : ''
  }
  const parts = [text('first_name') || text('firstName'), text('last_name') || text('lastName')].filter(Boolean)
  if (parts.length > 0) return parts.join(' ')
  return text('name') || null
}
