/** The arms of a split: their weights as shares that add up, and the edits the panel makes. Pure. */
import type { DrawnStep, WorkflowDocument } from '../../shared/workflow/document.ts'
import { isRecord, listOf, textOf } from '../../shared/workflow/draft.ts'
import { changeStep } from '../../shared/workflow/edit.ts'

/** An arm as drawn; a draft may hold anything, so `weight` is 0 where none can be read. */
export type DrawnArm = { id: string; label: string; weight: number; next: string | null }

/** Shares are shown in tenths of a percent. */
const TENTHS = 1_000

export function armsOf(step: DrawnStep): DrawnArm[] {
  return listOf(step.arms).flatMap((arm) => {
    const id = isRecord(arm) ? textOf(arm.id) : null
    if (!isRecord(arm) || id === null) return []
    const weight = typeof arm.weight === 'number' && Number.isFinite(arm.weight) && arm.weight > 0 ? arm.weight : 0
    return [{ id, label: textOf(arm.label) ?? '', weight, next: textOf(arm.next) }]
  })
}

/**
 * Weights as parts of one that add up to exactly one at a tenth of a percent: what rounding leaves over goes to those it took
 * most from. Weights that are all 0 have no shares.
 */
export function sharesOf(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  if (total <= 0) return weights.map(() => 0)
  const exact = weights.map((weight) => (weight / total) * TENTHS)
  const whole = exact.map(Math.floor)
  const missing = TENTHS - whole.reduce((sum, part) => sum + part, 0)
  const byLoss = exact.map((part, index) => ({ index, loss: part - Math.floor(part) }))
  byLoss.sort((a, b) => b.loss - a.loss || a.index - b.index)
  const raised = new Set(byLoss.slice(0, missing).map(({ index }) => index))
  return whole.map((part, index) => (part + (raised.has(index) ? 1 : 0)) / TENTHS)
}

/** The share of one arm, by its id; null when the step has no such arm or no weights. */
export function shareOf(step: DrawnStep, armId: string): number | null {
  const arms = step.kind === 'split' ? armsOf(step) : []
  const index = arms.findIndex((arm) => arm.id === armId)
  const share = sharesOf(arms.map((arm) => arm.weight))[index]
  return share === undefined || arms.every((arm) => arm.weight === 0) ? null : share
}

/** A new arm weighs as much as those there on average, so that equal arms stay equal. */
export function addArm(doc: WorkflowDocument, stepId: string, id: string): WorkflowDocument {
  return changeArms(doc, stepId, (arms) => {
    const weights = arms.flatMap((arm) => (isRecord(arm) && typeof arm.weight === 'number' ? [arm.weight] : []))
    const average = weights.length === 0 ? 1 : weights.reduce((sum, weight) => sum + weight, 0) / weights.length
    return [...arms, { id, label: '', weight: Math.round(average * 1_000) / 1_000 || 1, next: null }]
  })
}

export function updateArm(
  doc: WorkflowDocument,
  stepId: string,
  armId: string,
  fields: Readonly<{ label?: string; weight?: number }>,
): WorkflowDocument {
  return changeArms(doc, stepId, (arms) => {
    const index = arms.findIndex((arm) => isRecord(arm) && arm.id === armId)
    const arm = arms[index]
    const isSame = isRecord(arm) && Object.entries(fields).every(([field, value]) => arm[field] === value)
    return !isRecord(arm) || isSame ? arms : arms.with(index, { ...arm, ...fields })
  })
}

export function removeArm(doc: WorkflowDocument, stepId: string, armId: string): WorkflowDocument {
  return changeArms(doc, stepId, (arms) => {
    const kept = arms.filter((arm) => !isRecord(arm) || arm.id !== armId)
    return kept.length === arms.length ? arms : kept
  })
}

function changeArms(
  doc: WorkflowDocument,
  stepId: string,
  change: (arms: readonly unknown[]) => readonly unknown[],
): WorkflowDocument {
  return changeStep(doc, stepId, (step) => {
    if (step.kind !== 'split') return step
    const arms = listOf(step.arms)
    const changed = change(arms)
    return changed === arms ? step : { ...step, arms: changed }
  })
}
