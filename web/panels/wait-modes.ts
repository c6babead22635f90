/** The four ways a wait can end, and the fields a step has when one is chosen. */
import type { WaitRule } from '../../shared/workflow/plan.ts'

export type WaitMode = WaitRule['kind']
export const MODES: readonly WaitMode[] = ['for', 'time', 'at', 'attribute']

/** Fields for `updateStep`; `undefined` takes the other way's field away. */
export function fieldsOfMode(mode: WaitMode): Readonly<Record<string, unknown>> {
  switch (mode) {
    case 'for':
      return { for: 'P2D', until: undefined }
    case 'at':
      return { for: undefined, until: { at: '' } }
    case 'time':
      return { for: undefined, until: { time: '09:00', days: [] } }
    case 'attribute':
      return { for: undefined, until: { attribute: '', ifPast: 'continue' } }
  }
}
