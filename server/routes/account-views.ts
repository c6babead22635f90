/** A sending account as settings show it: its form, its pace, and how it is doing with its server. */
import type { SendingAccount } from '../../shared/api/settings.ts'
import { notFound } from '../../shared/errors.ts'
import { toApiId } from '../../shared/ids.ts'
import { doneAt, endOfDay } from '../../shared/message/pace.ts'
import { asSecurity } from '../../shared/message/smtp-url.ts'
import { isTroubleCode } from '../../shared/message/trouble.ts'
import type { Instant } from '../../shared/time/instant.ts'
import { zoneOf } from '../../shared/time/zone-of.ts'
import { paceOf } from '../commands/rates.ts'
import { findAccount, queuedByAccount } from '../db/queries/accounts.ts'
import { iso, isoOrNull } from '../db/queries/page.ts'
import { findWorkspace } from '../db/queries/sessions.ts'
import type { RouteDeps } from './deps.ts'

type Row = NonNullable<Awaited<ReturnType<typeof findAccount>>>

export function accountViews({ db, config, now }: RouteDeps) {
  const isOurs = (row: Row) => config.smtpUrl !== null && row.is_default === 1
  const read = async (id: number): Promise<Row> => {
    const row = await findAccount(db, id)
    if (row === null) throw notFound('sending account', id)
    return row
  }
  const showAll = async (rows: readonly Row[]): Promise<SendingAccount[]> => {
    const queued = await queuedByAccount(db)
    const { zone } = zoneOf({ contact: null, workflow: null, workspace: (await findWorkspace(db))?.timezone ?? null })
    return rows.map((row) => ({
      ...settingsOf(row, isOurs(row)),
      ...stateOf(row, { now: now(), zone, queued: queued.get(row.id) ?? 0 }),
    }))
  }
  const show = async (id: number): Promise<SendingAccount> => {
    const [shown] = await showAll([await read(id)])
    if (shown === undefined) throw notFound('sending account', id)
    return shown
  }
  return { isOurs, read, show, showAll }
}

const settingsOf = (row: Row, fromEnvironment: boolean) =>
  ({
    id: toApiId(row.id),
    kind: row.kind === 'smtp' ? 'smtp' : 'inbox',
    name: row.name,
    host: row.host,
    port: row.port,
    security: asSecurity(row.security),
    username: row.username,
    maxConnections: row.max_connections,
    ratePerSecond: row.rate_per_second,
    ratePerHour: row.rate_per_hour,
    quotaPerDay: row.quota_per_day,
    isDefault: row.is_default === 1,
    hasPassword: row.password_sealed !== null,
    fromEnvironment,
  }) as const

function stateOf(row: Row, { now, zone, queued }: { now: Instant; zone: string; queued: number }) {
  const { trouble_code: code, trouble_since: since } = row
  const isToday = now < row.day_ends_at
  const isPaused = row.status === 'paused'
  const slowedUntil = row.slowed_until !== null && now < row.slowed_until ? row.slowed_until : null
  return {
    status: isPaused ? ('paused' as const) : ('active' as const),
    pausedReason: row.paused_reason,
    pausedAt: isoOrNull(row.paused_at),
    pausedBy: row.paused_by,
    queued,
    trouble:
      isTroubleCode(code) && since !== null
        ? { code, since: iso(since), response: row.trouble_response ?? '', retryAt: isoOrNull(row.retry_at) }
        : null,
    reachableSince: code === null ? isoOrNull(row.reached_at) : null,
    slowedUntil: isoOrNull(slowedUntil),
    quota:
      row.quota_per_day === null
        ? null
        : {
            perDay: row.quota_per_day,
            used: isToday ? row.day_used : 0,
            resetsAt: iso(isToday ? row.day_ends_at : endOfDay(zone, now)),
          },
    doneAt: isPaused || code !== null ? null : isoOrNull(doneAt(paceOf(row), queued, now, zone)),
  }
}
