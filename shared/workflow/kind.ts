/** What every kind of step and trigger must tell about itself: one file per kind in steps/ and triggers/, listed in kinds.ts. */
import type { z } from 'zod'
import type { StepNo } from '../ids.ts'
import type { DrawnStep, DrawnTrigger, WorkflowDocument } from './document.ts'
import type { PlanStep, PlanTrigger } from './plan.ts'
import type { Problem } from './problem.ts'

export type StepKindName = PlanStep['kind']
export type TriggerKindName = PlanTrigger['kind']
/** Decides colour and shape of the card. */
export type StepFamily = 'message' | 'time' | 'logic' | 'action' | 'end'
export type AttributeType = 'text' | 'number' | 'boolean' | 'date'
export type DraftFields = Readonly<Record<string, unknown>>

/** One way out of a step. `port` is `next`, `timeout`, `otherwise` or the id of a path; `label` is what people called the path. */
export type Out = { port: string; label: string | null; next: string | null }

/** What checking needs to know besides the document. */
export type CheckContext = {
  attributes: Readonly<Record<string, AttributeType>>
  sender: { email: string; postalAddress: string } | null
}

/** The same, with what is known about the place being checked. */
export type KindContext = CheckContext & {
  /** Where the step or trigger stands, e.g. `steps/2`. */
  path: string
  stepIds: ReadonlySet<string>
  emailKeys: readonly string[]
}

export type PlanTools = {
  no: StepNo
  /** The number of the step an arrow leads to; null ends the enrollment. */
  next(target: string | null | undefined): StepNo | null
}

export type StepKind = {
  kind: StepKindName
  family: StepFamily
  /** Strict: what a step must be at publish. Drafts may hold anything. */
  schema: z.ZodType
  /** The fields of a step fresh from the palette, complete but for what only a person can say. */
  defaults(): DraftFields
  /** Every way out, in drawing order. Takes any draft. */
  outs(step: DrawnStep): readonly Out[]
  /** The port that carries on when a step is inserted on an arrow; null: nothing comes after it. */
  main: string | null
  /** Lead `port` to `target`. The same object when nothing changes or there is no such port. */
  connect(step: DrawnStep, port: string, target: string | null): DrawnStep
  /** Does leaving by this port always take time? A circle without such an arrow would never rest. */
  takesTime(step: DrawnStep, port: string): boolean
  problems(step: DrawnStep, doc: WorkflowDocument, context: KindContext): Problem[]
  /** Only for a step without errors. @throws z.ZodError otherwise */
  toPlan(step: DrawnStep, tools: PlanTools): PlanStep
}

export type TriggerKind = {
  kind: TriggerKindName
  schema: z.ZodType
  defaults(): DraftFields
  problems(trigger: DrawnTrigger, doc: WorkflowDocument, context: KindContext): Problem[]
  toPlan(trigger: DrawnTrigger): PlanTrigger
}
