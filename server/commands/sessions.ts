/** People who sign in: set-up, sessions, failed attempts, profile. */
import { conflict, notFound } from '../../shared/errors.ts'
import { fromColumn, type UserId } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import type { CommandInput, CommandOutput } from './contract.ts'
import { saveAccount, saveWorkspace } from './settings.ts'

/** The owner, the workspace and the first session, once. */
export async function setup(moment: Moment, input: CommandInput<'setup'>): Promise<CommandOutput<'setup'>> {
  const { tx, now } = moment
  const existing = await tx.sql.selectFrom('user_account').select('id').limit(1).executeTakeFirst()
  if (existing !== undefined) throw conflict('Perennial is set up already: sign in instead.')
  const user = await tx.sql
    .insertInto('user_account')
    .values({
      email: input.email.trim().toLowerCase(),
      name: input.name,
      password_hash: input.passwordHash,
      role: 'owner',
      locale: input.workspace.locale,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const userId = fromColumn<UserId>(user.id)
  await saveWorkspace(moment, input.workspace)
  if (input.account !== null) await saveAccount(moment, { id: null, settings: input.account })
  await createSession(moment, { userId, ...input.session })
  return { userId }
}

export async function createSession({ tx, now }: Moment, input: CommandInput<'create-session'>): Promise<null> {
  await tx.sql.deleteFrom('session').where('expires_at', '<=', now).execute()
  if (input.instead != null) await tx.sql.deleteFrom('session').where('token_hash', '=', input.instead).execute()
  await tx.sql
    .insertInto('session')
    .values({ token_hash: input.tokenHash, user_id: input.userId, created_at: now, expires_at: input.expiresAt })
    .execute()
  return null
}

export async function deleteSession({ tx }: Moment, input: CommandInput<'delete-session'>): Promise<null> {
  await tx.sql.deleteFrom('session').where('token_hash', '=', input.tokenHash).execute()
  return null
}

/** Count one failure under each key; a window that is over begins anew. */
export async function noteLoginFailure({ tx, now }: Moment, input: CommandInput<'note-login-failure'>): Promise<null> {
  await tx.sql
    .deleteFrom('login_failure')
    .where('first_at', '<=', now - input.windowMs)
    .execute()
  for (const key of input.keys) {
    await tx.sql
      .insertInto('login_failure')
      .values({ key, failures: 1, first_at: now })
      .onConflict((on) =>
        on.column('key').doUpdateSet(({ eb }) => ({ failures: eb('login_failure.failures', '+', 1) })),
      )
      .execute()
  }
  return null
}

export async function clearLoginFailures({ tx }: Moment, input: CommandInput<'clear-login-failures'>): Promise<null> {
  if (input.keys.length > 0) await tx.sql.deleteFrom('login_failure').where('key', 'in', input.keys).execute()
  return null
}

export async function saveProfile(moment: Moment, input: CommandInput<'save-profile'>): Promise<null> {
  const { tx } = moment
  const { password } = input
  const changes = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.locale === undefined ? {} : { locale: input.locale }),
    ...(password === undefined ? {} : { password_hash: password.hash }),
  }
  const user = await tx.sql.selectFrom('user_account').select('id').where('id', '=', input.userId).executeTakeFirst()
  if (user === undefined) throw notFound('user', input.userId)
  if (Object.keys(changes).length === 0) return null
  await tx.sql.updateTable('user_account').set(changes).where('id', '=', input.userId).execute()
  if (password === undefined) return null
  // Whoever knew the old password is out, wherever they signed in.
  await tx.sql.deleteFrom('session').where('user_id', '=', input.userId).execute()
  return createSession(moment, { userId: input.userId, ...password.session })
}
