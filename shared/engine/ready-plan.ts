/** A plan with its steps by number: made once per cached plan, read at every activation. */
import type { Plan, PlanStep } from '../workflow/plan.ts'

export type ReadyPlan = {
  plan: Plan
  steps: ReadonlyMap<number, PlanStep>
  /** Of its splits: the id of the workflow, so that two workflows with the same step ids deal people differently. */
  salt: string
}

export function readyPlan(plan: Plan, salt = ''): ReadyPlan {
  return { plan, steps: new Map(plan.steps.map((step) => [step.no, step])), salt }
}
