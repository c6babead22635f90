import { Button, Progress } from '@mantine/core'
import { Pause, Play } from 'lucide-react'
import type { Stats } from '../../../shared/api/workflows.ts'
import type { BuilderText } from '../../editor/text.ts'
import type { Live } from './live.ts'
import css from './workflow-page.module.css'

type Props = { text: BuilderText; live: Live; stats: Stats | null; onResume(): void }

/** That it stands still, since when, with how many; how far stopping or setting going has got. */
export function PauseStrip({ text, live, stats, onResume }: Props) {
  const { t, formats } = text
  const { job } = live
  if (job !== null) return <JobStrip text={text} job={job} />
  if (live.status !== 'paused') return null
  const waiting = stats?.totals.waiting ?? 0
  return (
    <div className={css.strip}>
      <Pause size={16} aria-hidden />
      <span>
        {live.pausedAt !== null && <b role="status">{t('pause.since', { time: formats.moment(live.pausedAt) })} </b>}
        {waiting > 0 && `${t('pause.held-people', { count: waiting, number: formats.count(waiting) })} `}
        {t('strip.paused')}
      </span>
      <span className={css.space} />
      <Button size="compact-sm" onClick={onResume}>
        {t('resume.open')}
      </Button>
    </div>
  )
}

type JobProps = { text: BuilderText; job: NonNullable<Live['job']> }

function JobStrip({ text: { t, formats }, job: { kind, done, total } }: JobProps) {
  const isResuming = kind.startsWith('resume')
  const Icon = isResuming ? Play : Pause
  const share = total === null || total === 0 ? 0 : done / total
  return (
    <div className={css.strip}>
      <Icon size={16} aria-hidden />
      <span className="num">
        {t(isResuming ? 'resume.working' : 'pause.working', {
          done: formats.count(done),
          total: formats.count(total ?? done),
        })}
      </span>
      <Progress className={css.stripBar ?? ''} value={share * 100} aria-label={t('resume.progress')} />
    </div>
  )
}
