/** API keys, and the answers kept for Idempotency-Key. */
import { notFound } from '../../shared/errors.ts'
import { type ApiKeyId, fromColumn } from '../../shared/ids.ts'
import { DAY_MS, MINUTE_MS } from '../../shared/time/instant.ts'
import type { Moment } from '../engine/context.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

export async function createApiKey(
  { tx, now }: Moment,
  input: CommandInput<'create-api-key'>,
): Promise<CommandOutput<'create-api-key'>> {
  const row = await tx.sql
    .insertInto('api_key')
    .values({
      name: input.name,
      key_hash: input.keyHash,
      prefix: input.prefix,
      scopes: JSON.stringify(input.scopes),
      created_at: now,
      last_used_at: null,
      revoked_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: fromColumn<ApiKeyId>(row.id) }
}

/** Safe to repeat. */
export async function revokeApiKey({ tx, now }: Moment, input: CommandInput<'revoke-api-key'>): Promise<null> {
  const key = await tx.sql.selectFrom('api_key').select('id').where('id', '=', input.id).executeTakeFirst()
  if (key === undefined) throw notFound('API key', input.id)
  await tx.sql
    .updateTable('api_key')
    .set({ revoked_at: now })
    .where('id', '=', input.id)
    .where('revoked_at', 'is', null)
    .execute()
  return null
}

/** "Last used" is true to the minute: a key that is used a thousand times a second is written once. */
const NOTED_EVERY_MS = MINUTE_MS

export async function noteKeyUsed({ tx, now }: Moment, input: CommandInput<'note-key-used'>): Promise<null> {
  await tx.sql
    .updateTable('api_key')
    .set({ last_used_at: now })
    .where('id', '=', input.id)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - NOTED_EVERY_MS)]))
    .execute()
  return null
}

/** The first answer under a key stays; a day later it is forgotten. */
export async function rememberAnswer({ tx, now }: Moment, input: CommandInput<'remember-answer'>): Promise<null> {
  await tx.sql
    .deleteFrom('idempotency')
    .where('at', '<=', now - DAY_MS)
    .execute()
  await tx.sql
    .insertInto('idempotency')
    .values({
      owner: input.owner,
      route: input.route,
      key: input.key,
      body_hash: input.bodyHash,
      status: input.status,
      response: input.response,
      at: now,
    })
    .onConflict((on) => on.doNothing())
    .execute()
  return null
}
