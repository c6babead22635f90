/** Imports: begin, end, cancel. The reader sends the rows in chunks (import-chunk.ts). */
import { notFound } from '../../shared/errors.ts'
import { fromColumn, type ImportId } from '../../shared/ids.ts'
import type { Moment } from '../engine/context.ts'
import type { CommandInput, CommandOutput } from './contract.ts'

export async function createImport(
  { tx, now }: Moment,
  input: CommandInput<'create-import'>,
): Promise<CommandOutput<'create-import'>> {
  const row = await tx.sql
    .insertInto('import')
    .values({
      status: 'running',
      file_name: input.fileName,
      path: input.path,
      size_bytes: input.sizeBytes,
      options: JSON.stringify(input.options),
      rows: 0,
      created_count: 0,
      updated_count: 0,
      duplicates: 0,
      rejected: 0,
      warnings: '[]',
      problem: null,
      read_bytes: 0,
      created_at: now,
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id: fromColumn<ImportId>(row.id) }
}

/** @throws 404 */
export async function findImport({ tx }: Moment, id: ImportId) {
  const row = await tx.sql.selectFrom('import').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) throw notFound('import', id)
  return row
}

/** A cancelled import stays cancelled. */
export async function finishImport(moment: Moment, input: CommandInput<'finish-import'>): Promise<null> {
  const row = await findImport(moment, input.id)
  if (row.status === 'cancelled') return null
  await moment.tx.sql
    .updateTable('import')
    .set({
      status: input.status,
      warnings: JSON.stringify(input.warnings),
      problem: input.problem,
      finished_at: moment.now,
      ...(input.status === 'completed' ? { read_bytes: row.size_bytes } : {}),
    })
    .where('id', '=', input.id)
    .execute()
  return null
}

/** What was written stays. Safe to repeat, and after the end. */
export async function cancelImport(moment: Moment, input: CommandInput<'cancel-import'>): Promise<null> {
  await findImport(moment, input.id)
  await moment.tx.sql
    .updateTable('import')
    .set({ status: 'cancelled', finished_at: moment.now })
    .where('id', '=', input.id)
    .where('status', 'in', ['waiting', 'running'])
    .execute()
  return null
}

/** Deleting 500,000 rows at once would keep everybody waiting for half a second. */
const FORGOTTEN_AT_ONCE = 5_000

/** Whom an import met is known while it runs, to count the same person twice. Safe to repeat. */
export async function forgetImported(
  { tx }: Moment,
  { id }: CommandInput<'forget-imported'>,
): Promise<CommandOutput<'forget-imported'>> {
  return { left: (await tx.store.forgetImported(id, FORGOTTEN_AT_ONCE)) === FORGOTTEN_AT_ONCE }
}
