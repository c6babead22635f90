/** Why each step of one enrollment did what it did. */
import type { Explain } from '../../../shared/api/workflows.ts'
import { type EnrollmentId, toApiId } from '../../../shared/ids.ts'
import type { Db } from '../open.ts'
import { stepItem } from './journal.ts'
import { iso, isoOrNull } from './page.ts'
import { readPath, versionNames } from './versions.ts'

export async function explainEnrollment(db: Db, id: EnrollmentId): Promise<Explain | null> {
  const row = await db.sql.selectFrom('enrollment').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return null
  const version = await versionNames(db)(row.workflow_id, row.version)
  const log = await db.sql
    .selectFrom('enrollment_log')
    .select(['seq', 'path'])
    .where('part', '=', row.part)
    .where('contact_id', '=', row.contact_id)
    .where('enrollment_id', '=', id)
    .orderBy('seq')
    .execute()
  const messages = await db.sql
    .selectFrom('message')
    .select(['id', 'seq', 'step_no', 'status', 'reason'])
    .where('part', '=', row.part)
    .where('enrollment_id', '=', id)
    .execute()
  return {
    enrollment: {
      id: toApiId(row.id),
      contactId: toApiId(row.contact_id),
      workflowId: toApiId(row.workflow_id),
      version: row.version,
      status: row.status,
      stepId: version.steps.get(row.step_no)?.id ?? '',
      dueAt: isoOrNull(row.due_at),
      enteredAt: iso(row.entered_at),
      endReason: row.end_reason,
    },
    steps: log.flatMap(({ seq, path }) =>
      readPath(path).map((entry) => {
        const { kind: _, stepKind, ...item } = stepItem(entry, version)
        const message = messages.find((candidate) => candidate.seq === seq && candidate.step_no === entry.step)
        return {
          ...item,
          kind: stepKind,
          at: iso(entry.at),
          ...(message === undefined
            ? {}
            : { message: { id: toApiId(message.id), status: message.status, reason: message.reason } }),
        }
      }),
    ),
  }
}
