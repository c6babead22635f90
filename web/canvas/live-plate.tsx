import { Pause } from 'lucide-react'
import type { Stats } from '../../shared/api/workflows.ts'
import type { BuilderText } from '../editor/text.ts'
import css from './live-plate.module.css'

/** The numbers of the whole workflow that open their people. */
export type TotalState = 'entered' | 'waiting' | 'finished' | 'exited'

type Props = {
  text: BuilderText
  stats: Stats | null
  since: string | null
  /** While it stands still. */
  pausedAt: string | null
  onOpen(state: TotalState): void
  isOnline: boolean
}

/** Everybody who came in, and where they are: in = waiting + finished + left. */
export function LivePlate({ text: { t, formats }, stats, since, pausedAt, onOpen, isOnline }: Props) {
  if (stats === null || stats.totals.entered === 0) return null
  const { entered, waiting, finished, left } = stats.totals
  const gone = Object.values(left).reduce((a, b) => a + b, 0)
  const part = (key: string, state: TotalState, count: number) => (
    <button type="button" className={css.part} data-total={key} onClick={() => onOpen(state)}>
      <span className={css.number}>{formats.count(count)}</span> {t(`plate.${key}`)}
    </button>
  )
  return (
    <div className={css.plate}>
      <div className={css.first}>
        <button type="button" className={css.part} data-total="entered" onClick={() => onOpen('entered')}>
          <b>{t('plate.came-in', { count: entered, number: formats.count(entered) })}</b>
        </button>
        <span>{since === null ? '' : t('plate.since', { day: formats.day(since) })}</span>
      </div>
      <div className={css.sum}>
        {part('waiting', 'waiting', waiting)} + {part('finished', 'finished', finished)} +{' '}
        {part('left', 'exited', gone)}
      </div>
      {pausedAt !== null && (
        <div className={css.held}>
          <Pause size={13} aria-hidden /> {t('plate.held-since', { time: formats.listed(pausedAt) })}
        </div>
      )}
      {!isOnline && <div className={css.stale}>{t('plate.reconnecting', { time: formats.time(stats.asOf) })}</div>}
    </div>
  )
}
