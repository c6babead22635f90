/** Who is meant: identities are unique per kind, addresses compared case-folded. */
import { parseAddress } from '../../shared/contact/address.ts'
import { conflict, notFound, unprocessable } from '../../shared/errors.ts'
import { type ContactId, fromColumn, partOf } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import type { Tx } from '../engine/transact.ts'
import type { ContactRef } from './contract.ts'

export type IdentityKind = 'email' | 'external'
export type Address = { address: string; folded: string }

/** @throws 422 for what is no address */
export function readAddress(text: string): Address {
  const parsed = parseAddress(text)
  if (!parsed.ok) throw unprocessable('bad-email', parsed.message, { email: text })
  return parsed
}

export async function findIdentity({ sql }: Tx, kind: IdentityKind, value: string): Promise<ContactId | null> {
  const row = await sql
    .selectFrom('contact_identity')
    .select('contact_id')
    .where('kind', '=', kind)
    .where('value', '=', value)
    .executeTakeFirst()
  return row === undefined ? null : fromColumn<ContactId>(row.contact_id)
}

/** The contact a request names, or null. */
export async function findContactRef({ tx }: Moment, ref: ContactRef): Promise<ContactId | null> {
  if ('externalId' in ref) return findIdentity(tx, 'external', ref.externalId)
  if ('email' in ref) return findIdentity(tx, 'email', readAddress(ref.email).folded)
  const row = await tx.sql.selectFrom('contact').select('id').where('id', '=', ref.id).executeTakeFirst()
  return row === undefined ? null : ref.id
}

/** @throws 404 */
export async function requireContact(moment: Moment, ref: ContactRef): Promise<ContactId> {
  const id = await findContactRef(moment, ref)
  if (id === null) throw notFound('contact', Object.values(ref).join(''))
  return id
}

/** Give the contact this identity instead of the one it had; null takes it away. @throws 409 when it belongs to somebody else */
export async function setIdentity(
  { tx }: Moment,
  id: ContactId,
  kind: IdentityKind,
  value: string | null,
): Promise<void> {
  const owner = value === null ? null : await findIdentity(tx, kind, value)
  if (owner === id) return
  if (owner !== null) {
    throw conflict(
      `The ${kind === 'email' ? 'email' : 'externalId'} ${JSON.stringify(value)} belongs to another contact.`,
      {
        contactId: String(owner),
      },
    )
  }
  await tx.sql.deleteFrom('contact_identity').where('contact_id', '=', id).where('kind', '=', kind).execute()
  if (value === null) return
  await tx.sql
    .insertInto('contact_identity')
    .values({ kind, value, part: partOf(id), contact_id: id })
    .execute()
}
