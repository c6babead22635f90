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
      {test.data !== undefined && <Answer test={test.data} />}
    </div>
  )
}

function Answer({ test }: { test: ConnectionTest }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  return (
    <div className={styles.answer} data-ok={test.ok || undefined} role="status">
      <p className={styles.verdict}>
        {test.ok
          ? t('account.test.ok', { duration: format.duration(test.tookMs) })
          : t('account.test.refused', { duration: format.duration(test.tookMs) })}
      </p>
      {test.trouble !== null && <p className={styles.why}>{t(`sending:trouble.${test.trouble}`)}</p>}
      <ul className={styles.stages}>
        {test.steps.map((step) => (
          <StepLine key={step.step} step={step} test={test} />
        ))}
      </ul>
      {test.answer.includes('\n') && (
        <details className={styles.all}>
          <summary>{t('sending:test.all')}</summary>
          <pre className={`mono ${styles.words}`} lang="en">
            {test.answer}
          </pre>
        </details>
      )}
    </div>
  )
}

const ICONS = { passed: Check, failed: X, skipped: Minus }
type Step = ConnectionTest['steps'][number]

function StepLine({ step: { step, outcome, said }, test }: { step: Step; test: ConnectionTest }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const Icon = ICONS[outcome]
  const { encryption } = test
  const isReached = test.ok || outcome !== 'skipped'
  const ending =
    outcome === 'skipped' && !isReached ? t('sending:test.notReached') : t(`sending:test.outcome.${outcome}`)
  const until = step === 'tls' ? (encryption?.certificateUntil ?? null) : null
  const words =
    until === null
      ? said
      : t('sending:test.certificateUntil', { protocol: encryption?.protocol ?? '', day: format.day(until) })
  return (
    <li className={styles.stage} data-outcome={outcome}>
      <Icon size={15} aria-hidden="true" />
      <span>
        {t(`sending:test.step.${step}`)}
        <span className={outcome === 'passed' ? styles.hidden : styles.outcome}> {ending}</span>
      </span>
      {words !== '' && (
        <span className={`mono ${styles.said}`} {...(until === null ? { lang: 'en' } : {})}>
          {words}
        </span>
      )}
    </li>
  )
}
