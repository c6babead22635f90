import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Status } from '../../../shared/api/settings.ts'
import { useAccounts, useStatus } from '../../api/settings.ts'
import { useNow } from '../clock.ts'
import type { Format } from '../format.ts'
import { useFormat } from '../use-format.ts'
import styles from './heartbeat.module.css'

/** Beyond this the oldest due person or message counts as late: shorter is the normal beat of a busy second. */
const LATE_MS = 30_000

type Beat = {
  tone: 'running' | 'late' | 'silent'
  state: string
  next: string
  /** Where to do something about it. */
  to?: string
}

/** Is it alive, what comes next, is anything late, paused or waiting for a decision. */
export function Heartbeat() {
  const { tone, state, next, to } = useBeat()
  const words = (
    <>
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.words}>
        <span className={styles.state}>{state}</span>
        <span className={`num ${styles.next}`}>{next}</span>
      </span>
    </>
  )
  return (
    <Tooltip label={next === '' ? state : `${state}. ${next}`} position="right" multiline maw={260}>
      {to === undefined ? (
        <div className={styles.beat} data-tone={tone}>
          {words}
        </div>
      ) : (
        <Link className={styles.beat} data-tone={tone} to={to}>
          {words}
        </Link>
      )}
    </Tooltip>
  )
}

function useBeat(): Beat {
  const { t } = useTranslation('app')
  const { data, isError } = useStatus()
  const accounts = useAccounts()
  const format = useFormat()
  const now = useNow(10_000)
  if (isError) return { tone: 'silent', state: t('beat.silent'), next: t('beat.silentMore') }
  if (data === undefined) return { tone: 'silent', state: t('beat.asking'), next: '' }
  const counted = (count: number) => ({ count, shown: format.count(count) })
  // A pause explains everything after it, so it is said first.
  const paused = accounts.data?.find(({ isDefault, status }) => isDefault && status === 'paused')
  if (paused !== undefined)
    return {
      tone: 'late',
      state: t('beat.paused'),
      next: t('beat.pausedMore', counted(paused.queued)),
      to: '/settings/sending',
    }
  if (data.lagMs > LATE_MS)
    return {
      tone: 'late',
      state: t('beat.late', { duration: format.duration(data.lagMs) }),
      next: t('beat.lateMore'),
      to: data.queued > 0 ? '/messages?status=queued' : '/workflows',
    }
  if (data.uncertain > 0)
    return {
      tone: 'late',
      state: t('beat.uncertain', counted(data.uncertain)),
      next: t('beat.uncertainMore'),
      to: '/messages?status=uncertain',
    }
  return {
    tone: 'running',
    state: t('beat.running'),
    next: nextOf(data, format, now, (key, values) => t(key, values ?? {})),
  }
}

function nextOf(
  status: Status,
  format: Format,
  now: number,
  t: (key: string, values?: Record<string, string>) => string,
): string {
  if (status.nextDueAt === null) return t('beat.nothingPlanned')
  const at = format.isSameDay(status.nextDueAt, now)
    ? format.time(status.nextDueAt)
    : format.near(status.nextDueAt, now)
  return t('beat.next', { at })
}
