/** Lets people be added by hand, by "Add people" or by the API. */
import { z } from 'zod'
import { schemaProblems } from '../findings.ts'
import type { TriggerKind } from '../kind.ts'
import { stepBase } from '../step-base.ts'

const schema = z.strictObject({ ...stepBase, kind: z.literal('manual') })

export const manualTrigger: TriggerKind = {
  kind: 'manual',
  schema,
  defaults: () => ({}),
  problems: (trigger, _doc, context) => schemaProblems(schema, trigger, { stepId: null, path: context.path }, []),
  toPlan: (trigger) => ({ kind: 'manual', id: schema.parse(trigger).id }),
}
