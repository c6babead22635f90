import { Tooltip } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Status } from '../../../shared/api/settings.ts'
import { useStatus } from '../../api/settings.ts'
import { useNow } from '../clock.ts'
import type { Format } from '../format.ts'
import { useFormat } from '../use-format.ts'
import styles from './heartbeat.module.css'

/** Beyond this the oldest due person or message counts as late: shorter is the normal beat of a busy second. */
const LATE_MS = 30_000

type Beat = { tone: 'running' | 'late' | 'silent'; state: string; next: string }

/** Is it alive, what comes next, is anything late. */
export function Heartbeat() {
  const { tone, state, next } = useBeat()
  return (
    <Tooltip label={`${state}. ${next}`} position="right" multiline maw={260}>
      <div className={styles.beat} data-tone={tone}>
        <span className={styles.dot} aria-hidden="true" />
        <span className={styles.words}>
          <span className={styles.state}>{state}</span>
          <span className={`num ${styles.next}`}>{next}</span>
        </span>
      </div>
    </Tooltip>
  )
}

function useBeat(): Beat {
  const { t } = useTranslation('app')
  const { data, isError } = useStatus()
  const format = useFormat()
  const now = useNow(10_000)
  if (isError) return { tone: 'silent', state: t('beat.silent'), next: t('beat.silentMore') }
  if (data === undefined) return { tone: 'silent', state: t('beat.asking'), next: '' }
  if (data.lagMs > LATE_MS)
    return {
      tone: 'late',
      state: t('beat.late', { duration: format.duration(data.lagMs) }),
      next: t('beat.lateMore'),
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
