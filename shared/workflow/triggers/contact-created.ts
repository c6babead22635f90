/** Starts an enrollment when a contact comes into being: by PUT, by an event for a new address, by an import that says so. */
import { z } from 'zod'
import { schemaProblems } from '../findings.ts'
import type { TriggerKind } from '../kind.ts'
import { stepBase } from '../step-base.ts'

const schema = z.strictObject({ ...stepBase, kind: z.literal('contact-created') })

export const contactCreatedTrigger: TriggerKind = {
  kind: 'contact-created',
  schema,
  defaults: () => ({}),
  problems: (trigger, _doc, context) => schemaProblems(schema, trigger, { stepId: null, path: context.path }, []),
  toPlan: (trigger) => ({ kind: 'contact-created', id: schema.parse(trigger).id }),
}
