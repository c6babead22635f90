import { Textarea } from '@mantine/core'
import type { DrawnStep } from '../../shared/workflow/document.ts'
import type { PanelTools } from './panel-context.ts'
import { useStepEdit } from './use-step-edit.ts'

export function ExitPanel({ step, tools: { text } }: { step: DrawnStep; tools: PanelTools }) {
  const edit = useStepEdit(step.id)
  return (
    <Textarea
      label={text.t('exit.reason')}
      description={text.t('exit.hint')}
      autosize
      minRows={2}
      maxLength={200}
      value={typeof step.reason === 'string' ? step.reason : ''}
      onChange={(event) => edit({ reason: event.currentTarget.value }, 'reason')}
    />
  )
}
