import { Button } from '@mantine/core'
import { CloudOff, Info } from 'lucide-react'
import { useEditor } from '../../editor/context.tsx'
import type { BuilderText } from '../../editor/text.ts'
import css from './workflow-page.module.css'

type Props = { text: BuilderText; restored: boolean; dismissRestored(): void }

/** What must be known before the next edit: offline, refused, restored. */
export function Strips({ text: { t, formats }, restored, dismissRestored }: Props) {
  const status = useEditor((s) => s.status)
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
    </>
  )
}
