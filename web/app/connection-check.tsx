import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Check, Minus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTest } from '../../shared/api/settings.ts'
import { testAccount } from '../api/settings.ts'
import { type AccountValues, accountBodyOf } from './account-values.ts'
import styles from './connection-check.module.css'
import { FormProblem } from './form-problem.tsx'
import { useFormat } from './use-format.ts'

/** Ask the server itself, and show its own words beside ours. */
export function ConnectionCheck({ account, id }: { account: AccountValues; id?: string }) {
  const { t } = useTranslation('app')
  const test = useMutation({
    mutationFn: () => testAccount({ ...accountBodyOf(account), ...(id === undefined ? {} : { id }) }),
  })
  return (
    <div className={styles.check}>
      <Button
        className={styles.button ?? ''}
        onClick={() => test.mutate()}
        loading={test.isPending}
        disabled={account.host.trim() === ''}
      >
        {test.data === undefined ? t('account.test.action') : t('account.test.again')}
      </Button>
      {test.error !== null && <FormProblem error={test.error} what={t('account.test.failed')} />}
      {test.data !== undefined && <Answer test={test.data} hasUser={account.username.trim() !== ''} />}
    </div>
  )
}

const STAGES = ['connect', 'greeting', 'tls', 'auth'] as const

function Answer({ test, hasUser }: { test: ConnectionTest; hasUser: boolean }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const failedAt = test.stage === 'done' ? STAGES.length : STAGES.indexOf(test.stage)
  const outcome = (stage: (typeof STAGES)[number]): 'passed' | 'failed' | 'skipped' => {
    if (stage === 'tls' && !test.secure && test.stage !== 'tls') return 'skipped'
    if (test.ok && stage === 'auth' && !hasUser) return 'skipped'
    const index = STAGES.indexOf(stage)
    if (test.ok || index < failedAt) return 'passed'
    return index === failedAt ? 'failed' : 'skipped'
  }
  return (
    <div className={styles.answer} data-ok={test.ok || undefined} role="status">
      <p className={styles.verdict}>
        {test.ok
          ? t('account.test.ok', { duration: format.duration(test.tookMs) })
          : t('account.test.refused', { duration: format.duration(test.tookMs) })}
      </p>
      <ul className={styles.stages}>
        {STAGES.map((stage) => (
          <StageLine key={stage} stage={stage} outcome={outcome(stage)} />
        ))}
      </ul>
      {test.answer !== '' && (
        <>
          <p className={styles.saying}>{t('account.test.words')}</p>
          <pre className={`mono ${styles.words}`} lang="en">
            {test.answer}
          </pre>
        </>
      )}
    </div>
  )
}

const ICONS = { passed: Check, failed: X, skipped: Minus }

function StageLine({ stage, outcome }: { stage: (typeof STAGES)[number]; outcome: keyof typeof ICONS }) {
  const { t } = useTranslation('app')
  const Icon = ICONS[outcome]
  return (
    <li className={styles.stage} data-outcome={outcome}>
      <Icon size={15} aria-hidden="true" />
      <span>
        {t(`account.test.${stage}`)}
        <span className={styles.outcome}> {t(`account.test.outcome.${outcome}`)}</span>
      </span>
    </li>
  )
}
