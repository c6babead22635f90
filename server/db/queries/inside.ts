/** Who is inside a workflow, by the version they run on: from the counters, so it costs nothing per person. */
import { sql } from 'kysely'
import type { WorkflowId } from '../../../shared/ids.ts'
import { textStartsWith } from '../dialect.ts'
import type { Db } from '../open.ts'
import { versionNames } from './versions.ts'

export type InsideStep = { version: number; stepId: string; title: string; kind: string; people: number }

/** Entered less those who passed or left, per version and step; steps where nobody is are left out. */
export async function peopleInside(db: Db, id: WorkflowId): Promise<InsideStep[]> {
  const rows = await db.sql
    .selectFrom('step_stat')
    .select(['version', 'step_no'])
    .select(
      sql<number>`sum(CASE WHEN metric = 'entered' THEN n
        WHEN metric = 'passed' OR ${textStartsWith(db.dialect, sql.ref('metric'), 'exited:')} THEN -n ELSE 0 END)`.as(
        'people',
      ),
    )
    .where('workflow_id', '=', id)
    .where('step_no', '>', 0)
    .groupBy(['version', 'step_no'])
    .orderBy('version', 'desc')
    .orderBy('step_no')
    .execute()
  const names = versionNames(db)
  const inside: InsideStep[] = []
  for (const { version, step_no, people } of rows) {
    const step = (await names(id, version)).steps.get(step_no)
    if (Number(people) <= 0 || step === undefined) continue
    inside.push({ version, stepId: step.id, title: step.title, kind: step.kind, people: Number(people) })
  }
  return inside
}
