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
async function hashOf(tx: Tx, folded: string): Promise<string> {
  return hashWith((await keyOf(tx)).key, folded)
}

const hashWith = (key: string, folded: string): string =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(folded).digest('hex')

const keyOf = ({ sql }: Tx) =>
  sql.selectFrom('installation_key').select('key').where('purpose', '=', 'erasure').executeTakeFirstOrThrow()

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
  return row === undefined ? null : objectionOf(row)
}

const objectionOf = (row: { suppression: string; withdrawn: string }): Objection => ({
  suppression: row.suppression === 'hard' ? 'hard' : row.suppression === 'global' ? 'global' : 'none',
  withdrawn: JSON.parse(row.withdrawn) as string[],
})

/** The objections of erased people whose addresses are among these, by folded address; they stay until they are taken. */
export async function findObjections(
  tx: Tx,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Objection & { hash: string }>> {
  const any = await tx.sql.selectFrom('erased_address').select('at').limit(1).executeTakeFirst()
  const found = new Map<string, Objection & { hash: string }>()
  if (any === undefined) return found
  const { key } = await keyOf(tx)
  for (const folded of addresses) {
    const hash = hashWith(key, folded)
    const row = await tx.sql
      .selectFrom('erased_address')
      .select(['suppression', 'withdrawn'])
      .where('hash', '=', hash)
      .executeTakeFirst()
    if (row !== undefined) found.set(folded, { hash, ...objectionOf(row) })
  }
  return found
}

/** They were handed on to the contacts who have the addresses now. */
export async function dropObjections({ sql }: Tx, hashes: readonly string[]): Promise<void> {
  if (hashes.length > 0)
    await sql
      .deleteFrom('erased_address')
      .where('hash', 'in', [...hashes])
      .execute()
}
