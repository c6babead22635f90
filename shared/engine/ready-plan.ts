/** A plan with its steps by number: made once per cached plan, read at every activation. */
import type { Plan, PlanStep } from '../workflow/plan.ts'

export type ReadyPlan = { plan: Plan; steps: ReadonlyMap<number, PlanStep> }

export function readyPlan(plan: Plan): ReadyPlan {
  return { plan, steps: new Map(plan.steps.map((step) => [step.no, step])) }
}
