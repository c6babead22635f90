/**
 * The one condition language, for segments, branches, triggers, audiences and exits.
 * A comparison with a missing value is false; `not` of it is true.
 */
import { z } from 'zod'
import type { Json } from '../json.ts'

export const OPERATORS = [
  'equals',
  'not-equals',
  'contains',
  'starts-with',
  'greater-than',
  'at-least',
  'less-than',
  'at-most',
  'one-of',
  'before',
  'after',
  'within-last',
  'within-next',
  'exists',
  'missing',
] as const
export type Operator = (typeof OPERATORS)[number]

/** Either a literal or `{ "entry": "cartId" }`, a property of the event that started the enrollment. */
export type ConditionValue = Json | { readonly entry: string }

export type AttributeCondition = { attribute: string; is: Operator; value?: ConditionValue | undefined }
export type PropertyCondition = { property: string; is: Operator; value?: ConditionValue | undefined }
export type EventTimes = { atLeast?: number | undefined; atMost?: number | undefined }
export type EventCondition = {
  event: string
  /** Absent: at least once. */
  times?: EventTimes | undefined
  /** ISO 8601 duration back from now, `since-entry`, or absent: ever. */
  within?: string | undefined
  where?: Condition | null | undefined
}
export type TagCondition = { tag: string }
/** The topic of a consent; `marketing` is built in. True when granted. */
export type ConsentCondition = { consent: string }
export const MESSAGE_DEEDS = ['sent', 'opened', 'clicked', 'replied', 'bounced'] as const
export type MessageDeed = (typeof MESSAGE_DEEDS)[number]
/** `message` is the key of an email of this workflow. Opens and clicks by people only, unless `machine` is true. */
export type MessageCondition = { message: string; did: MessageDeed; machine?: boolean | undefined }
export type AllCondition = { all: readonly Condition[] }
export type AnyCondition = { any: readonly Condition[] }
export type NotCondition = { not: Condition }

export type Condition =
  | AllCondition
  | AnyCondition
  | NotCondition
  | AttributeCondition
  | PropertyCondition
  | EventCondition
  | TagCondition
  | ConsentCondition
  | MessageCondition

const value: z.ZodType<ConditionValue> = z.json() as z.ZodType<ConditionValue>
const name = z.string().min(1).max(200)

/** The strict schema, used at publish; drafts may hold anything. */
export const conditionSchema: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(conditionSchema).min(1).max(100) }),
    z.strictObject({ any: z.array(conditionSchema).min(1).max(100) }),
    z.strictObject({ not: conditionSchema }),
    z.strictObject({ attribute: name, is: z.enum(OPERATORS), value: value.optional() }),
    z.strictObject({ property: name, is: z.enum(OPERATORS), value: value.optional() }),
    z.strictObject({
      event: name,
      times: z
        .strictObject({
          atLeast: z.int().min(0).max(1_000_000).optional(),
          atMost: z.int().min(0).max(1_000_000).optional(),
        })
        .optional(),
      within: z.string().optional(),
      where: conditionSchema.nullable().optional(),
    }),
    z.strictObject({ tag: name }),
    z.strictObject({ consent: name }),
    z.strictObject({ message: name, did: z.enum(MESSAGE_DEEDS), machine: z.boolean().optional() }),
  ]),
)
