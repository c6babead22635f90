/** What rows of the engine refer to by number, in the words of the version they ran on. */
import { z } from 'zod'
import type { WorkflowId } from '../../../shared/ids.ts'
import type { Db } from '../open.ts'

export type StepName = { id: string; title: string; kind: string }
export type VersionNames = { name: string; steps: ReadonlyMap<number, StepName> }

const planNames = z.object({
  steps: z.array(z.object({ no: z.number(), id: z.string(), title: z.string().default(''), kind: z.string() })),
})
const documentName = z.object({ name: z.string() })

/** Looks each version up once; versions are immutable. */
export function versionNames(db: Db): (workflowId: number, version: number) => Promise<VersionNames> {
  const known = new Map<string, Promise<VersionNames>>()
  return (workflowId, version) => {
    const key = `${workflowId}.${version}`
    const found = known.get(key) ?? readNames(db, workflowId, version)
    known.set(key, found)
    return found
  }
}

async function readNames(db: Db, workflowId: number, version: number): Promise<VersionNames> {
  const row = await db.sql
    .selectFrom('workflow_version')
    .select(['plan', 'document'])
    .where('workflow_id', '=', workflowId)
    .where('version', '=', version)
    .executeTakeFirst()
  if (row === undefined) return { name: '', steps: new Map() }
  const { steps } = planNames.parse(JSON.parse(row.plan))
  const { name } = documentName.parse(JSON.parse(row.document))
  return { name, steps: new Map(steps.map((step) => [step.no, { id: step.id, title: step.title, kind: step.kind }])) }
}

/** The number of a step id, also of one that is in no version any more. */
export async function stepNoOf(db: Db, workflowId: WorkflowId, stepId: string): Promise<number | null> {
  const row = await db.sql
    .selectFrom('workflow_step')
    .select('no')
    .where('workflow_id', '=', workflowId)
    .where('step_id', '=', stepId)
    .executeTakeFirst()
  return row?.no ?? null
}

export async function stepIds(db: Db, workflowId: WorkflowId): Promise<ReadonlyMap<number, string>> {
  const rows = await db.sql
    .selectFrom('workflow_step')
    .select(['no', 'step_id'])
    .where('workflow_id', '=', workflowId)
    .execute()
  return new Map(rows.map((row) => [row.no, row.step_id]))
}

/** One entry of an enrollment's log, as the engine wrote it. */
export const pathEntry = z.object({
  step: z.number(),
  at: z.number(),
  outcome: z.string(),
  path: z.string().optional(),
  why: z.string(),
  until: z.number().optional(),
  seen: z.array(z.object({ what: z.string(), value: z.json(), holds: z.boolean() })).optional(),
})
export type LoggedStep = z.infer<typeof pathEntry>
export const readPath = (text: string): LoggedStep[] => z.array(pathEntry).parse(JSON.parse(text))
