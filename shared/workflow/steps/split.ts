/** Sends each person down one of its arms by a hash of step and contact: the same person always the same way. Takes no time. */
import { z } from 'zod'
import { asStepId } from '../../ids.ts'
import { isRecord, listOf, show, textOf, titleOf } from '../draft.ts'
import { arrowProblems, error, type Place, schemaProblems, under } from '../findings.ts'
import type { KindContext, StepKind } from '../kind.ts'
import { connectPath, pathId, pathOuts } from '../paths.ts'
import type { Problem } from '../problem.ts'
import { next, stepBase } from '../step-base.ts'

const FEWEST_ARMS = 2
const MOST_ARMS = 20
const HEAVIEST = 1_000_000

const armSchema = z.strictObject({
  id: pathId,
  label: z.string().max(100).optional(),
  /** Its share is this part of the sum of all weights; 0 sends nobody. */
  weight: z.number().min(0).max(HEAVIEST),
  next,
})

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('split'),
  arms: z.array(armSchema).min(FEWEST_ARMS).max(MOST_ARMS),
})

export const split: StepKind = {
  kind: 'split',
  family: 'logic',
  schema,
  defaults: () => ({
    arms: [
      { id: 'a', label: 'A', weight: 50, next: null },
      { id: 'b', label: 'B', weight: 50, next: null },
    ],
  }),
  main: 'a',
  outs: (step) => pathOuts(step, 'arms'),
  connect: (step, port, target) => connectPath(step, port, target, 'arms'),
  takesTime: () => false,
  problems(step, _doc, context) {
    const at = { stepId: step.id, path: context.path }
    const found = armProblems(step.arms, under(at, 'arms'), context)
    return [...found, ...schemaProblems(schema, step, at, found)]
  },
  toPlan(step, tools) {
    const { id, arms } = schema.parse(step)
    return {
      kind: 'split',
      no: tools.no,
      id: asStepId(id),
      title: titleOf(step),
      arms: arms.map((arm) => ({
        id: arm.id,
        label: arm.label || arm.id,
        weight: arm.weight,
        next: tools.next(arm.next),
      })),
    }
  },
}

function armProblems(value: unknown, at: Place, context: KindContext): Problem[] {
  const arms = listOf(value)
  if (arms.length < FEWEST_ARMS) {
    const message = 'A split needs two arms at least. Add one and say how many people take it.'
    return [error('no-paths', at, message, { context: 'arms' })]
  }
  if (arms.length > MOST_ARMS) {
    return [error('bad-field', at, `More than ${MOST_ARMS} arms; ${MOST_ARMS} are allowed.`, { field: 'arms' })]
  }
  const seen = new Set<unknown>()
  const found = arms.flatMap((arm, index) => {
    const place = under(at, index)
    if (!isRecord(arm)) {
      return [error('bad-field', place, `Found ${show(arm)}; expected an arm with id, label, weight and next.`)]
    }
    const again = arm.id !== undefined && seen.has(arm.id)
    seen.add(arm.id)
    return [
      ...(again
        ? [error('bad-field', under(place, 'id'), `Two arms share the id ${show(arm.id)}.`, { context: 'path-id' })]
        : []),
      ...weightProblems(arm.weight, under(place, 'weight'), textOf(arm.label) ?? `arm ${index + 1}`),
      ...arrowProblems(arm.next, under(place, 'next'), context.stepIds),
    ]
  })
  if (found.length > 0 || arms.some((arm) => isRecord(arm) && Number(arm.weight) > 0)) return found
  return [error('bad-field', at, 'Every arm weighs 0, so nobody can go on. Give one a weight.', { context: 'weights' })]
}

function weightProblems(weight: unknown, at: Place, arm: string): Problem[] {
  if (typeof weight === 'number' && weight >= 0 && weight <= HEAVIEST) return []
  const message = `The weight of ${JSON.stringify(arm)} is ${show(weight)}; expected a number from 0 to ${HEAVIEST}.`
  return [error('bad-field', at, message, { context: 'weight', field: 'weight', path: arm })]
}
