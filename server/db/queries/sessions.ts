/** Cold reads about people who sign in, keys and remembered answers. */
import type { Instant } from '../../../shared/time/instant.ts'
import type { Db } from '../open.ts'

export async function findSession(db: Db, tokenHash: string, now: Instant) {
  const row = await db.sql
    .selectFrom('session')
    .innerJoin('user_account', 'user_account.id', 'session.user_id')
    .select(['user_account.id as userId', 'user_account.role'])
    .where('session.token_hash', '=', tokenHash)
    .where('session.expires_at', '>', now)
    .executeTakeFirst()
  return row ?? null
}

export async function findLiveKey(db: Db, keyHash: string) {
  const row = await db.sql
    .selectFrom('api_key')
    .select(['id', 'scopes', 'last_used_at as lastUsedAt'])
    .where('key_hash', '=', keyHash)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export async function findUser(db: Db, by: { id: number } | { email: string }) {
  const row = await db.sql
    .selectFrom('user_account')
    .select(['id', 'email', 'name', 'role', 'locale', 'password_hash as passwordHash'])
    .$if('id' in by, (q) => q.where('id', '=', 'id' in by ? by.id : 0))
    .$if('email' in by, (q) => q.where('email', '=', 'email' in by ? by.email : ''))
    .executeTakeFirst()
  return row ?? null
}

export async function isSetUp(db: Db): Promise<boolean> {
  return (await db.sql.selectFrom('user_account').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function findWorkspace(db: Db) {
  const row = await db.sql.selectFrom('workspace').selectAll().where('id', '=', 1).executeTakeFirst()
  return row === undefined
    ? null
    : {
        name: row.name,
        timezone: row.timezone,
        locale: row.locale,
        senderName: row.sender_name,
        senderEmail: row.sender_email,
        postalAddress: row.postal_address,
      }
}

/** Failures counted since `since` under any of these keys, the most of them. */
export async function worstLoginFailures(db: Db, keys: readonly string[], since: Instant) {
  const rows = await db.sql
    .selectFrom('login_failure')
    .select(['failures', 'first_at as firstAt'])
    .where('key', 'in', [...keys])
    .where('first_at', '>', since)
    .execute()
  return rows.reduce((worst, row) => (row.failures > worst.failures ? row : worst), { failures: 0, firstAt: 0 })
}

export function listKeys(db: Db) {
  return db.sql
    .selectFrom('api_key')
    .select(['id', 'name', 'prefix', 'scopes', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
    .where('revoked_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
}

export async function findAnswer(db: Db, place: { owner: string; route: string; key: string }, since: Instant) {
  const row = await db.sql
    .selectFrom('idempotency')
    .select(['body_hash as bodyHash', 'status', 'response'])
    .where('owner', '=', place.owner)
    .where('route', '=', place.route)
    .where('key', '=', place.key)
    .where('at', '>', since)
    .executeTakeFirst()
  return row ?? null
}
