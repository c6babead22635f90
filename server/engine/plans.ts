/** Published plans, read once per process: a version never changes. Which version is live may; `forget` after a change. */

import { readyPlan } from '../../shared/engine/advance.ts'
import type { StepNo, WorkflowId } from '../../shared/ids.ts'
import { fromColumn } from '../../shared/ids.ts'
import type { Plan, PlanStep } from '../../shared/workflow/plan.ts'
import type { Tx } from './transact.ts'

export type Ready = { plan: Plan; ready: ReturnType<typeof readyPlan>; stepOf(no: StepNo): PlanStep | undefined }
export type LiveWorkflow = Ready & { id: WorkflowId; version: number }
export type LiveMap = {
  /** Live workflows, each with its live version. */
  byId: ReadonlyMap<WorkflowId, LiveWorkflow>
  /** Name of an event to the workflows it starts. */
  byEvent: ReadonlyMap<string, readonly LiveWorkflow[]>
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
    const ready: Ready = { plan, ready: readyPlan(plan), stepOf: (no) => steps.get(no) }
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
    const archived = new Set<WorkflowId>()
    for (const row of rows) {
      const id = fromColumn<WorkflowId>(row.id)
      if (row.status === 'archived') archived.add(id)
      if (row.status !== 'live' || row.live_version === null) continue
      const workflow = { id, version: row.live_version, ...(await version(tx, id, row.live_version)) }
      byId.set(id, workflow)
      for (const event of eventsThatStart(workflow.plan)) {
        const others = byEvent.get(event)
        if (others === undefined) byEvent.set(event, [workflow])
        else others.push(workflow)
      }
    }
    return { byId, byEvent, archived }
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
