/** Which live numbers a card shows, and which list each of them opens. */
import type { Stats, StepStats } from '../../shared/api/workflows.ts'
import type { WorkflowDocument } from '../../shared/workflow/document.ts'
import type { BuilderText } from '../editor/text.ts'
import { familyOf } from './graph.ts'

export type NumberState =
  | 'entered'
  | 'waiting'
  | 'passed'
  | 'exited'
  | 'sent'
  | 'opened'
  | 'clicked'
  | 'skipped'
  | 'failed'
  | 'uncertain'
  | 'queued'
export type CardNumber = { state: NumberState; value: string; label: string; icon?: 'people' | 'still' }
type Words = Pick<BuilderText, 't' | 'formats'>

/** Messages that reached a server: everything after `sent`, too. */
const sentOf = (step: StepStats): number => step.messages.sent ?? 0

/** @param isPaused people at a waiting step stand still: their clocks are stopped */
export function cardNumbers(
  kind: string,
  step: StepStats | undefined,
  { t, formats }: Words,
  isPaused = false,
): CardNumber[] {
  if (step === undefined || step.entered === 0) return []
  const number = (state: NumberState, value: number): CardNumber => ({
    state,
    value: formats.count(value),
    label: t(`number.${state}`),
  })
  switch (familyOf(kind)) {
    case 'message': {
      const sent = sentOf(step)
      const rates: CardNumber[] =
        sent === 0 ? [] : [{ state: 'clicked', value: formats.share(step.clicked / sent), label: t('number.clicked') }]
      return [number('sent', sent), ...rates]
    }
    case 'time':
      return isPaused && step.waiting > 0
        ? [{ ...number('waiting', step.waiting), label: t('number.still'), icon: 'still' }]
        : [{ ...number('waiting', step.waiting), icon: 'people' }]
    case 'end':
      return [number('entered', step.entered)]
    default:
      return [{ ...number('entered', step.entered), label: t('number.sorted') }]
  }
}

const TROUBLES = ['failed', 'uncertain', 'skipped'] as const

/** What did not go out as drawn, worst first; nothing to show is the normal case. */
export function troubleNumbers(step: StepStats | undefined, { t, formats }: Words): CardNumber[] {
  return TROUBLES.flatMap((state) => {
    const count = step?.messages[state] ?? 0
    return count === 0 ? [] : [{ state, value: formats.count(count), label: t(`number.${state}`) }]
  })
}

export function triggerNumbers(document: WorkflowDocument, stats: Stats | null, { t, formats }: Words): CardNumber[] {
  if (stats === null || document.triggers.length !== 1 || stats.totals.entered === 0) return []
  return [{ state: 'entered', value: formats.count(stats.totals.entered), label: t('number.entered') }]
}

/** How many went along one outcome: counted per path where there are several, else everybody who passed. */
export function peopleAlong(step: StepStats, port: string): number | null {
  const counted = step.paths[port]
  if (counted !== undefined) return counted
  return port === 'next' ? step.passed : Object.keys(step.paths).length > 0 ? 0 : step.entered === 0 ? 0 : null
}
