/** The rows every installation has from its first start: the workspace, and the embedded inbox as sending account. */
import type { Instant } from '../../shared/time/instant.ts'
import type { Tx } from './transact.ts'

export type FirstRows = { now: Instant; installId: string; timezone?: string; locale?: string }

/** Safe to repeat: what exists stays as it is. */
export async function ensureInstallation(tx: Tx, { now, installId, timezone, locale }: FirstRows): Promise<void> {
  await tx.sql
    .insertInto('workspace')
    .values({
      id: 1,
      name: '',
      timezone: timezone ?? 'UTC',
      locale: locale ?? 'en',
      sender_name: '',
      sender_email: '',
      postal_address: '',
      install_id: installId,
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const account = await tx.sql.selectFrom('sending_account').select('id').where('is_default', '=', 1).executeTakeFirst()
  if (account !== undefined) return
  await tx.sql.insertInto('sending_account').values(inboxAccount(now)).execute()
}

const inboxAccount = (now: Instant) => ({
  name: 'Inbox',
  kind: 'inbox',
  is_default: 1,
  host: '127.0.0.1',
  port: 0,
  security: 'none',
  username: '',
  password_sealed: null,
  max_connections: 5,
  rate_per_second: null,
  rate_per_hour: null,
  status: 'active',
  paused_reason: null,
  paused_at: null,
  hour_tokens: 0,
  refilled_at: now,
  slowed_until: null,
  created_at: now,
})
