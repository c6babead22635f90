/** Published plans, read once per process: a version never changes. Which version is live may; `forget` after a change. */

import { readyPlan } from '../../shared/engine/advance.ts'
import type { StepNo, WorkflowId } from '../../shared/ids.ts'
import { fromColumn } from '../../shared/ids.ts'
import type { Plan, PlanStep } from '../../shared/workflow/plan.ts'
import { type CurrentPause, type EndedPause, readPauses } from './pauses.ts'
import type { Tx } from './transact.ts'

export type Ready = { plan: Plan; ready: ReturnType<typeof readyPlan>; stepOf(no: StepNo): PlanStep | undefined }
export type LiveWorkflow = Ready & { id: WorkflowId; version: number }
export type LiveMap = {
  /** Live workflows, each with its live version. */
  byId: ReadonlyMap<WorkflowId, LiveWorkflow>
  /** Name of an event to the workflows it starts. */
  byEvent: ReadonlyMap<string, readonly LiveWorkflow[]>
  /** Workflows that a new contact starts. */
  byCreation: readonly LiveWorkflow[]
  /** A tag to the workflows that getting it starts. */
  byTag: ReadonlyMap<string, readonly LiveWorkflow[]>
  /** Since when, and by which pause: nobody in them moves but by leaving, and their mail is held. */
  paused: ReadonlyMap<WorkflowId, CurrentPause>
  /** The last pause of each workflow that was resumed since. */
  resumed: ReadonlyMap<WorkflowId, EndedPause>
  /** Archived workflows: people inside leave at their next activation. */
  archived: ReadonlySet<WorkflowId>
}

export type Plans = {
  version(tx: Tx, workflowId: WorkflowId, version: number): Promise<Ready>
  live(tx: Tx): Promise<LiveMap>
  /** Something about workflows was written: read `live` anew. Also call it when that transaction fails. */
  forget(): void
}

export function createPlans(): Plans {
  const versions = new Map<string, Ready>()
  let live: LiveMap | null = null

  async function version(tx: Tx, workflowId: WorkflowId, number: number): Promise<Ready> {
    const key = `${workflowId}/${number}`
    const cached = versions.get(key)
    if (cached !== undefined) return cached
    const row = await tx.sql
      .selectFrom('workflow_version')
      .select('plan')
      .where('workflow_id', '=', workflowId)
      .where('version', '=', number)
      .executeTakeFirstOrThrow()
    const plan = JSON.parse(row.plan) as Plan
    const steps = new Map(plan.steps.map((step) => [step.no, step]))
    const ready: Ready = { plan, ready: readyPlan(plan, String(workflowId)), stepOf: (no) => steps.get(no) }
    versions.set(key, ready)
    return ready
  }

  async function readLive(tx: Tx): Promise<LiveMap> {
    const rows = await tx.sql
      .selectFrom('workflow')
      .select(['id', 'status', 'live_version'])
      .where('status', 'in', ['live', 'archived'])
      .orderBy('id')
      .execute()
    const byId = new Map<WorkflowId, LiveWorkflow>()
    const byEvent = new Map<string, LiveWorkflow[]>()
    const byTag = new Map<string, LiveWorkflow[]>()
    const archived = new Set<WorkflowId>()
    for (const row of rows) {
      const id = fromColumn<WorkflowId>(row.id)
      if (row.status === 'archived') archived.add(id)
      if (row.status !== 'live' || row.live_version === null) continue
      const workflow = { id, version: row.live_version, ...(await version(tx, id, row.live_version)) }
      byId.set(id, workflow)
      for (const event of eventsThatStart(workflow.plan)) append(byEvent, event, workflow)
      for (const tag of tagsThatStart(workflow.plan)) append(byTag, tag, workflow)
    }
    const byCreation = [...byId.values()].filter(({ plan }) =>
      plan.triggers.some((trigger) => trigger.kind === 'contact-created'),
    )
    return { byId, byEvent, byCreation, byTag, archived, ...(await readPauses(tx)) }
  }

  return {
    version,
    async live(tx) {
      live ??= await readLive(tx)
      return live
    },
    forget() {
      live = null
    },
  }
}

function eventsThatStart(plan: Plan): Set<string> {
  return new Set(plan.triggers.flatMap((trigger) => (trigger.kind === 'event' ? [trigger.event] : [])))
}

function tagsThatStart(plan: Plan): Set<string> {
  return new Set(plan.triggers.flatMap((trigger) => (trigger.kind === 'tag-added' ? [trigger.tag] : [])))
}

function append(map: Map<string, LiveWorkflow[]>, key: string, workflow: LiveWorkflow): void {
  const others = map.get(key)
  if (others === undefined) map.set(key, [workflow])
  else others.push(workflow)
}
