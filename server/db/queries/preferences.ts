/** What the public pages need to know of a contact. */
import { z } from 'zod'
import { type ContactId, fromColumn, partOf } from '../../../shared/ids.ts'
import type { Db } from '../open.ts'

const consentStates = z.record(z.string(), z.string())

export async function findPreferences(db: Db, id: ContactId) {
  const row = await db.sql
    .selectFrom('contact')
    .select(['email', 'locale', 'consent', 'suppression'])
    .where('part', '=', partOf(id))
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const { consent, ...rest } = row
  return { ...rest, marketing: consentStates.parse(JSON.parse(consent)).marketing ?? 'unknown' }
}
export type Preferences = NonNullable<Awaited<ReturnType<typeof findPreferences>>>

export async function contactLocale(db: Db, contactId: number): Promise<string | null> {
  return (await findPreferences(db, fromColumn<ContactId>(contactId)))?.locale ?? null
}
