/** What an update-contact step writes for one person: its values looked up, those that cannot be written left out and said. */
import type { Facts, Seen } from '../condition/facts.ts'
import type { ValuePatch } from '../contact/patch.ts'
import type { Json } from '../json.ts'
import { isZone } from '../time/zones.ts'
import type { PlanStep, PlanValue } from '../workflow/plan.ts'

const LONGEST_VALUE = 1_000

/** `seen` names what was written, and with `holds: false` what the entry event did not give or what cannot stand there. */
export function patchOf(
  step: Extract<PlanStep, { kind: 'update-contact' }>,
  facts: Facts,
): { patch: ValuePatch; seen: Seen[] } {
  const seen: Seen[] = []
  const attributes: [string, Json][] = []
  const fields: { timezone?: string | null; locale?: string | null } = {}
  for (const { key, value } of step.set) {
    const found = lookedUp(value, facts)
    const isField = key === 'timezone' || key === 'locale'
    const fits = found !== undefined && (isField ? fitsField(key, found) : fitsAttribute(found))
    seen.push({ what: `set:${key}`, value: found ?? null, holds: fits })
    if (!fits) continue
    if (!isField) attributes.push([key, found])
    else if (found === null || typeof found === 'string') fields[key] = found
  }
  for (const tag of step.addTags) seen.push({ what: `add-tag:${tag}`, value: true, holds: true })
  for (const tag of step.removeTags) seen.push({ what: `remove-tag:${tag}`, value: true, holds: true })
  return {
    seen,
    patch: {
      ...fields,
      attributes: Object.fromEntries(attributes),
      ...(step.addTags.length > 0 && { addTags: step.addTags }),
      ...(step.removeTags.length > 0 && { removeTags: step.removeTags }),
    },
  }
}

/** Undefined: the entry event has no such property, so nothing is written. */
function lookedUp(value: PlanValue, { entry }: Facts): Json | undefined {
  if (typeof value !== 'object' || value === null) return value
  const properties = entry?.properties ?? {}
  return Object.hasOwn(properties, value.entry) ? properties[value.entry] : undefined
}

/** Lists and objects are no values of an attribute, and a workflow copies no long texts. */
const fitsAttribute = (value: Json): boolean =>
  value === null ||
  typeof value === 'boolean' ||
  typeof value === 'number' ||
  (typeof value === 'string' && value.length <= LONGEST_VALUE)

const fitsField = (key: 'timezone' | 'locale', value: Json): boolean =>
  value === null || (typeof value === 'string' && (key === 'timezone' ? isZone(value) : value.length <= 35))
