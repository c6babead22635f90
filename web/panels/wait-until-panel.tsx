import type { DrawnStep } from '../../shared/workflow/document.ts'
import { isRecord } from '../../shared/workflow/draft.ts'
import { DurationField } from './duration-field.tsx'
import type { PanelTools } from './panel-context.ts'
import { PathsList } from './paths-list.tsx'
import css from './side-panel.module.css'
import { useStepEdit } from './use-step-edit.ts'

export function WaitUntilPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const { t } = tools.text
  const edit = useStepEdit(step.id)
  const timeout = isRecord(step.timeout) ? step.timeout : { after: null, next: null }
  return (
    <>
      <PathsList step={step} tools={tools} showCounts={false} />
      <DurationField
        text={tools.text}
        label={t('until.timeout')}
        hint={t('until.hint')}
        value={timeout.after}
        onChange={(after) => edit({ timeout: { ...timeout, after } }, 'timeout')}
      />
      <p className={css.note}>{t('until.note')}</p>
    </>
  )
}
