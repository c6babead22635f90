/** Which arm of a split a contact takes: a hash of (workflow, step, contact), the same on every machine, replay and version. */
import { type ContactId, mix32, type StepId } from '../ids.ts'
import type { PlanArm } from '../workflow/plan.ts'

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash >>> 0
}

/**
 * Where in [0, 1) a contact stands for this split. `salt` is the workflow: the same step id in another workflow deals anew. Mixed twice,
 * so that neither contacts in a row nor salts alike come out alike.
 */
export function placeOf(salt: string, step: StepId, contact: ContactId): number {
  const salted = hashText(`${salt}/${step}`)
  const mixed = mix32((contact ^ salted) >>> 0, Math.floor(contact / 2 ** 32))
  return mix32(mixed, salted) / 2 ** 32
}

/** The arm whose slice holds `place`; arms of weight 0 have none. Null when no arm has a weight. */
export function armAt(arms: readonly PlanArm[], place: number): PlanArm | null {
  const total = arms.reduce((sum, arm) => sum + arm.weight, 0)
  let from = 0
  let last: PlanArm | null = null
  for (const arm of arms) {
    if (arm.weight <= 0) continue
    from += arm.weight
    last = arm
    if (place * total < from) return arm
  }
  return last
}
