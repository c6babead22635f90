/** What all kinds of steps share, and the ports of the kinds with a single way on. */
import { z } from 'zod'
import type { DrawnStep } from './document.ts'
import { textOf } from './draft.ts'
import type { StepKind } from './kind.ts'

export const stepBase = {
  id: z.string().min(1).max(64),
  title: z.string().max(200).optional(),
}

export const next = z.string().nullable().default(null)

export type AfterOne = Pick<StepKind, 'outs' | 'connect' | 'main'>

const ports: AfterOne = {
  main: 'next',
  outs: (step) => [{ port: 'next', label: null, next: textOf(step.next) }],
  connect: (step, port, target) => (port === 'next' ? connectField(step, 'next', target) : step),
}

/** A step with one arrow called `next`. */
export const afterOne = { schema: next, ports }

/** Lead the arrow kept in `field` to `target`; the same step when nothing changes. */
export function connectField(step: DrawnStep, field: string, target: string | null): DrawnStep {
  return textOf(step[field]) === target ? step : { ...step, [field]: target }
}
