/** The workspace and the accounts that send. */
import { notFound } from '../../shared/errors.ts'
import { type AccountId, fromColumn } from '../../shared/ids.ts'
import { forgetCaches, type Moment } from '../engine/context.ts'
import type { AccountSettings, CommandInput, CommandOutput } from './contract.ts'

export async function saveWorkspace({ tx, engine }: Moment, input: CommandInput<'save-workspace'>): Promise<null> {
  const changes = {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.timezone === undefined ? {} : { timezone: input.timezone }),
    ...(input.locale === undefined ? {} : { locale: input.locale }),
    ...(input.senderName === undefined ? {} : { sender_name: input.senderName }),
    ...(input.senderEmail === undefined ? {} : { sender_email: input.senderEmail }),
    ...(input.postalAddress === undefined ? {} : { postal_address: input.postalAddress }),
  }
  if (Object.keys(changes).length > 0) {
    await tx.sql.updateTable('workspace').set(changes).where('id', '=', 1).execute()
  }
  forgetCaches(engine)
  return null
}

/** A new account becomes the default: what is queued from now on goes through it. */
export async function saveAccount(
  { tx, now, engine }: Moment,
  input: CommandInput<'save-account'>,
): Promise<CommandOutput<'save-account'>> {
  forgetCaches(engine)
  const { settings } = input
  if (input.id !== null) {
    const result = await tx.sql
      .updateTable('sending_account')
      .set({
        ...columnsOf(settings),
        ...(settings.passwordSealed === undefined ? {} : { password_sealed: settings.passwordSealed }),
        ...(settings.quotaPerDay === undefined ? {} : { quota_per_day: settings.quotaPerDay }),
      })
      .where('id', '=', input.id)
      .executeTakeFirst()
    if (result.numUpdatedRows === 0n) throw notFound('sending account', input.id)
    tx.hints.messages = true
    return { id: input.id }
  }
  await tx.sql.updateTable('sending_account').set({ is_default: 0 }).where('is_default', '=', 1).execute()
  const row = await tx.sql
    .insertInto('sending_account')
    .values({
      ...columnsOf(settings),
      password_sealed: settings.passwordSealed ?? null,
      is_default: 1,
      status: 'active',
      paused_reason: null,
      paused_at: null,
      quota_per_day: settings.quotaPerDay ?? null,
      hour_tokens: 0,
      refilled_at: now,
      slowed_until: null,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  tx.hints.messages = true
  return { id: fromColumn<AccountId>(row.id) }
}

const columnsOf = (settings: AccountSettings) => ({
  name: settings.name,
  kind: settings.kind,
  host: settings.host,
  port: settings.port,
  security: settings.security,
  username: settings.username,
  max_connections: settings.maxConnections,
  rate_per_second: settings.ratePerSecond,
  rate_per_hour: settings.ratePerHour,
})

/**
 * Whoever resumes an account wants it tried at once; what was wrong before is no longer known to be. What a person paused, the sender
 * neither resumes nor explains otherwise; what it paused itself stays paused since the first time.
 */
export async function setAccountStatus({ tx, now }: Moment, input: CommandInput<'set-account-status'>): Promise<null> {
  const row = await tx.sql.selectFrom('sending_account').selectAll().where('id', '=', input.id).executeTakeFirst()
  if (row === undefined) throw notFound('sending account', input.id)
  const by = input.by ?? null
  if (by === null && row.paused_by !== null) return null
  const paused = {
    paused_reason: input.reason,
    paused_at: by === null && row.status === 'paused' ? row.paused_at : now,
    paused_by: by,
    retry_at: input.retryAt ?? null,
    ...(by === null
      ? {
          trouble_code: input.reason,
          trouble_since: row.trouble_since ?? now,
          trouble_response: input.response ?? null,
        }
      : {}),
  }
  const resumed = {
    paused_reason: null,
    paused_at: null,
    paused_by: null,
    retry_at: null,
    retry_asked_at: by === null ? row.retry_asked_at : now,
    trouble_code: null,
    trouble_since: null,
    reached_at: by === null ? now : null,
  }
  await tx.sql
    .updateTable('sending_account')
    .set({ status: input.status, ...(input.status === 'paused' ? paused : resumed) })
    .where('id', '=', input.id)
    .execute()
  tx.hints.messages = true
  return null
}

export async function slowAccount({ tx }: Moment, input: CommandInput<'slow-account'>): Promise<null> {
  await tx.sql.updateTable('sending_account').set({ slowed_until: input.until }).where('id', '=', input.id).execute()
  return null
}

/** The beginning of the trouble stays while it lasts, whatever it turns into. */
export async function noteAccount({ tx, now }: Moment, { id, trouble }: CommandInput<'note-account'>): Promise<null> {
  const row = await tx.sql
    .selectFrom('sending_account')
    .select(['trouble_since', 'reached_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  const change =
    trouble === null
      ? {
          trouble_code: null,
          trouble_since: null,
          retry_at: null,
          reached_at: row.trouble_since === null ? (row.reached_at ?? now) : now,
        }
      : {
          trouble_code: trouble.code,
          trouble_since: row.trouble_since ?? now,
          trouble_response: trouble.response,
          retry_at: trouble.retryAt,
        }
  await tx.sql.updateTable('sending_account').set(change).where('id', '=', id).execute()
  return null
}

export async function retryAccount({ tx, now }: Moment, { id }: CommandInput<'retry-account'>): Promise<null> {
  const result = await tx.sql
    .updateTable('sending_account')
    .set({ retry_at: null, retry_asked_at: now })
    .where('id', '=', id)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw notFound('sending account', id)
  tx.hints.messages = true
  return null
}
