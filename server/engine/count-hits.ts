/** The counters that follow opens and clicks, whoever turns out to have made them. */
import { sql } from 'kysely'
import type { MessageId } from '../../shared/ids.ts'
import type { OpenMessage } from '../db/hot/store.ts'
import type { Moment } from './context.ts'

const METRICS = ['opened', 'clicked', 'openedMachine', 'clickedMachine'] as const

/** A message counts once as opened and once as clicked, people and machines apart: whatever `change` does, the counters follow. */
export async function recounted(moment: Moment, message: OpenMessage, change: () => Promise<void>): Promise<void> {
  const before = await countsOf(moment, message.id)
  await change()
  const after = await countsOf(moment, message.id)
  if (message.stepNo === null) return
  const step = { workflowId: message.workflowId, version: message.version, stepNo: message.stepNo }
  for (const metric of METRICS) {
    const delta = (after.has(metric) ? 1 : 0) - (before.has(metric) ? 1 : 0)
    if (delta !== 0) moment.counters.add(step, message.arrivedHour, metric, delta)
  }
}

async function countsOf({ tx }: Moment, id: MessageId): Promise<ReadonlySet<string>> {
  const rows = await tx.sql
    .selectFrom('message_event')
    .select(['kind', 'machine'])
    .distinct()
    .where('message_id', '=', id)
    .where('kind', 'in', ['opened', 'clicked'])
    .where(sql<boolean>`held_until IS NULL`)
    .execute()
  return new Set(rows.map(({ kind, machine }) => (machine === 1 ? `${kind}Machine` : kind)))
}
