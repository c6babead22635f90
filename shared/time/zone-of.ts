/** Whose time counts for one person: their own zone, else the workflow's, else the workspace's, else UTC. */
import { isZone } from './zones.ts'

export type ZoneChoice = { zone: string; source: 'contact' | 'workflow' | 'workspace' | 'utc' }

/** A name the runtime does not know is passed over, so that one bad contact stops nobody. */
export function zoneOf(names: {
  contact: string | null
  workflow: string | null
  workspace: string | null
}): ZoneChoice {
  if (names.contact !== null && isZone(names.contact)) return { zone: names.contact, source: 'contact' }
  if (names.workflow !== null && isZone(names.workflow)) return { zone: names.workflow, source: 'workflow' }
  if (names.workspace !== null && isZone(names.workspace)) return { zone: names.workspace, source: 'workspace' }
  return { zone: 'UTC', source: 'utc' }
}
