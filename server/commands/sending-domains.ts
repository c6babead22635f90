/** DKIM keys of the domains mail is sent from. A new key stands beside the old one, which signs until the new one takes over. */
import { createHash } from 'node:crypto'
import { conflict, notFound } from '../../shared/errors.ts'
import { fromColumn, type SendingDomainId } from '../../shared/ids.ts'
import { dateOf, isoDate } from '../../shared/time/calendar.ts'
import { DAY_MS, type Instant } from '../../shared/time/instant.ts'
import type { Moment } from '../engine/context.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

/** A domain with more keys than this is a mistake: one that signs, one that takes over, a few whose records are being taken down. */
const MOST_KEYS = 10

export async function addSendingDomain(
  { tx, now }: Moment,
  input: CommandInput<'add-sending-domain'>,
): Promise<CommandOutput<'add-sending-domain'>> {
  const keys = await tx.sql.selectFrom('sending_domain').select('selector').where('domain', '=', input.domain).execute()
  if (keys.length >= MOST_KEYS) throw conflict(`${input.domain} has ${keys.length} keys; remove one first.`)
  const row = await tx.sql
    .insertInto('sending_domain')
    .values({
      domain: input.domain,
      selector: selectorOf(input.publicKey, now),
      algorithm: input.algorithm,
      private_key_sealed: input.privateKeySealed,
      public_key: input.publicKey,
      is_signing: 0,
      created_at: now,
      checked_at: null,
      check_status: null,
      check_found: null,
      seen_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: fromColumn<SendingDomainId>(row.id) }
}

/** `pn261122` and six signs of the key's own: never the name of an older key, removed or not, whose record may still be cached somewhere. */
function selectorOf(publicKey: string, now: Instant): string {
  const date = isoDate(dateOf(Math.floor(now / DAY_MS)))
  const fingerprint = createHash('sha256').update(publicKey).digest('hex').slice(0, 6)
  return `pn${date.replace(/-/g, '').slice(2)}${fingerprint}`
}

export async function noteDomainCheck(
  { tx, now }: Moment,
  { id, status, found }: CommandInput<'note-domain-check'>,
): Promise<null> {
  const row = await tx.sql.selectFrom('sending_domain').select('seen_at').where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('sending domain', id)
  await tx.sql
    .updateTable('sending_domain')
    .set({
      checked_at: now,
      check_status: status,
      check_found: JSON.stringify(found),
      seen_at: status === 'seen' ? (row.seen_at ?? now) : row.seen_at,
    })
    .where('id', '=', id)
    .execute()
  return null
}

export async function setDomainSigning(
  { tx }: Moment,
  { id, on, force }: CommandInput<'set-domain-signing'>,
): Promise<null> {
  const row = await tx.sql.selectFrom('sending_domain').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('sending domain', id)
  if (on && !force && row.check_status !== 'seen') {
    throw conflict(
      `The record of ${row.selector}._domainkey.${row.domain} was not seen in the DNS; check it first, or send force: true.`,
    )
  }
  if (on) await tx.sql.updateTable('sending_domain').set({ is_signing: 0 }).where('domain', '=', row.domain).execute()
  await tx.sql
    .updateTable('sending_domain')
    .set({ is_signing: on ? 1 : 0 })
    .where('id', '=', id)
    .execute()
  return null
}

export async function removeSendingDomain(
  { tx }: Moment,
  { id }: CommandInput<'remove-sending-domain'>,
): Promise<null> {
  const result = await tx.sql.deleteFrom('sending_domain').where('id', '=', id).executeTakeFirst()
  if (result.numDeletedRows === 0n) throw notFound('sending domain', id)
  return null
}
