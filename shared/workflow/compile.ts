/** From the drawn document to the plan the engine runs, or everything that stands in the way. */
import { dependenciesOf } from '../condition/dependencies.ts'
import type { Condition } from '../condition/schema.ts'
import type { StepNo } from '../ids.ts'
import { checkWorkflow, isError } from './check.ts'
import type { WorkflowDocument, WorkflowSettings } from './document.ts'
import { isBlank } from './draft.ts'
import { durationOf } from './durations.ts'
import type { CheckContext } from './kind.ts'
import { stepKindOf, triggerKindOf } from './kinds.ts'
import type { Plan, PlanSettings, PlanStep, PlanTrigger } from './plan.ts'
import type { Problem } from './problem.ts'
import { toStepNo } from './step-no.ts'

export type CompileContext = CheckContext & {
  /** A number for each step id, stable over versions and never reused. */
  numbers: Readonly<Record<string, number>>
}
export type CompiledWorkflow =
  | { ok: true; plan: Plan /** Warnings only. */; problems: Problem[] }
  | { ok: false; problems: Problem[] }

/** @throws RangeError when `numbers` lacks a step: a bug of the caller, never the document's fault */
export function compileWorkflow(doc: WorkflowDocument, context: CompileContext): CompiledWorkflow {
  const problems = checkWorkflow(doc, context)
  if (doc.start === null || problems.some(isError)) return { ok: false, problems }
  const numberOf = (id: string): StepNo => {
    const no = Object.hasOwn(context.numbers, id) ? context.numbers[id] : undefined
    if (no === undefined) throw new RangeError(`expected a number for the step ${JSON.stringify(id)}`)
    return toStepNo(no)
  }
  const steps = doc.steps.map((step) => {
    const kind = stepKindOf(step.kind)
    if (kind === null) throw new RangeError(`expected a checked kind, got ${JSON.stringify(step.kind)}`)
    const next = (target: string | null | undefined) => (isBlank(target) ? null : numberOf(String(target)))
    return kind.toPlan(step, { no: numberOf(step.id), next })
  })
  const triggers = doc.triggers.map((trigger) => {
    const kind = triggerKindOf(trigger.kind)
    if (kind === null) throw new RangeError(`expected a checked kind, got ${JSON.stringify(trigger.kind)}`)
    return kind.toPlan(trigger)
  })
  const settings = planSettings(doc.settings)
  const plan: Plan = {
    format: 'perennial.plan/1',
    settings,
    triggers,
    start: numberOf(doc.start),
    steps,
    exitDependencies: dependenciesOf(settings.exitWhen, settings.goal?.when ?? null),
    dependencies: dependenciesOf(...conditionsOf(settings, steps, triggers)),
  }
  return { ok: true, plan, problems }
}

/** Only for settings that were checked. */
function planSettings(settings: WorkflowSettings): PlanSettings {
  const { messageClass, timezone, reentry, concurrency, audience, exitWhen, goal, maxLateness } = settings
  return {
    messageClass,
    timezone: timezone === 'workspace' ? null : timezone,
    reentry,
    reentryEvery: typeof reentry === 'object' ? durationOf(reentry.every) : null,
    concurrency,
    audience: audience ?? null,
    exitWhen: exitWhen ?? null,
    goal: goal ? { when: goal.when, within: goal.within ? durationOf(goal.within) : null } : null,
    maxLateness: durationOf(maxLateness),
  }
}

function conditionsOf(
  settings: PlanSettings,
  steps: readonly PlanStep[],
  triggers: readonly PlanTrigger[],
): (Condition | null)[] {
  return [
    settings.audience,
    settings.exitWhen,
    settings.goal?.when ?? null,
    ...triggers.map((trigger) => (trigger.kind === 'event' ? trigger.where : null)),
    ...steps.flatMap((step) => ('paths' in step ? step.paths.map((path) => path.when) : [])),
  ]
}
