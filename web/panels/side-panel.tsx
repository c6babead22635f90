import { placeOf } from '../../shared/workflow/check.ts'
import { updateStep } from '../../shared/workflow/edit.ts'
import { stepKindOf } from '../../shared/workflow/kinds.ts'
import { useEditor, useEditorStore } from '../editor/context.tsx'
import { SETTINGS_NODE, triggerOfNode } from '../editor/slice.ts'
import { wordsOfStep, wordsOfTrigger } from '../editor/step-words.ts'
import { StepTile } from '../ui/step-tile.tsx'
import { BranchPanel } from './branch-panel.tsx'
import { ExitPanel } from './exit-panel.tsx'
import type { PanelTools } from './panel-context.ts'
import { PanelHead, ProblemList } from './panel-head.tsx'
import { SendEmailPanel } from './send-email-panel.tsx'
import { SettingsPanel } from './settings-panel.tsx'
import css from './side-panel.module.css'
import { SplitPanel } from './split-panel.tsx'
import { StepNumbers } from './step-numbers.tsx'
import { TriggerPanel } from './trigger-panel.tsx'
import { UpdateContactPanel } from './update-contact-panel.tsx'
import { WaitPanel } from './wait-panel.tsx'
import { WaitUntilPanel } from './wait-until-panel.tsx'

/** One panel beside the canvas: what the selected step says and when. Esc closes it and gives the focus back to the step. */
export function SidePanel(tools: PanelTools & { onClosed(nodeId: string): void }) {
  const store = useEditorStore()
  const nodeId = useEditor((s) => (s.panelOpen ? s.selection.at(-1) : undefined))
  if (nodeId === undefined) return null
  const close = () => {
    store.getState().closePanel()
    tools.onClosed(nodeId)
  }
  return (
    <aside
      className={css.panel}
      data-panel
      aria-label={tools.text.t('panel.name')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.stopPropagation()
        close()
      }}
    >
      <PanelOf key={nodeId} nodeId={nodeId} tools={tools} close={close} />
      <footer className={css.foot}>
        <span>{tools.text.t('panel.saved-as-you-type')}</span>
        <span>
          <kbd className={css.key}>Esc</kbd> {tools.text.t('panel.closes')}
        </span>
      </footer>
    </aside>
  )
}

type OfProps = { nodeId: string; tools: PanelTools; close(): void }

function PanelOf({ nodeId, tools, close }: OfProps) {
  if (nodeId === SETTINGS_NODE) return <SettingsPanel tools={tools} close={close} />
  const triggerId = triggerOfNode(nodeId)
  return triggerId === null ? (
    <StepPanel stepId={nodeId} tools={tools} close={close} />
  ) : (
    <TriggerOf triggerId={triggerId} tools={tools} close={close} />
  )
}

function TriggerOf({ triggerId, tools, close }: { triggerId: string; tools: PanelTools; close(): void }) {
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const trigger = document.triggers.find((t) => t.id === triggerId)
  if (trigger === undefined) return null
  const nodeId = `trigger:${triggerId}`
  const mine = problems.filter((p) => {
    const place = placeOf(p, document)
    return place.kind === 'trigger' && place.id === triggerId
  })
  const { t } = tools.text
  return (
    <>
      <PanelHead
        tools={tools}
        close={close}
        nodeId={nodeId}
        tile={<StepTile family="trigger" kind={trigger.kind} />}
        kindLine={t(`kind.${trigger.kind}.about`)}
      >
        <h2 className={css.title}>{wordsOfTrigger(trigger, tools.text).title}</h2>
      </PanelHead>
      <div className={css.body}>
        <ProblemList problems={mine} tools={tools} />
        <TriggerPanel trigger={trigger} tools={tools} />
      </div>
    </>
  )
}

function StepPanel({ stepId, tools, close }: { stepId: string; tools: PanelTools; close(): void }) {
  const store = useEditorStore()
  const document = useEditor((s) => s.document)
  const problems = useEditor((s) => s.problems)
  const step = document.steps.find((s) => s.id === stepId)
  if (step === undefined) return null
  const { t } = tools.text
  const family = stepKindOf(step.kind)?.family ?? 'action'
  const words = wordsOfStep({ ...step, title: undefined }, document, tools.text)
  return (
    <>
      <PanelHead
        tools={tools}
        close={close}
        nodeId={stepId}
        tile={<StepTile family={family} kind={step.kind} />}
        kindLine={t(`kind.${step.kind}.about`)}
      >
        <input
          className={css.titleInput}
          aria-label={t('panel.title')}
          placeholder={words.title}
          title={step.title ?? words.title}
          value={step.title ?? ''}
          maxLength={200}
          onChange={(event) => {
            const title = event.currentTarget.value
            store
              .getState()
              .apply(
                { key: 'rename-step' },
                (doc) => updateStep(doc, stepId, { title: title === '' ? undefined : title }),
                `${stepId}.title`,
              )
          }}
        />
      </PanelHead>
      <div className={css.body}>
        <ProblemList problems={problems.filter((p) => p.stepId === stepId)} tools={tools} />
        {step.kind === 'send-email' && <SendEmailPanel step={step} tools={tools} />}
        {step.kind === 'wait' && <WaitPanel step={step} tools={tools} />}
        {step.kind === 'wait-until' && <WaitUntilPanel step={step} tools={tools} />}
        {step.kind === 'branch' && <BranchPanel step={step} tools={tools} />}
        {step.kind === 'split' && <SplitPanel step={step} tools={tools} />}
        {step.kind === 'update-contact' && <UpdateContactPanel step={step} tools={tools} />}
        {step.kind === 'exit' && <ExitPanel step={step} tools={tools} />}
        <StepNumbers stepId={stepId} tools={tools} />
      </div>
    </>
  )
}
