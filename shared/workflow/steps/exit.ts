/** Ends the enrollment as exited; the numbers count people by its reason. */
import { z } from 'zod'
import { asStepId } from '../../ids.ts'
import { titleOf } from '../draft.ts'
import { schemaProblems } from '../findings.ts'
import type { StepKind } from '../kind.ts'
import { stepBase } from '../step-base.ts'

/** Counted under this when the step names no reason. */
const NO_REASON = 'exit'

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('exit'),
  reason: z.string().max(100).nullish(),
})

export const exit: StepKind = {
  kind: 'exit',
  family: 'end',
  schema,
  defaults: () => ({ reason: '' }),
  main: null,
  outs: () => [],
  connect: (step) => step,
  takesTime: () => false,
  problems: (step, _doc, context) => schemaProblems(schema, step, { stepId: step.id, path: context.path }, []),
  toPlan(step, tools) {
    const { id, reason } = schema.parse(step)
    return { kind: 'exit', no: tools.no, id: asStepId(id), title: titleOf(step), reason: reason?.trim() || NO_REASON }
  },
}
