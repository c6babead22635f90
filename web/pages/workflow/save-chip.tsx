import { Tooltip } from '@mantine/core'
import { useEditor } from '../../editor/context.tsx'
import { hasUnsaved } from '../../editor/slice.ts'
import type { BuilderText } from '../../editor/text.ts'
import css from './workflow-page.module.css'

/** Whether the draft on screen is the one the server has. */
export function SaveChip({ text: { t, formats } }: { text: BuilderText }) {
  const status = useEditor((s) => s.status)
  const savedAt = useEditor((s) => s.savedAt)
  const isUnsaved = useEditor(hasUnsaved)
  const state = status.kind === 'saved' && isUnsaved ? 'saving' : status.kind
  const label = savedAt === null ? t('chip.draft') : t('chip.saved-at', { time: formats.moment(savedAt) })
  return (
    <Tooltip label={status.kind === 'refused' ? status.message : label}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the tooltip says when it was saved; the keyboard must reach it */}
      <span className={css.chip} data-state={state} tabIndex={0} role="status">
        {t(`chip.${state}`)}
      </span>
    </Tooltip>
  )
}
