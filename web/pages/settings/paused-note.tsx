import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { SendingAccount } from '../../../shared/api/settings.ts'
import { accountsKey, resumeAccount, useSettingsChange } from '../../api/settings.ts'
import { useNow } from '../../app/clock.ts'
import { useToast } from '../../app/toast.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Note } from '../../ui/note.tsx'

/** Nothing leaves while an account is paused: why, since when, what is kept, and the way on. */
export function PausedNote({ account }: { account: SendingAccount }) {
  const { t, i18n } = useTranslation('app')
  const format = useFormat()
  const toast = useToast()
  const now = useNow(10_000)
  const resume = useSettingsChange(() => resumeAccount(account.id), accountsKey)
  const reason = account.pausedReason ?? 'by-hand'
  const why = (): ReactNode => {
    if (i18n.exists(`sending:trouble.${reason}`)) return t(`sending:trouble.${reason}`)
    return account.pausedBy ? t('sending:paused.byHand', { name: account.pausedBy }) : t('sending:paused.bySomebody')
  }
  const retryAt = account.pausedBy === null ? (account.trouble?.retryAt ?? null) : null
  return (
    <Note
      tone="warning"
      action={
        <Button
          size="xs"
          loading={resume.isPending}
          onClick={() => resume.mutate(undefined, { onError: (error) => toast.failed(t('sending.notResumed'), error) })}
        >
          {t('sending.resume')}
        </Button>
      }
    >
      <p className="num">
        <strong>
          {account.pausedAt === null
            ? t('sending.pausedNow')
            : t('sending.pausedSince', { moment: format.moment(account.pausedAt) })}
        </strong>{' '}
        {why()} {t('sending.kept', { count: account.queued, shown: format.count(account.queued) })}
        {retryAt !== null && ` ${t('sending:paused.itself', { moment: format.near(retryAt, now) })}`}
      </p>
    </Note>
  )
}
