import { useTranslation } from 'react-i18next'
import type { WorkflowSummary } from '../../../shared/api/workflows.ts'
import { useNow } from '../../app/clock.ts'
import { useFormat } from '../../app/use-format.ts'
import styles from './workflows.module.css'

const DAYS_SHOWN = 7
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)

/** Four numbers over all workflows: who is inside, what went out, what was clicked, what comes next. */
export function WorkflowsSummary({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const now = useNow(10_000)
  const waiting = sum(workflows.map((one) => one.waiting))
  const entered = sum(workflows.map((one) => one.entered))
  const sent = sum(workflows.map((one) => one.sent))
  const clicked = sum(workflows.map((one) => one.clicked))
  const recent = sum(workflows.map(({ trend }) => sum(trend.slice(-DAYS_SHOWN))))
  const next = workflows.flatMap((one) => one.nextDueAt ?? []).sort()[0]
  return (
    <dl className={styles.summary}>
      <Figure
        label={t('workflows.summary.inside')}
        value={t('people', { count: waiting, shown: format.count(waiting) })}
        note={t('workflows.summary.entered', { count: entered, shown: format.count(entered) })}
      />
      <Figure
        label={t('workflows.summary.sent')}
        value={format.count(recent)}
        note={t('workflows.summary.sentEver', { count: sent, shown: format.count(sent) })}
      />
      <Figure
        label={t('workflows.summary.clicked')}
        value={format.share(clicked, sent)}
        note={t('workflows.summary.clickedOf', {
          clicked: format.count(clicked),
          sent: format.count(sent),
        })}
      />
      <Figure
        label={t('workflows.summary.next')}
        value={next === undefined ? '–' : format.near(next, now)}
        note={next === undefined ? t('workflows.summary.nobodyWaits') : format.zoneName(next)}
      />
    </dl>
  )
}

function Figure({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <div className={styles.figure}>
      <dt>{label}</dt>
      <dd className="num">
        <span className={styles.value}>{value}</span>
        <span className={styles.note}>{note}</span>
      </dd>
    </div>
  )
}
