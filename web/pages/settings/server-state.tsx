import { Button } from '@mantine/core'
import { Check, CircleAlert, Minus, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SendingAccount } from '../../../shared/api/settings.ts'
import { accountsKey, pauseAccount, retryAccount, useSettingsChange } from '../../api/settings.ts'
import { useNow } from '../../app/clock.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Card } from '../../ui/card.tsx'
import styles from './server-state.module.css'

/** How the account is doing: whether its server answers, what waits, and what is left of the day. */
export function ServerState({ account }: { account: SendingAccount }) {
  const { t } = useTranslation('sending')
  return (
    <Card title={t('state.title')} aside={<PauseButton account={account} />}>
      <div className={styles.rows}>
        <Reach account={account} />
        <Queue account={account} />
        {account.quota !== null && <Quota quota={account.quota} />}
      </div>
    </Card>
  )
}

function PauseButton({ account }: { account: SendingAccount }) {
  const { t } = useTranslation('sending')
  const toast = useToast()
  const pause = useSettingsChange(() => pauseAccount(account.id), accountsKey)
  const isPausedByHand = account.status === 'paused' && account.pausedBy !== null
  if (isPausedByHand) return null
  return (
    <Button
      size="xs"
      loading={pause.isPending}
      onClick={() =>
        pause.mutate(undefined, {
          onSuccess: () => toast.done(t('state.pausedDone')),
          onError: (error) => toast.failed(t('state.notPaused'), error),
        })
      }
    >
      {t('state.pause')}
    </Button>
  )
}

const ICONS = { good: Check, none: Minus, warning: TriangleAlert, problem: CircleAlert }

function Row({ tone, title, children }: { tone: keyof typeof ICONS; title: ReactNode; children?: ReactNode }) {
  const Icon = ICONS[tone]
  return (
    <div className={styles.row} data-tone={tone}>
      <Icon size={16} aria-hidden="true" />
      <div className={styles.words}>
        <p className={`num ${styles.title}`}>{title}</p>
        {children}
      </div>
    </div>
  )
}

function Reach({ account }: { account: SendingAccount }) {
  const { t } = useTranslation('sending')
  const format = useFormat()
  const { trouble, reachableSince, slowedUntil } = account
  const isPaused = account.status === 'paused'
  const slowed = slowedUntil !== null && (
    <Row tone="warning" title={t('state.slowed', { time: format.time(slowedUntil) })} />
  )
  if (trouble === null) {
    return (
      <>
        {reachableSince === null ? (
          <Row tone="none" title={t('state.notTried')}>
            <p>{t('state.notTriedText')}</p>
          </Row>
        ) : (
          <Row tone="good" title={t('state.reachableSince', { moment: format.moment(reachableSince) })} />
        )}
        {slowed}
      </>
    )
  }
  const since = { moment: format.moment(trouble.since) }
  return (
    <>
      <Row tone="problem" title={isPaused ? t('state.pausedTrouble', since) : t('state.trouble', since)}>
        <p>{t(`trouble.${trouble.code}`)}</p>
        {trouble.response !== '' && (
          <p>
            {t('state.said')}{' '}
            <span className="mono" lang="en">
              {trouble.response}
            </span>
          </p>
        )}
        <p>{t('state.waits')}</p>
        <TryNow account={account} retryAt={trouble.retryAt} />
      </Row>
      {slowed}
    </>
  )
}

function TryNow({ account, retryAt }: { account: SendingAccount; retryAt: string | null }) {
  const { t } = useTranslation('sending')
  const format = useFormat()
  const toast = useToast()
  const now = useNow(1_000)
  const retry = useSettingsChange(() => retryAccount(account.id), accountsKey)
  // What a person paused is not tried until a person resumes it.
  if (account.status === 'paused' && account.pausedBy !== null) return null
  const isLater = retryAt !== null && Date.parse(retryAt) > now
  return (
    <div className={styles.retry}>
      <span className="num">
        {isLater ? t('state.retryAt', { moment: format.near(retryAt, now) }) : t('state.retrying')}
      </span>
      <Button
        size="xs"
        loading={retry.isPending}
        onClick={() =>
          retry.mutate(undefined, {
            onSuccess: () => toast.done(t('state.asked')),
            onError: (error) => toast.failed(t('state.notTriedNow'), error),
          })
        }
      >
        {t('state.tryNow')}
      </Button>
    </div>
  )
}

function Queue({ account: { queued, doneAt } }: { account: SendingAccount }) {
  const { t } = useTranslation('sending')
  const format = useFormat()
  const now = useNow(10_000)
  if (queued === 0) return <Row tone="none" title={t('state.queueEmpty')} />
  const waiting = t('state.queued', { count: queued, shown: format.count(queued) })
  return (
    <Row
      tone="none"
      title={
        <>
          {waiting}
          {doneAt !== null && (
            <span className={styles.aside}>, {t('state.doneAt', { moment: format.near(doneAt, now) })}</span>
          )}
        </>
      }
    />
  )
}

function Quota({ quota: { perDay, used, resetsAt } }: { quota: NonNullable<SendingAccount['quota']> }) {
  const { t } = useTranslation('sending')
  const format = useFormat()
  const now = useNow(60_000)
  const isUsed = used >= perDay
  const numbers = { used: format.count(used), perDay: format.count(perDay) }
  return (
    <Row
      tone={isUsed ? 'warning' : 'none'}
      title={
        <>
          {isUsed ? t('state.quotaUsed', numbers) : t('state.quota', numbers)}
          <span className={styles.aside}>, {t('state.resets', { moment: format.near(resetsAt, now) })}</span>
        </>
      }
    >
      <meter
        className={styles.meter}
        min={0}
        max={perDay}
        value={Math.min(used, perDay)}
        aria-label={t('state.today')}
      />
    </Row>
  )
}
