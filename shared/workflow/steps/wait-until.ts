/** Waits until the first of its paths comes true, or until its timeout: nobody waits for ever. */
import { z } from 'zod'
import { asStepId } from '../../ids.ts'
import { isRecord, listOf, show, textOf, titleOf } from '../draft.ts'
import { durationOf } from '../durations.ts'
import { arrowProblems, durationProblems, error, schemaProblems } from '../findings.ts'
import type { StepKind } from '../kind.ts'
import { connectPath, pathOuts, pathProblems, pathSchema, planPaths } from '../paths.ts'
import type { Problem } from '../problem.ts'
import { next, stepBase } from '../step-base.ts'

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('wait-until'),
  paths: z.array(pathSchema).min(1).max(20),
  timeout: z.strictObject({ after: z.string(), next }),
})

export const waitUntil: StepKind = {
  kind: 'wait-until',
  family: 'time',
  schema,
  defaults: () => ({
    paths: [{ id: 'p1', label: '', when: null, next: null }],
    timeout: { after: 'P3D', next: null },
  }),
  main: 'timeout',
  outs: (step) => [
    ...pathOuts(step),
    { port: 'timeout', label: null, next: isRecord(step.timeout) ? textOf(step.timeout.next) : null },
  ],
  connect(step, port, target) {
    if (port !== 'timeout') return connectPath(step, port, target)
    const timeout = isRecord(step.timeout) ? step.timeout : { after: null, next: null }
    return textOf(timeout.next) === target ? step : { ...step, timeout: { ...timeout, next: target } }
  },
  // A path may be true on arrival, so only the timeout is sure to take time.
  takesTime: (_step, port) => port === 'timeout',
  problems(step, _doc, context) {
    const at = { stepId: step.id, path: context.path }
    const found = [
      ...pathProblems(step, context, 'Nothing is awaited yet. Add a path and say what to wait for.'),
      ...timeoutProblems(step.timeout, { ...at, path: `${context.path}/timeout` }, context.stepIds),
    ]
    if (listOf(step.paths).length > 20) {
      found.push(error('bad-field', { ...at, path: `${at.path}/paths` }, 'More than 20 paths; 20 are allowed.'))
    }
    return [...found, ...schemaProblems(schema, step, at, found)]
  },
  toPlan(step, tools) {
    const { id, paths, timeout } = schema.parse(step)
    return {
      kind: 'wait-until',
      no: tools.no,
      id: asStepId(id),
      title: titleOf(step),
      paths: planPaths(paths, tools),
      timeout: { after: durationOf(timeout.after), next: tools.next(timeout.next) },
    }
  },
}

function timeoutProblems(
  timeout: unknown,
  at: { stepId: string; path: string },
  stepIds: ReadonlySet<string>,
): Problem[] {
  const message = 'Nobody may wait for ever. Say after how long people go on anyway, for example "P3D" (3 days).'
  if (timeout === null || timeout === undefined) return [error('no-timeout', at, message)]
  if (!isRecord(timeout)) {
    return [error('no-timeout', at, `Found ${show(timeout)}; expected { "after": "P3D", "next": … }. ${message}`)]
  }
  if (timeout.after === null || timeout.after === undefined || timeout.after === '') {
    return [
      error('no-timeout', { ...at, path: `${at.path}/after` }, message),
      ...arrowProblems(timeout.next, { ...at, path: `${at.path}/next` }, stepIds),
    ]
  }
  return [
    ...durationProblems(timeout.after, { ...at, path: `${at.path}/after` }, { context: 'missing', message }),
    ...arrowProblems(timeout.next, { ...at, path: `${at.path}/next` }, stepIds),
  ]
}
