/** The pauses of workflows as rows: which one holds, and how the last one ended. */
import type { CatchUp } from '../../shared/engine/catch-up.ts'
import { fromColumn, type WorkflowId } from '../../shared/ids.ts'
import type { Instant } from '../../shared/time/instant.ts'
import type { Tx } from './transact.ts'

export type CurrentPause = { id: number; pausedAt: Instant }
export type EndedPause = CurrentPause & { resumedAt: Instant; catchUp: CatchUp }

/** The newest pause of every workflow, by whether it still holds. */
export async function readPauses(tx: Tx): Promise<{
  paused: Map<WorkflowId, CurrentPause>
  resumed: Map<WorkflowId, EndedPause>
}> {
  const rows = await tx.sql
    .selectFrom('workflow_pause as p')
    .innerJoin('workflow as w', 'w.id', 'p.workflow_id')
    .select(['p.id', 'p.workflow_id', 'p.paused_at', 'p.resumed_at', 'p.catch_up', 'w.status'])
    .where('p.id', 'in', (newest) =>
      newest
        .selectFrom('workflow_pause')
        .select((eb) => eb.fn.max('id').as('id'))
        .groupBy('workflow_id'),
    )
    .execute()
  const paused = new Map<WorkflowId, CurrentPause>()
  const resumed = new Map<WorkflowId, EndedPause>()
  for (const row of rows) {
    const id = fromColumn<WorkflowId>(row.workflow_id)
    const ended = endedPause(row)
    if (ended !== null) resumed.set(id, ended)
    else if (row.status === 'paused') paused.set(id, { id: row.id, pausedAt: row.paused_at })
  }
  return { paused, resumed }
}

type PauseRow = { id: number; paused_at: number; resumed_at: number | null; catch_up: string | null }

function endedPause({ id, paused_at, resumed_at, catch_up }: PauseRow): EndedPause | null {
  if (resumed_at === null) return null
  const catchUp = catch_up === 'send' || catch_up === 'skip' ? catch_up : 'shift'
  return { id, pausedAt: paused_at, resumedAt: resumed_at, catchUp }
}

/** One pause by its id; null while it holds. */
export async function findEndedPause(tx: Tx, id: number): Promise<EndedPause | null> {
  const row = await tx.sql
    .selectFrom('workflow_pause')
    .select(['id', 'paused_at', 'resumed_at', 'catch_up'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined ? null : endedPause(row)
}

/** From this commit on nobody moves. */
export async function insertPause(tx: Tx, workflowId: WorkflowId, pausedAt: Instant): Promise<void> {
  await tx.sql
    .insertInto('workflow_pause')
    .values({ workflow_id: workflowId, paused_at: pausedAt, resumed_at: null, catch_up: null })
    .execute()
}

export async function endPause(tx: Tx, id: number, resumedAt: Instant, catchUp: CatchUp): Promise<void> {
  await tx.sql
    .updateTable('workflow_pause')
    .set({ resumed_at: resumedAt, catch_up: catchUp })
    .where('id', '=', id)
    .execute()
}
