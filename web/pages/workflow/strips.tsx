import { Button } from '@mantine/core'
import { CloudOff, Info, Pause } from 'lucide-react'
import { useState } from 'react'
import { resumeWorkflow } from '../../api/workflows.ts'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import type { Live } from './live.ts'
import css from './workflow-page.module.css'

type Props = { text: BuilderText; restored: boolean; dismissRestored(): void; live: Live; refreshLive(): Promise<void> }

/** What must be known before the next edit: offline, refused, restored, paused. */
export function Strips({ text: { t, formats }, restored, dismissRestored, live, refreshLive }: Props) {
  const status = useEditor((s) => s.status)
  const [failed, setFailed] = useState<string | null>(null)
  const resume = () =>
    resumeWorkflow(live.id, 'shift').then(refreshLive, (error: unknown) =>
      setFailed(error instanceof Error ? error.message : String(error)),
    )
  return (
    <>
      {status.kind === 'offline' && (
        <div className={css.strip} role="status">
          <CloudOff size={16} aria-hidden />
          <span>
            <b>{t('strip.offline', { time: formats.time(status.since) })}</b> {t('strip.kept', { count: status.edits })}
          </span>
        </div>
      )}
      {status.kind === 'refused' && (
        <div className={css.strip} role="alert">
          <Info size={16} aria-hidden /> {t('strip.refused', { message: status.message })}
        </div>
      )}
      {restored && (
        <div className={css.strip} role="status">
          <Info size={16} aria-hidden />
          <span>{t('strip.restored')}</span>
          <Button size="compact-sm" onClick={dismissRestored}>
            {t('strip.keep')}
          </Button>
        </div>
      )}
      {live.status === 'paused' && (
        <div className={css.strip} role="status">
          <Pause size={16} aria-hidden />
          <span>{failed ?? t('strip.paused')}</span>
          <Button size="compact-sm" onClick={() => void resume()}>
            {t('strip.resume')}
          </Button>
        </div>
      )}
    </>
  )
}
