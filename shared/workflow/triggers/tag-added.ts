/** Starts an enrollment when a contact gets this tag and did not have it before. */
import { z } from 'zod'
import { requiredText, schemaProblems } from '../findings.ts'
import type { TriggerKind } from '../kind.ts'
import { stepBase } from '../step-base.ts'

const schema = z.strictObject({ ...stepBase, kind: z.literal('tag-added'), tag: z.string().min(1).max(100) })

export const tagAddedTrigger: TriggerKind = {
  kind: 'tag-added',
  schema,
  defaults: () => ({ tag: null }),
  problems(trigger, _doc, context) {
    const at = { stepId: null, path: context.path }
    const found = requiredText(
      trigger.tag,
      { ...at, path: `${at.path}/tag` },
      { context: 'tag', missing: 'Say which tag starts this workflow, for example "vip".', max: 100 },
    )
    return [...found, ...schemaProblems(schema, trigger, at, found)]
  },
  toPlan(trigger) {
    const { id, tag } = schema.parse(trigger)
    return { kind: 'tag-added', id, tag }
  },
}
