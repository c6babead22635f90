/** Everything that is wrong with a workflow, at once and as values. Takes any draft: an unfinished field is a problem, never a crash. */
import type { DrawnStep, DrawnTrigger, WorkflowDocument } from './document.ts'
import { show } from './draft.ts'
import { emailProblems } from './email-problems.ts'
import { error } from './findings.ts'
import { graphProblems } from './graph-problems.ts'
import type { CheckContext, KindContext } from './kind.ts'
import { stepKindOf, stepKinds, triggerKindOf, triggerKinds } from './kinds.ts'
import type { Problem } from './problem.ts'
import { senderProblems, settingsProblems } from './settings-problems.ts'

export type { CheckContext } from './kind.ts'

/** Errors first, then warnings; within each, in the order of the document. */
export function checkWorkflow(doc: WorkflowDocument, context: CheckContext): Problem[] {
  const stepIds = new Set(doc.steps.map((step) => step.id))
  const shared = { ...context, stepIds, emailKeys: Object.keys(doc.emails) }
  const found = [
    ...graphProblems(doc),
    ...doc.triggers.flatMap((trigger, index) =>
      triggerProblems(trigger, doc, { ...shared, path: `triggers/${index}` }),
    ),
    ...doc.steps.flatMap((step, index) => stepProblems(step, doc, { ...shared, path: `steps/${index}` })),
    ...emailProblems(doc),
    ...settingsProblems(doc, context),
    ...senderProblems(doc, context),
  ]
  return [...found.filter(isError), ...found.filter((problem) => !isError(problem))]
}

export const isError = (problem: Problem): boolean => problem.severity === 'error'

function stepProblems(step: DrawnStep, doc: WorkflowDocument, context: KindContext): Problem[] {
  const kind = stepKindOf(step.kind)
  if (kind !== null) return kind.problems(step, doc, context)
  return [unknownKind('step', step.kind, Object.keys(stepKinds), { stepId: step.id, path: `${context.path}/kind` })]
}

function triggerProblems(trigger: DrawnTrigger, doc: WorkflowDocument, context: KindContext): Problem[] {
  const kind = triggerKindOf(trigger.kind)
  if (kind !== null) return kind.problems(trigger, doc, context)
  return [
    unknownKind('trigger', trigger.kind, Object.keys(triggerKinds), { stepId: null, path: `${context.path}/kind` }),
  ]
}

function unknownKind(
  what: 'step' | 'trigger',
  kind: string,
  known: readonly string[],
  at: { stepId: string | null; path: string },
): Problem {
  const message = `There is no kind of ${what} called ${show(kind)}; known are ${known.join(', ')}.`
  return error('unknown-kind', at, message, { found: kind, known: known.join(', '), context: what })
}

/** What a problem belongs to, so that a click on it can lead there. */
export type ProblemPlace =
  | { kind: 'step'; id: string }
  | { kind: 'trigger'; id: string }
  | { kind: 'email'; key: string; stepId: string | null }
  | { kind: 'settings' }
  | { kind: 'workflow' }

export function placeOf(problem: Pick<Problem, 'path' | 'stepId'>, doc: WorkflowDocument): ProblemPlace {
  const [room, name] = problem.path.split('/')
  if (room === 'emails' && name !== undefined) return { kind: 'email', key: name, stepId: problem.stepId }
  if (problem.stepId !== null) return { kind: 'step', id: problem.stepId }
  const trigger = room === 'triggers' ? doc.triggers[Number(name)] : undefined
  if (trigger !== undefined) return { kind: 'trigger', id: trigger.id }
  return room === 'settings' ? { kind: 'settings' } : { kind: 'workflow' }
}
