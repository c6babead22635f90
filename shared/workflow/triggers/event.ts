/** Starts an enrollment when an event of this name is recorded for a contact. */
import { z } from 'zod'
import { conditionSchema } from '../../condition/schema.ts'
import { conditionProblems, requiredText, schemaProblems } from '../findings.ts'
import type { TriggerKind } from '../kind.ts'
import { stepBase } from '../step-base.ts'

const schema = z.strictObject({
  ...stepBase,
  kind: z.literal('event'),
  event: z.string().min(1).max(200),
  where: conditionSchema.nullish(),
})

export const eventTrigger: TriggerKind = {
  kind: 'event',
  schema,
  defaults: () => ({ event: null, where: null }),
  problems(trigger, _doc, context) {
    const at = { stepId: null, path: context.path }
    const found = [
      ...requiredText(
        trigger.event,
        { ...at, path: `${at.path}/event` },
        { context: 'event', missing: 'Say which event starts this workflow, for example "Signed up".', max: 200 },
      ),
      ...conditionProblems(trigger.where, {
        stepId: null,
        path: `${at.path}/where`,
        attributes: context.attributes,
        emailKeys: context.emailKeys,
      }),
    ]
    return [...found, ...schemaProblems(schema, trigger, at, found)]
  },
  toPlan(trigger) {
    const { id, event, where } = schema.parse(trigger)
    return { kind: 'event', id, event, where: where ?? null }
  },
}
