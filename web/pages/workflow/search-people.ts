import type { Contact } from '../../../shared/api/contacts.ts'
import { listContacts } from '../../api/contacts.ts'
import type { Person } from '../../email/person.ts'

const FOUND = 8

/** Some contacts whose name or address has these words, to show or send an email as. */
export async function searchPeople(words: string): Promise<Person[]> {
  const page = await listContacts(words === '' ? { limit: FOUND } : { q: words, limit: FOUND })
  return page.items.map((contact) => ({ id: contact.id, name: nameOf(contact) }))
}

function nameOf({ attributes, email, externalId, id }: Contact): string {
  const name = [attributes.first_name, attributes.last_name]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(' ')
  return [name, email ?? externalId ?? id].filter((part) => part !== '').join(' · ')
}
