import type { PanelTools } from './panel-context.ts'
import css from './side-panel.module.css'

const STATES = ['entered', 'waiting', 'passed', 'exited'] as const
const MESSAGE_STATES = [
  'queued',
  'sent',
  'opened',
  'clicked',
  'openedMachine',
  'clickedMachine',
  'skipped',
  'failed',
  'uncertain',
] as const

/** Everything counted at one step; each number opens its people. in = waiting + passed + left. */
export function StepNumbers({ stepId, tools }: { stepId: string; tools: PanelTools }) {
  const step = tools.stats?.steps[stepId]
  const { t, formats } = tools.text
  if (step === undefined || step.entered === 0) return null
  const exited = Object.values(step.exited).reduce((a, b) => a + b, 0)
  const counts = { entered: step.entered, waiting: step.waiting, passed: step.passed, exited }
  const messages: Readonly<Record<string, number>> = {
    ...step.messages,
    opened: step.opened,
    clicked: step.clicked,
    openedMachine: step.openedMachine,
    clickedMachine: step.clickedMachine,
  }
  const hasMessages = Object.keys(step.messages).length > 0
  const button = (state: string, value: number) => (
    <button
      key={state}
      type="button"
      className={css.count}
      data-state={state}
      onClick={() => tools.openPeople(stepId, state)}
    >
      <span>{t(`number.${state}`)}</span>
      <b>{formats.count(value)}</b>
    </button>
  )
  return (
    <>
      <hr className={css.hr} />
      <h2 className={css.section}>{t('panel.numbers')}</h2>
      <div className={css.counts}>
        {STATES.map((state) => button(state, counts[state]))}
        {hasMessages &&
          MESSAGE_STATES.flatMap((state) =>
            (messages[state] ?? 0) === 0 ? [] : [button(state, messages[state] ?? 0)],
          )}
      </div>
    </>
  )
}
