/**
 * Objections outlive erasure (GDPR Art. 21(3)): what remains of somebody who was erased is a keyed hash of their address, which says that
 * they must not be written to. Whoever brings the address back gets that with it, as if the person had never been gone: an import never
 * lifts it, a new consent of their own lifts what they had withdrawn, nothing here lifts a suppression.
 */
import { createHmac } from 'node:crypto'
import type { ContactFacts } from '../../shared/condition/facts.ts'
import { foldAddress } from '../../shared/contact/address.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Tx } from '../engine/transact.ts'

export type Objection = { suppression: ContactFacts['suppression']; withdrawn: readonly string[] }

const MARKETING = 'marketing'

/** Under a key of the installation, so that nobody can look an address up who has only the hashes. */
async function hashOf({ sql }: Tx, folded: string): Promise<string> {
  const { key } = await sql
    .selectFrom('installation_key')
    .select('key')
    .where('purpose', '=', 'erasure')
    .executeTakeFirstOrThrow()
  return createHmac('sha256', Buffer.from(key, 'hex')).update(folded).digest('hex')
}

/** Asking to be erased is asking for no more marketing, whatever was agreed to before. */
export async function keepObjection(tx: Tx, contact: ContactFacts, at: Instant): Promise<void> {
  if (contact.email === null) return
  const withdrawn = Object.entries(contact.consent)
    .filter(([, status]) => status === 'withdrawn')
    .map(([topic]) => topic)
  const row = {
    suppression: contact.suppression,
    withdrawn: JSON.stringify([...new Set([MARKETING, ...withdrawn])].sort()),
    at,
  }
  await tx.sql
    .insertInto('erased_address')
    .values({ hash: await hashOf(tx, foldAddress(contact.email)), ...row })
    .onConflict((on) => on.column('hash').doUpdateSet(row))
    .execute()
}

/** Hand the objection of an erased person to the contact who has their address now; null when there is none. */
export async function takeObjection(tx: Tx, folded: string): Promise<Objection | null> {
  // Most installations erase few: without any, no address is hashed.
  const any = await tx.sql.selectFrom('erased_address').select('at').limit(1).executeTakeFirst()
  if (any === undefined) return null
  const row = await tx.sql
    .deleteFrom('erased_address')
    .where('hash', '=', await hashOf(tx, folded))
    .returning(['suppression', 'withdrawn'])
    .executeTakeFirst()
  if (row === undefined) return null
  const suppression = row.suppression === 'hard' ? 'hard' : row.suppression === 'global' ? 'global' : 'none'
  return { suppression, withdrawn: JSON.parse(row.withdrawn) as string[] }
}
