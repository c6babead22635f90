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
      second_tokens: settings.ratePerSecond ?? 0,
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

export async function setAccountStatus({ tx, now }: Moment, input: CommandInput<'set-account-status'>): Promise<null> {
  const isPaused = input.status === 'paused'
  const result = await tx.sql
    .updateTable('sending_account')
    .set({ status: input.status, paused_reason: isPaused ? input.reason : null, paused_at: isPaused ? now : null })
    .where('id', '=', input.id)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) throw notFound('sending account', input.id)
  tx.hints.messages = true
  return null
}

export async function slowAccount({ tx }: Moment, input: CommandInput<'slow-account'>): Promise<null> {
  await tx.sql.updateTable('sending_account').set({ slowed_until: input.until }).where('id', '=', input.id).execute()
  return null
}
