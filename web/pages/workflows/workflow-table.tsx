import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { WorkflowSummary } from '../../../shared/api/workflows.ts'
import { useNow } from '../../app/clock.ts'
import { triggerWords } from '../../app/trigger-words.ts'
import { useFormat } from '../../app/use-format.ts'
import { Chip, type ChipTone } from '../../ui/chip.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { StepTile } from '../../ui/step-tile.tsx'
import tables from '../../ui/table.module.css'
import { WorkflowMenu } from './workflow-menu.tsx'
import styles from './workflows.module.css'

const TONES: Record<WorkflowSummary['status'], ChipTone> = {
  live: 'live',
  draft: 'outline',
  paused: 'paused',
  archived: 'quiet',
}

export function WorkflowTable({ workflows }: { workflows: readonly WorkflowSummary[] }) {
  const { t } = useTranslation('app')
  return (
    <div className={tables.frame}>
      <table className={tables.table}>
        <caption className="p-hidden">{t('workflows.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('workflows.column.name')}</th>
            <th scope="col">{t('workflows.column.status')}</th>
            <th scope="col" className={tables.number}>
              {t('workflows.column.entered')}
            </th>
            <th scope="col" className={`${tables.number} ${tables.middle}`}>
              {t('workflows.column.waiting')}
            </th>
            <th scope="col" className={`${tables.number} ${tables.middle}`}>
              {t('workflows.column.sent')}
            </th>
            <th scope="col" className={`${tables.number} ${tables.middle}`}>
              {t('workflows.column.clicked')}
            </th>
            <th scope="col" className={tables.wide}>
              {t('workflows.column.trend')}
            </th>
            <th scope="col" className={tables.wide}>
              {t('workflows.column.next')}
            </th>
            <th scope="col">
              <span className="p-hidden">{t('workflows.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.map((workflow) => (
            <WorkflowRow key={workflow.id} workflow={workflow} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function WorkflowRow({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation('app')
  const format = useFormat()
  const sentLately = workflow.trend.reduce((total, one) => total + one, 0)
  return (
    <tr className={tables.rowOpens}>
      <td>
        <span className={`${tables.withBadge} ${styles.name}`}>
          <StepTile family="trigger" kind={workflow.triggerKind ?? 'event'} />
          <span className={tables.two}>
            <Link to={`/workflows/${workflow.id}`} className={tables.opener}>
              {workflow.name}
            </Link>
            <span className={tables.second}>
              {triggerWords(workflow.triggerKind, workflow.triggerText, (key, values) => t(key, values ?? {}))}
            </span>
          </span>
        </span>
      </td>
      <td>
        <span className={tables.two}>
          <Chip tone={TONES[workflow.status]}>{t(`workflows.status.${workflow.status}`)}</Chip>
          {workflow.job !== null && <JobLine job={workflow.job} />}
          {workflow.hasChanges && workflow.liveVersion !== null && (
            <span className={tables.second}>{t('workflows.hasChanges')}</span>
          )}
        </span>
      </td>
      <td className={tables.number}>
        <strong>{format.count(workflow.entered)}</strong>
      </td>
      <td className={`${tables.number} ${tables.middle}`}>{format.count(workflow.waiting)}</td>
      <td className={`${tables.number} ${tables.middle}`}>{format.count(workflow.sent)}</td>
      <td
        className={`${tables.number} ${tables.middle}`}
        title={t('workflows.summary.clickedOf', {
          clicked: format.count(workflow.clicked),
          sent: format.count(workflow.sent),
        })}
      >
        <strong>{format.share(workflow.clicked, workflow.sent)}</strong>
      </td>
      <td className={tables.wide}>
        <Sparkline
          values={workflow.trend}
          isStill={workflow.status !== 'live'}
          label={t('workflows.trendWords', { count: sentLately, shown: format.count(sentLately) })}
        />
      </td>
      <td className={tables.wide}>
        <Next workflow={workflow} />
      </td>
      <td className={tables.number}>
        <WorkflowMenu workflow={workflow} />
      </td>
    </tr>
  )
}

/** How far stopping or setting going has got. */
function JobLine({ job: { kind, done, total } }: { job: NonNullable<WorkflowSummary['job']> }) {
  const { t } = useTranslation('builder')
  const format = useFormat()
  return (
    <span className={`num ${tables.second}`}>
      {t(kind.startsWith('resume') ? 'resume.working' : 'pause.working', {
        done: format.count(done),
        total: format.count(total ?? done),
      })}
    </span>
  )
}

function Next({ workflow }: { workflow: WorkflowSummary }) {
  const { t } = useTranslation(['app', 'builder'])
  const format = useFormat()
  const now = useNow(30_000)
  if (workflow.status === 'draft') return <span className={tables.second}>{t('workflows.notPublished')}</span>
  if (workflow.status === 'paused')
    return (
      <span className={`num ${tables.second}`}>
        {workflow.pausedAt === null
          ? t('workflows.standsStill')
          : t('builder:plate.held-since', {
              time: t('format.dayTime', {
                day: format.shortDay(workflow.pausedAt),
                time: format.time(workflow.pausedAt),
              }),
            })}
      </span>
    )
  if (workflow.nextDueAt === null && workflow.nextDueAfter !== null)
    return (
      <span className={`num ${tables.second}`}>
        {t('workflows.notBefore', { time: format.near(workflow.nextDueAfter, now) })}
      </span>
    )
  if (workflow.nextDueAt === null) return <span className={tables.second}>{t('workflows.nothingNext')}</span>
  return <span className={`num ${tables.second}`}>{format.near(workflow.nextDueAt, now)}</span>
}
