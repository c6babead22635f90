import type { DrawnStep } from '../../shared/workflow/document.ts'
import type { PanelTools } from './panel-context.ts'
import { PathsList } from './paths-list.tsx'
import css from './side-panel.module.css'

export function BranchPanel({ step, tools }: { step: DrawnStep; tools: PanelTools }) {
  const { t, formats } = tools.text
  const others = tools.stats?.steps[step.id]?.paths.otherwise
  return (
    <>
      <PathsList step={step} tools={tools} showCounts />
      <div className={css.else}>
        <span>{t('port.otherwise')}</span>
        {others !== undefined && <span className={css.ruleCount}>{formats.count(others)}</span>}
      </div>
      <p className={css.note}>{t('branch.note')}</p>
    </>
  )
}
