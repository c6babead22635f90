/** Sends the person down the first path whose condition is true, else down `otherwise`. Takes no time. */
import { z } from 'zod'
import { asStepId } from '../../ids.ts'
import { listOf, textOf, titleOf } from '../draft.ts'
import { arrowProblems, error, schemaProblems } from '../findings.ts'
import type { StepKind } from '../kind.ts'
import { connectPath, pathOuts, pathProblems, pathSchema, planPaths } from '../paths.ts'
import { connectField, next, stepBase } from '../step-base.ts'

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('branch'),
  paths: z.array(pathSchema).min(1).max(50),
  otherwise: next,
})

export const branch: StepKind = {
  kind: 'branch',
  family: 'logic',
  schema,
  defaults: () => ({ paths: [{ id: 'p1', label: '', when: null, next: null }], otherwise: null }),
  main: 'otherwise',
  outs: (step) => [...pathOuts(step), { port: 'otherwise', label: null, next: textOf(step.otherwise) }],
  connect: (step, port, target) =>
    port === 'otherwise' ? connectField(step, 'otherwise', target) : connectPath(step, port, target),
  takesTime: () => false,
  problems(step, _doc, context) {
    const at = { stepId: step.id, path: context.path }
    const found = [
      ...pathProblems(step, context, 'This branch has no rule yet. Add a path and say who takes it.'),
      ...arrowProblems(step.otherwise, { ...at, path: `${at.path}/otherwise` }, context.stepIds),
    ]
    if (listOf(step.paths).length > 50) {
      found.push(error('bad-field', { ...at, path: `${at.path}/paths` }, 'More than 50 paths; 50 are allowed.'))
    }
    return [...found, ...schemaProblems(schema, step, at, found)]
  },
  toPlan(step, tools) {
    const { id, paths, otherwise } = schema.parse(step)
    return {
      kind: 'branch',
      no: tools.no,
      id: asStepId(id),
      title: titleOf(step),
      paths: planPaths(paths, tools),
      otherwise: tools.next(otherwise),
    }
  },
}
