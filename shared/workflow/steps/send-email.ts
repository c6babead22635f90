/** Sends one email of this workflow to the person, then goes on at once. */
import { z } from 'zod'
import { asStepId } from '../../ids.ts'
import { emailOf, isBlank, show, textOf, titleOf } from '../draft.ts'
import { arrowProblems, error, schemaProblems } from '../findings.ts'
import type { StepKind } from '../kind.ts'
import { type AfterOne, afterOne, stepBase } from '../step-base.ts'

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('send-email'),
  email: z.string().min(1).max(64),
  next: afterOne.schema,
})

export const sendEmail: StepKind & AfterOne = {
  kind: 'send-email',
  family: 'message',
  schema,
  defaults: () => ({ email: null, next: null }),
  ...afterOne.ports,
  takesTime: () => false,
  problems(step, doc, context) {
    const at = { stepId: step.id, path: `${context.path}/email` }
    const found = arrowProblems(step.next, { ...at, path: `${context.path}/next` }, context.stepIds)
    if (isBlank(step.email)) {
      found.push(error('no-email', at, 'This step has no email yet. Write one, or choose one of this workflow.'))
    } else if (emailOf(doc, step.email) === null) {
      const known = context.emailKeys.join(', ') || 'none'
      const message = `Sends the email ${show(step.email)}, which this workflow does not have (it has: ${known}).`
      found.push(error('unknown-email', at, message, { found: textOf(step.email) ?? show(step.email), known }))
    }
    return [...found, ...schemaProblems(schema, step, { ...at, path: context.path }, found)]
  },
  toPlan(step, tools) {
    const { id, email, next } = schema.parse(step)
    return { kind: 'send-email', no: tools.no, id: asStepId(id), title: titleOf(step), email, next: tools.next(next) }
  },
}
